package io.mantle.extproc.request;

import io.mantle.extproc.dialect.SystemPrompt;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tenant's preservation prompt before a request's system prompt: the same bytes in every
 * request, masked or not, so that a provider's prompt cache keeps hitting from turn to turn.
 */
final class PreservationPrompt {
  private static final String PARAGRAPH = "\n\n";

  private PreservationPrompt() {}

  /** The edit that adds it; null where there is no prompt, or no place for one. */
  static @Nullable Edit edit(JsonDocument document, SystemPrompt place, String prompt) {
    if (prompt.isEmpty()) {
      return null;
    }
    return switch (place) {
      case SystemPrompt.Turn(String turns, String role) ->
          element(
              document,
              document.member(document.root(), turns),
              "{\"role\":\"" + role + "\",\"content\":" + quoted(prompt) + "}");
      case SystemPrompt.Member(String name) -> member(document, name, prompt);
      case SystemPrompt.None() -> null;
    };
  }

  private static @Nullable Edit member(JsonDocument document, String name, String prompt) {
    int root = document.root();
    int member = document.member(root, name);
    if (member < 0) {
      String comma = document.firstChild(root) == document.after(root) ? "" : ",";
      return insert(document.bodyStart(root) + 1, "\"" + name + "\":" + quoted(prompt) + comma);
    }
    return switch (document.kind(member)) {
      case STRING -> insert(document.bodyStart(member) + 1, JsonText.escape(prompt + PARAGRAPH));
      case NULL ->
          new Edit(document.bodyStart(member), document.bodyEnd(member), utf8(quoted(prompt)));
      case ARRAY ->
          element(document, member, "{\"type\":\"text\",\"text\":" + quoted(prompt) + "}");
      case OBJECT, KEY, NUMBER, TRUE, FALSE -> null; // the provider is going to refuse it
    };
  }

  private static @Nullable Edit element(JsonDocument document, int array, String element) {
    if (array < 0 || document.kind(array) != JsonKind.ARRAY) {
      return null;
    }
    boolean empty = document.firstChild(array) == document.after(array);
    return insert(document.bodyStart(array) + 1, element + (empty ? "" : ","));
  }

  private static Edit insert(int at, String text) {
    return new Edit(at, at, utf8(text));
  }

  private static String quoted(String text) {
    return '"' + JsonText.escape(text) + '"';
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
