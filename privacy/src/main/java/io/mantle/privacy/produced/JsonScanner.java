package io.mantle.privacy.produced;

import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.json.MalformedJsonException;
import io.mantle.privacy.rehydrate.Rehydrator;
import io.mantle.privacy.value.Span;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Looks through the strings, keys and numbers of a JSON text, whole: only then it is known where
 * they stand, and what is masked keeps the text valid. A source that is no JSON text is looked
 * through as it is.
 */
final class JsonScanner implements Scanner {
  private static final int SOURCE_CHARS_MAX = 1 << 22;

  /** As in a request: no entity fits into a shorter number. */
  private static final int NUMBER_CHARS_MIN = 5;

  private final AnswerScan scan;
  private final StringBuilder source = new StringBuilder();

  JsonScanner(AnswerScan scan) {
    this.scan = scan;
  }

  @Override
  public String accept(String piece, List<Rehydrator.Restored> restored) {
    if (source.length() + piece.length() > SOURCE_CHARS_MAX) {
      throw AnswerBlockedException.unexaminable();
    }
    source.append(piece);
    return "";
  }

  @Override
  public int heldChars() {
    return source.length();
  }

  @Override
  public String finish() {
    String whole = source.toString();
    source.setLength(0);
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    JsonDocument document;
    try {
      document = JsonDocument.parse(bytes);
    } catch (MalformedJsonException e) {
      TextScanner text = new TextScanner(scan);
      return text.accept(whole, List.of()) + text.finish();
    }
    Edits edits = new Edits();
    for (int token = 0; token < document.size(); token++) {
      switch (document.kind(token)) {
        case STRING, KEY -> maskText(document.text(token), edits);
        case NUMBER -> maskNumber(document, token, edits);
        case OBJECT, ARRAY, TRUE, FALSE, NULL -> {}
      }
    }
    return edits.isEmpty() ? whole : new String(edits.applyTo(bytes), StandardCharsets.UTF_8);
  }

  private void maskText(JsonText text, Edits edits) {
    for (Span span : scan.produced(text.value())) {
      edits.add(text.edit(span.start(), span.end(), scan.mask(span.type())));
    }
  }

  private void maskNumber(JsonDocument document, int token, Edits edits) {
    String number = document.raw(token);
    if (number.length() >= NUMBER_CHARS_MIN) {
      for (Span span : scan.produced(number)) {
        scan.mask(span.type());
        edits.add(new Edit(document.bodyStart(token), document.bodyEnd(token), new byte[] {'0'}));
        return;
      }
    }
  }
}
