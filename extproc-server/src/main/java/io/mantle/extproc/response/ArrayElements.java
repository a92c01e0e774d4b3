package io.mantle.extproc.response;

import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes elements out of arrays by edits. */
final class ArrayElements {

  private ArrayElements() {}

  /**
   * Takes {@code dropped} out of an array, each with the comma that parts it from its neighbour.
   *
   * @param elements all of the array's, in order
   */
  static void drop(
      JsonDocument document, List<Integer> elements, List<Integer> dropped, Edits edits) {
    Set<Integer> gone = new HashSet<>(dropped);
    int first = 0;
    while (first < elements.size() && gone.contains(elements.get(first))) {
      first++;
    }
    if (first > 0) {
      int end =
          first == elements.size()
              ? document.bodyEnd(elements.getLast())
              : document.bodyStart(elements.get(first));
      cut(document.bodyStart(elements.getFirst()), end, edits);
    }
    for (int i = first + 1; i < elements.size(); i++) {
      if (gone.contains(elements.get(i))) {
        cut(document.bodyEnd(elements.get(i - 1)), document.bodyEnd(elements.get(i)), edits);
      }
    }
  }

  private static void cut(int start, int end, Edits edits) {
    edits.add(new Edit(start, end, new byte[0]));
  }
}
