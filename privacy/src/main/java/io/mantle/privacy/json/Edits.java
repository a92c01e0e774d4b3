package io.mantle.privacy.json;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Edits gathered in any order, applied in one copy. Used by one thread. */
public final class Edits {
  private final List<Edit> edits = new ArrayList<>();

  public void add(Edit edit) {
    edits.add(edit);
  }

  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /**
   * The body with all edits made; the very same array where there are none.
   *
   * @throws IllegalArgumentException if two edits overlap or one ends beyond the body: the body
   *     would not say what the edits meant, so nothing is made of it
   */
  public byte[] applyTo(byte[] body) {
    if (edits.isEmpty()) {
      return body;
    }
    edits.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    long length = body.length;
    int reached = 0;
    for (Edit edit : edits) {
      if (edit.start() < reached || edit.end() > body.length) {
        throw new IllegalArgumentException(edit + " overlaps another or lies outside of the body");
      }
      reached = edit.end();
      length += edit.replacement().length - (edit.end() - edit.start());
    }
    byte[] edited = new byte[Math.toIntExact(length)];
    int from = 0;
    int to = 0;
    for (Edit edit : edits) {
      int kept = edit.start() - from;
      System.arraycopy(body, from, edited, to, kept);
      to += kept;
      System.arraycopy(edit.replacement(), 0, edited, to, edit.replacement().length);
      to += edit.replacement().length;
      from = edit.end();
    }
    System.arraycopy(body, from, edited, to, body.length - from);
    return edited;
  }
}
