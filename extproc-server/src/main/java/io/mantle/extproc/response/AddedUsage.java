package io.mantle.extproc.response;

import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;

/** What a stream says only since it was asked for its usage on our account. */
final class AddedUsage {
  private AddedUsage() {}

  /** Whether a chunk that tells the usage says nothing else. */
  static boolean isAllOf(JsonDocument chunk) {
    int choices = chunk.member(chunk.root(), "choices");
    return choices >= 0
        && chunk.kind(choices) == JsonKind.ARRAY
        && chunk.firstChild(choices) == chunk.after(choices);
  }

  /** Takes {@code "usage":null} out, with the comma that came with it. */
  static void removeNull(JsonDocument chunk, Edits edits) {
    int root = chunk.root();
    if (chunk.kind(root) != JsonKind.OBJECT) {
      return;
    }
    int end = chunk.after(root);
    int previous = -1;
    for (int key = chunk.firstChild(root); key < end; key = chunk.after(key + 1)) {
      int value = key + 1;
      int next = chunk.after(value);
      if (chunk.kind(value) == JsonKind.NULL && chunk.is(key, "usage")) {
        int from = previous >= 0 ? chunk.bodyEnd(previous) : chunk.bodyStart(key);
        int to = previous < 0 && next < end ? chunk.bodyStart(next) : chunk.bodyEnd(value);
        edits.add(new Edit(from, to, new byte[0]));
        return;
      }
      previous = value;
    }
  }
}
