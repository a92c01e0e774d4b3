package io.mantle.extproc.response;

import io.mantle.extproc.value.OffsetMap;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.rehydrate.Restoration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * An array of the log probabilities of what was said, one entry a billing token: objects with
 * {@code token} and {@code logprob}. Told by that shape, wherever it stands.
 */
final class Logprobs {
  private final JsonDocument document;
  private final List<Integer> entries = new ArrayList<>();

  Logprobs(JsonDocument document, int array) {
    this.document = document;
    for (int entry = document.firstChild(array);
        entry < document.after(array);
        entry = document.after(entry)) {
      entries.add(entry);
    }
  }

  /** Whether {@code array} is one; what might have been said instead is none. */
  static boolean isOne(JsonDocument document, int array, String member) {
    int first = document.firstChild(array);
    return first < document.after(array)
        && !member.equals("top_logprobs")
        && isText(document, document.member(first, "token"))
        && document.member(first, "logprob") >= 0;
  }

  private static boolean isText(JsonDocument document, int token) {
    return token >= 0 && document.kind(token) == JsonKind.STRING;
  }

  /** Drops the entries of what is restored; all of them where {@code all}. */
  void drop(Restoration restoration, boolean all, Edits edits) {
    List<String> texts = new ArrayList<>();
    for (int entry : entries) {
      int token = document.member(entry, "token");
      texts.add(isText(document, token) ? document.text(token).value() : "");
    }
    List<Integer> dropped = new ArrayList<>();
    for (int index : changed(texts, restoration, all)) {
      dropped.add(entries.get(index));
    }
    ArrayElements.drop(document, entries, dropped, edits);
  }

  /** Which of the texts, said one after the other, hold some of what is restored. */
  static Set<Integer> changed(List<String> texts, Restoration restoration, boolean all) {
    Set<Integer> changed = new LinkedHashSet<>();
    OffsetMap map = OffsetMap.of(String.join("", texts), restoration);
    int start = 0;
    for (int i = 0; i < texts.size(); i++) {
      int end = start + texts.get(i).codePointCount(0, texts.get(i).length());
      if (all || map.changed(start, end)) {
        changed.add(i);
      }
      start = end;
    }
    return changed;
  }
}
