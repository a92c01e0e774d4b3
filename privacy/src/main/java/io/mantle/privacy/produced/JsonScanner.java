package io.mantle.privacy.produced;

import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.json.MalformedJsonException;
import io.mantle.privacy.rehydrate.Rehydrator;
import io.mantle.privacy.value.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

  /** Where values were restored in the source. */
  private final List<Rehydrator.Restored> restored = new ArrayList<>();

  JsonScanner(AnswerScan scan) {
    this.scan = scan;
  }

  @Override
  public String accept(String piece, List<Rehydrator.Restored> known) {
    if (source.length() + piece.length() > SOURCE_CHARS_MAX) {
      throw AnswerBlockedException.unexaminable();
    }
    int base = source.length();
    known.forEach(
        range -> restored.add(new Rehydrator.Restored(base + range.start(), base + range.end())));
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
      return text.accept(whole, restored) + text.finish();
    }
    Edits edits = new Edits();
    List<Rehydrator.Restored> values = inBytes(whole);
    for (int token = 0; token < document.size(); token++) {
      switch (document.kind(token)) {
        case STRING, KEY -> maskText(document.text(token), values, edits);
        case NUMBER -> maskNumber(document, token, values, edits);
        case OBJECT, ARRAY, TRUE, FALSE, NULL -> {}
      }
    }
    return edits.isEmpty() ? whole : new String(edits.applyTo(bytes), StandardCharsets.UTF_8);
  }

  /** Where the restored values stand in the source's bytes. */
  private List<Rehydrator.Restored> inBytes(String whole) {
    List<Rehydrator.Restored> ranges = new ArrayList<>(restored.size());
    int chars = 0;
    int bytes = 0;
    for (Rehydrator.Restored range : restored) {
      int start = bytes + utf8Length(whole, chars, range.start());
      bytes = start + utf8Length(whole, range.start(), range.end());
      chars = range.end();
      ranges.add(new Rehydrator.Restored(start, bytes));
    }
    return ranges;
  }

  private static int utf8Length(String text, int start, int end) {
    return text.substring(start, end).getBytes(StandardCharsets.UTF_8).length;
  }

  private void maskText(JsonText text, List<Rehydrator.Restored> values, Edits edits) {
    for (Span span : scan.produced(text.value())) {
      if (!overlapsAny(text.edit(span.start(), span.end(), ""), values)) {
        edits.add(text.edit(span.start(), span.end(), scan.mask(span.type())));
      }
    }
  }

  private void maskNumber(
      JsonDocument document, int token, List<Rehydrator.Restored> values, Edits edits) {
    String number = document.raw(token);
    Edit masked = new Edit(document.bodyStart(token), document.bodyEnd(token), new byte[] {'0'});
    if (number.length() >= NUMBER_CHARS_MIN && !overlapsAny(masked, values)) {
      for (Span span : scan.produced(number)) {
        scan.mask(span.type());
        edits.add(masked);
        return;
      }
    }
  }

  private static boolean overlapsAny(Edit edit, List<Rehydrator.Restored> values) {
    return values.stream()
        .anyMatch(value -> value.start() < edit.end() && edit.start() < value.end());
  }
}
