package io.mantle.extproc.request;

import io.mantle.extproc.dialect.ChatCompletions;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds every text of a request body: strings, keys and numbers, at every depth, in JSON texts
 * within strings too, but for the few that {@link ChatCompletions} exempts.
 */
final class BodyTexts {
  /**
   * A tool's result may hold a tool's result; nobody nests more. What is deeper is inspected as
   * plain text.
   */
  private static final int NESTING_MAX = 4;

  /** No entity fits into a shorter number. */
  private static final int NUMBER_CHARS_MIN = 5;

  private final List<BodyText> texts = new ArrayList<>();
  private int uninspected;

  private BodyTexts() {}

  /**
   * A text of the body.
   *
   * @param token where it stands: a token of the outermost document
   * @param isNumber whether it is a JSON number, and must stay one
   */
  record BodyText(JsonText text, int token, boolean isNumber) {}

  static BodyTexts of(JsonDocument document) {
    BodyTexts texts = new BodyTexts();
    int root = document.root();
    for (int key = document.firstChild(root);
        key < document.after(root);
        key = document.after(key + 1)) {
      if (!document.is(key, "model")) {
        texts.addMember(document, key, "", -1, 0);
      }
    }
    return texts;
  }

  List<BodyText> texts() {
    return texts;
  }

  /** How many pieces of media nobody looked into. */
  int uninspected() {
    return uninspected;
  }

  /**
   * {@code at}: the token of the outermost document that holds {@code document}, or -1 where it is
   * that itself.
   */
  private void addMember(JsonDocument document, int key, String parent, int at, int nesting) {
    JsonText name = document.text(key);
    if (!ChatCompletions.isApiWord(name.value())) {
      texts.add(new BodyText(name, at < 0 ? key : at, false));
    }
    addValue(document, key + 1, parent, name.value(), at, nesting);
  }

  private void addValue(
      JsonDocument document, int token, String parent, String member, int at, int nesting) {
    switch (document.kind(token)) {
      case OBJECT -> {
        for (int key = document.firstChild(token);
            key < document.after(token);
            key = document.after(key + 1)) {
          addMember(document, key, member, at, nesting);
        }
      }
      case ARRAY -> {
        for (int element = document.firstChild(token);
            element < document.after(token);
            element = document.after(element)) {
          addValue(document, element, parent, member, at, nesting);
        }
      }
      case STRING -> addString(document.text(token), parent, member, at < 0 ? token : at, nesting);
      case NUMBER -> {
        JsonText number = document.text(token);
        if (number.value().length() >= NUMBER_CHARS_MIN) {
          texts.add(new BodyText(number, at < 0 ? token : at, true));
        }
      }
      case KEY, TRUE, FALSE, NULL -> {}
    }
  }

  private void addString(JsonText text, String parent, String member, int at, int nesting) {
    String value = text.value();
    if (value.isEmpty()
        || ChatCompletions.isApiWord(value)
        || ChatCompletions.isProviderId(member, value)) {
      return;
    }
    if (ChatCompletions.isMedia(parent, member, value)) {
      uninspected++;
      return;
    }
    @Nullable JsonDocument inner = nesting < NESTING_MAX ? text.asDocument() : null;
    if (inner == null) {
      texts.add(new BodyText(text, at, false));
    } else {
      addValue(inner, inner.root(), parent, member, at, nesting + 1);
    }
  }
}
