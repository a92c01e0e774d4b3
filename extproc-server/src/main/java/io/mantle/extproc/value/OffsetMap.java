package io.mantle.extproc.value;

import io.mantle.privacy.rehydrate.Rehydrator;
import io.mantle.privacy.rehydrate.Restoration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the characters of a text stand after it was restored. Offsets count code points, as the
 * APIs do.
 *
 * <p>Of a text and its restoration it is made by feeding the text to a channel of its own, code
 * point by code point: between two moments at which nothing is held back lies at most what was
 * decided at once.
 */
public final class OffsetMap {

  /**
   * A stretch of the text that says something else now.
   *
   * @param start in code points, as all of them
   */
  public record Change(int start, int end, int restoredStart, int restoredEnd) {}

  private final List<Change> changes = new ArrayList<>();

  /** How far it was made: in UTF-16 units and code points of the text, and in the restored one. */
  private int decidedChars;

  private int decided;
  private int restored;

  private OffsetMap() {}

  /** Of a text of which is known what changed, in order. */
  public static OffsetMap of(List<Change> changes) {
    OffsetMap map = new OffsetMap();
    map.changes.addAll(changes);
    return map;
  }

  /** Of a text that is restored. */
  public static OffsetMap of(String text, Restoration restoration) {
    OffsetMap map = new OffsetMap();
    // What is restored here is restored where it is said, and counted there.
    Rehydrator channel = restoration.untallied().text();
    int fedChars = 0;
    while (fedChars < text.length()) {
      String point = Character.toString(text.codePointAt(fedChars));
      fedChars += point.length();
      String said = channel.accept(point);
      map.decide(text, fedChars - channel.heldChars(), said);
    }
    map.decide(text, text.length(), channel.finish());
    return map;
  }

  private void decide(String text, int chars, String said) {
    String was = text.substring(decidedChars, chars);
    if (!was.equals(said)) {
      add(decided, was, restored, said);
    }
    decidedChars = chars;
    decided += was.codePointCount(0, was.length());
    restored += said.codePointCount(0, said.length());
  }

  private void add(int start, String before, int restoredStart, String after) {
    int[] was = before.codePoints().toArray();
    int[] is = after.codePoints().toArray();
    int same = 0;
    while (same < Math.min(was.length, is.length) && was[same] == is[same]) {
      same++;
    }
    int sameEnd = 0;
    while (sameEnd < Math.min(was.length, is.length) - same
        && was[was.length - 1 - sameEnd] == is[is.length - 1 - sameEnd]) {
      sameEnd++;
    }
    changes.add(
        new Change(
            start + same,
            start + was.length - sameEnd,
            restoredStart + same,
            restoredStart + is.length - sameEnd));
  }

  /** What changed, in order. */
  public List<Change> changes() {
    return changes;
  }

  /** Whether any of {@code [start, end)} changed. */
  public boolean changed(int start, int end) {
    for (Change change : changes) {
      if (start < change.end() && change.start() < end) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where {@code offset} is now. Within what changed there is no such place: it is then its end, or
   * its start where {@code atStart}.
   */
  public int restored(int offset, boolean atStart) {
    int shift = 0;
    for (Change change : changes) {
      if (offset <= change.start()) {
        break;
      }
      if (offset < change.end()) {
        return atStart ? change.restoredStart() : change.restoredEnd();
      }
      shift = change.restoredEnd() - change.end();
    }
    return offset + shift;
  }
}
