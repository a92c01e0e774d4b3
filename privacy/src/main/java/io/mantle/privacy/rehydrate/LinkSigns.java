package io.mantle.privacy.rehydrate;

import java.util.Arrays;

/**
 * Where in a text a link or an escape may begin: nothing else matters to who is outside of both.
 *
 * <p>A sign that nothing can begin with, as what stands before it shows, is passed over. A text is
 * searched for each sign by itself, which processors do many characters at a time. Used by one
 * thread.
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

  /** In less text, to search for each sign takes longer than to look at each character. */
  static final int SEARCHED_CHARS_MIN = 256;

  private final SeenText seen;

  /** Where each of the signs stands next. */
  private final int[] nextSigns = new int[SIGNS.length];

  private String text = "";
  private int end;

  /**
   * Signs.
   *
   * @param seen what stands before the place from which on the next one is asked for
   */
  LinkSigns(SeenText seen) {
    this.seen = seen;
  }

  /** Begins with what {@code text} has up to {@code end}. */
  void begin(String text, int end) {
    this.text = text;
    this.end = end;
    Arrays.fill(nextSigns, -1);
  }

  /** The next sign from {@code from} on, or the end. */
  int next(int from) {
    int first = end;
    for (int i = 0; i < SIGNS.length; i++) {
      if (nextSigns[i] < from) {
        nextSigns[i] = next(SIGNS[i], from);
      }
      first = Math.min(first, nextSigns[i]);
    }
    return first;
  }

  private int next(char sign, int from) {
    int at = text.indexOf(sign, from, end);
    while (at >= 0 && !mayBegin(sign, at == from ? seen.before(1) : text.charAt(at - 1))) {
      at = text.indexOf(sign, at + 1, end);
    }
    return at < 0 ? end : at;
  }

  /** Whether a link or an escape may begin with it, after what is seen. */
  boolean isOne(char c) {
    return c < ASCII && IS_SIGN[c] && mayBegin(c, seen.before(1));
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
