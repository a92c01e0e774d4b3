package io.mantle.privacy.rehydrate;

import java.util.Arrays;

/**
 * Where in a text a link or an escape may begin: nothing else matters to who is outside of both.
 *
 * <p>A sign that nothing can begin with, as what stands before it shows, is passed over. A long
 * stretch is searched for each sign by itself, which processors do many characters at a time. Used
 * by one thread.
 */
final class LinkSigns {
  private static final int ASCII = 128;
  private static final char[] SIGNS = {':', '/', '.', '\\', '&'};
  private static final boolean[] IS_SIGN = new boolean[ASCII];

  static {
    for (char c : SIGNS) {
      IS_SIGN[c] = true;
    }
  }

  /** In less text, to look for each sign by itself takes longer than to look at each character. */
  private static final int SEARCHED_CHARS_MIN = 64;

  private final SeenText seen;

  /** Where each of the signs stands next. */
  private final int[] nextSigns = new int[SIGNS.length];

  private String text = "";
  private int end;
  private boolean searched;

  /**
   * Signs.
   *
   * @param seen what stands before the place from which on the next one is asked for
   */
  LinkSigns(SeenText seen) {
    this.seen = seen;
  }

  /** Begins with {@code [start, end)}. */
  void begin(String text, int start, int end) {
    this.text = text;
    this.end = end;
    searched = end - start >= SEARCHED_CHARS_MIN;
    Arrays.fill(nextSigns, -1);
  }

  /** The next sign from {@code from} on, or the end. */
  int next(int from) {
    if (!searched) {
      return nextOfAny(from);
    }
    int first = end;
    for (int i = 0; i < SIGNS.length; i++) {
      if (nextSigns[i] < from) {
        nextSigns[i] = next(SIGNS[i], from);
      }
      first = Math.min(first, nextSigns[i]);
    }
    return first;
  }

  private int nextOfAny(int from) {
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c < ASCII && IS_SIGN[c] && mayBegin(c, before(from, i))) {
        return i;
      }
    }
    return end;
  }

  private int next(char sign, int from) {
    int at = text.indexOf(sign, from, end);
    while (at >= 0 && !mayBegin(sign, before(from, at))) {
      at = text.indexOf(sign, at + 1, end);
    }
    return at < 0 ? end : at;
  }

  private char before(int from, int at) {
    return at == from ? seen.before(1) : text.charAt(at - 1);
  }

  /** By what stands before it; white space may hide what does. */
  private static boolean mayBegin(char sign, char before) {
    boolean hidden = before <= ' ' || before >= ASCII;
    return switch (sign) {
      case ':' -> hidden || before == 's' || before == 'S' || before == 'p' || before == 'P';
      case '/' -> hidden || before == '/';
      case '.' -> before == 'w' || before == 'W';
      default -> true;
    };
  }
}
