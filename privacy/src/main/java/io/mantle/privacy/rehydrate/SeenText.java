package io.mantle.privacy.rehydrate;

/**
 * The end of a text as who follows its links reads it: white space as one, escapes as what they
 * mean.
 *
 * <p>Holds the last {@value #CHARS_MAX} characters and no others, so what it says is the same
 * however the text came. Used by one thread.
 */
final class SeenText {
  static final int CHARS_MAX = 64;

  /** An escape is no longer, or none. */
  static final int ESCAPE_CHARS_MAX = 12;

  private static final int ROOM_CHARS = 512;

  private final char[] seen = new char[ROOM_CHARS];
  private int from;
  private int to;
  private boolean cut;
  private int plainChars = ESCAPE_CHARS_MAX;

  /** Whether it ends in no escape, nor in what the next characters could make one. */
  boolean isPlain() {
    return plainChars == ESCAPE_CHARS_MAX;
  }

  /** Whether there was a character so far back, and it is not known any more. */
  boolean hasForgotten(int back) {
    return cut && back > to - from;
  }

  /** The last character but {@code back - 1}; 0 where none is known. */
  char before(int back) {
    int index = to - back;
    return index < from ? '\0' : seen[index];
  }

  /** The last characters, so many as are known. */
  String last(int chars) {
    int known = Math.min(chars, to - from);
    return new String(seen, to - known, known);
  }

  /** Takes the last characters out. */
  void drop(int chars) {
    to -= Math.min(chars, to - from);
    plainChars = 0;
  }

  void add(char c) {
    if (isWhite(c) && to > from && isWhite(seen[to - 1])) {
      return;
    }
    if (to == ROOM_CHARS) {
      System.arraycopy(seen, from, seen, 0, to - from);
      to -= from;
      from = 0;
    }
    seen[to++] = c;
    if (to - from > CHARS_MAX) {
      from++;
      cut = true;
    }
    if (c == '\\' || c == '&') {
      plainChars = 0;
    } else if (plainChars < ESCAPE_CHARS_MAX) {
      plainChars++;
    }
  }

  /** Adds each of {@code [start, end)}; looks only at the end of a long stretch. */
  void add(String text, int start, int end) {
    int first = end;
    int held = 0;
    while (first > start && held < CHARS_MAX) {
      first--;
      boolean again =
          first > start && isWhite(text.charAt(first)) && isWhite(text.charAt(first - 1));
      held += again ? 0 : 1;
    }
    if (first > start) {
      from = 0;
      to = 0;
      cut = true;
    }
    for (int i = first; i < end; i++) {
      add(text.charAt(i));
    }
  }

  static boolean isWhite(char c) {
    if (c > ' ' && c < 128) {
      return false;
    }
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
