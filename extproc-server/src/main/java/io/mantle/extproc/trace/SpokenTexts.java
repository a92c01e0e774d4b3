package io.mantle.extproc.trace;

import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What was said, in the form of OpenTelemetry's conventions ({@code gen_ai.input.messages} and
 * {@code gen_ai.output.messages}): messages of a role and a text. Of either dialect's bodies; what
 * is no text (media, calls of tools) is left out. At most {@link #CHARS_MAX} characters are said.
 */
final class SpokenTexts {
  static final int CHARS_MAX = 64 * 1024;

  private static final String DATA = "data:";
  private static final List<String> TEXTS = List.of("content", "text", "output_text", "delta");

  private final StringBuilder messages = new StringBuilder();
  private final StringBuilder said = new StringBuilder();
  private int charsLeft = CHARS_MAX;

  private SpokenTexts() {}

  /** Of a request as it left; nothing of one that cannot be read. */
  static String input(byte[] body) {
    SpokenTexts spoken = new SpokenTexts();
    try {
      JsonDocument document = JsonDocument.parse(body);
      for (String system : List.of("system", "instructions")) {
        spoken.texts(document, document.member(document.root(), system), "\n");
        spoken.end("system");
      }
      for (String asked : List.of("messages", "input", "prompt")) {
        spoken.messages(document, document.member(document.root(), asked));
      }
    } catch (MalformedJsonException e) {
      return "[]";
    }
    return spoken.array();
  }

  /** Of an answer as the provider gave it, whole or in events. */
  static String output(byte[] body) {
    SpokenTexts spoken = new SpokenTexts();
    try {
      spoken.answer(JsonDocument.parse(body), "\n");
    } catch (MalformedJsonException e) {
      new String(body, StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith(DATA))
          .forEach(line -> spoken.event(line.substring(DATA.length())));
    }
    spoken.end("assistant");
    return spoken.array();
  }

  private String array() {
    return "[" + messages + "]";
  }

  private void messages(JsonDocument document, int token) {
    if (token < 0 || document.kind(token) != JsonKind.ARRAY) {
      texts(document, token, "\n");
      end("user");
      return;
    }
    for (int one = document.firstChild(token);
        one < document.after(token);
        one = document.after(one)) {
      int role = document.member(one, "role");
      texts(document, one, "\n");
      end(
          role >= 0 && document.kind(role) == JsonKind.STRING
              ? document.text(role).value()
              : "user");
    }
  }

  private void event(String data) {
    try {
      JsonDocument event = JsonDocument.parse(data.getBytes(StandardCharsets.UTF_8));
      // What is said piece by piece is said once more at the end.
      int type = event.member(event.root(), "type");
      if (type < 0 || event.member(event.root(), "delta") >= 0) {
        answer(event, "");
      }
    } catch (MalformedJsonException e) {
      // the end of the stream, or of what was kept of it
    }
  }

  private void answer(JsonDocument document, String between) {
    int root = document.root();
    texts(document, root, between);
    texts(document, document.member(root, "output"), between);
    int choices = document.member(root, "choices");
    if (choices >= 0 && document.kind(choices) == JsonKind.ARRAY) {
      for (int choice = document.firstChild(choices);
          choice < document.after(choices);
          choice = document.after(choice)) {
        texts(document, choice, between);
        texts(document, document.member(choice, "message"), between);
      }
    }
  }

  /** All that is text there: itself, what is named so, and that of each of its elements. */
  private void texts(JsonDocument document, int token, String between) {
    if (token < 0) {
      return;
    }
    switch (document.kind(token)) {
      case STRING -> say(document.text(token).value(), between);
      case ARRAY -> {
        for (int one = document.firstChild(token);
            one < document.after(token);
            one = document.after(one)) {
          texts(document, one, between);
        }
      }
      case OBJECT -> TEXTS.forEach(name -> texts(document, document.member(token, name), between));
      case KEY, NUMBER, TRUE, FALSE, NULL -> {}
    }
  }

  private void say(String text, String between) {
    String kept = text.substring(0, Math.min(text.length(), charsLeft));
    charsLeft -= kept.length();
    said.append(said.isEmpty() ? "" : between).append(kept);
  }

  private void end(String role) {
    if (!said.isEmpty()) {
      messages
          .append(messages.isEmpty() ? "" : ",")
          .append("{\"role\":\"")
          .append(JsonText.escape(role))
          .append("\",\"parts\":[{\"type\":\"text\",\"content\":\"")
          .append(JsonText.escape(said.toString()))
          .append("\"}]}");
      said.setLength(0);
    }
  }
}
