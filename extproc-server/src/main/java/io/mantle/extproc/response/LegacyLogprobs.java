package io.mantle.extproc.response;

import io.mantle.extproc.value.OffsetMap;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.rehydrate.Restoration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The log probabilities of a text completion: an object of arrays side by side, {@code tokens},
 * {@code token_logprobs}, {@code top_logprobs} and {@code text_offset}.
 */
final class LegacyLogprobs {
  private final JsonDocument document;
  private final int object;

  LegacyLogprobs(JsonDocument document, int object) {
    this.document = document;
    this.object = object;
  }

  static boolean isOne(JsonDocument document, int object) {
    int tokens = document.member(object, "tokens");
    int logprobs = document.member(object, "token_logprobs");
    return tokens >= 0
        && logprobs >= 0
        && document.kind(tokens) == JsonKind.ARRAY
        && document.kind(logprobs) == JsonKind.ARRAY;
  }

  /** Drops the entries of what is restored from each array; all of them where {@code all}. */
  void drop(Restoration restoration, boolean all, Edits edits) {
    List<String> texts = new ArrayList<>();
    for (int token : elements(document.member(object, "tokens"))) {
      texts.add(document.kind(token) == JsonKind.STRING ? document.text(token).value() : "");
    }
    Set<Integer> changed = Logprobs.changed(texts, restoration, all);
    if (changed.isEmpty()) {
      return;
    }
    OffsetMap offsets = OffsetMap.of(String.join("", texts), restoration);
    for (int key = document.firstChild(object);
        key < document.after(object);
        key = document.after(key + 1)) {
      if (document.kind(key + 1) == JsonKind.ARRAY) {
        List<Integer> elements = elements(key + 1);
        List<Integer> dropped = new ArrayList<>();
        for (int index : changed) {
          if (index < elements.size()) {
            dropped.add(elements.get(index));
          }
        }
        ArrayElements.drop(document, elements, dropped, edits);
        if (document.is(key, "text_offset")) {
          elements.removeAll(dropped);
          shift(elements, texts, changed, offsets, edits);
        }
      }
    }
  }

  /** The offsets count from the beginning of the prompt, of which nothing is known here. */
  private void shift(
      List<Integer> kept,
      List<String> texts,
      Set<Integer> changed,
      OffsetMap offsets,
      Edits edits) {
    int next = 0;
    int start = 0;
    for (int i = 0; i < texts.size() && next < kept.size(); i++) {
      if (!changed.contains(i)) {
        int number = kept.get(next++);
        int shift = offsets.restored(start, true) - start;
        if (shift != 0) {
          shift(number, shift, edits);
        }
      }
      start += texts.get(i).codePointCount(0, texts.get(i).length());
    }
  }

  private void shift(int number, int shift, Edits edits) {
    try {
      int offset = Integer.parseInt(document.raw(number)) + shift;
      edits.add(
          new Edit(
              document.bodyStart(number),
              document.bodyEnd(number),
              Integer.toString(offset).getBytes(StandardCharsets.US_ASCII)));
    } catch (NumberFormatException e) {
      // No offset: it stays.
    }
  }

  private List<Integer> elements(int array) {
    List<Integer> elements = new ArrayList<>();
    for (int element = document.firstChild(array);
        element < document.after(array);
        element = document.after(element)) {
      elements.add(element);
    }
    return elements;
  }
}
