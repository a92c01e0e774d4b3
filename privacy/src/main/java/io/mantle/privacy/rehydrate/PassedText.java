package io.mantle.privacy.rehydrate;

/**
 * The end of what has gone by in a channel, so that what stands before a place is known although it
 * came in an earlier piece.
 *
 * <p>Keeps {@value #CHARS_MAX} characters. Used by one thread.
 */
final class PassedText {
  private static final int CHARS_MAX = Neighbours.CHARS_BEFORE_MAX;

  private final char[] kept = new char[CHARS_MAX];
  private int keptChars;

  /** Takes note that {@code [0, end)} of {@code text} has gone by. */
  void add(String text, int end) {
    int added = Math.min(end, CHARS_MAX);
    int stays = Math.min(keptChars, CHARS_MAX - added);
    System.arraycopy(kept, keptChars - stays, kept, 0, stays);
    text.getChars(end - added, end, kept, stays);
    keptChars = stays + added;
  }

  /** What stands before {@code at}, as far as it may have a say. */
  String before(String text, int at) {
    int inText = Math.min(at, CHARS_MAX);
    int inKept = Math.min(keptChars, CHARS_MAX - inText);
    return String.valueOf(kept, keptChars - inKept, inKept).concat(text.substring(at - inText, at));
  }

  /**
   * Whether a country's code ends at {@code from}: a number of ours without its own is another one
   * behind another country's.
   */
  boolean endsWithCountryCode(String text, int from) {
    int at = from - 1;
    int gap = 0;
    while (gap < 3 && (Letters.gap(at(text, at)) & ~Letters.LINE) != 0 && at(text, at) != '+') {
      at--;
      gap++;
    }
    int digits = 0;
    while (digits < 4 && Character.isDigit(at(text, at))) {
      at--;
      digits++;
    }
    return digits > 0 && at(text, at) == '+';
  }

  private char at(String text, int at) {
    if (at >= 0) {
      return text.charAt(at);
    }
    int inTail = keptChars + at;
    return inTail >= 0 ? kept[inTail] : '\0';
  }

  /** The character before {@code at}, where it is escaped the one that is meant. */
  char left(String text, int at) {
    char c = at(text, at - 1);
    if (c >= FormSet.ASCII || !Letters.isLetterOrDigit(c)) {
      return c;
    }
    char second = at(text, at - 2);
    if (second == '\\' && "nrtbf".indexOf(c) >= 0) {
      return '\n';
    }
    int low = Character.digit(c, 16);
    int high = second < FormSet.ASCII ? Character.digit(second, 16) : -1;
    if (low >= 0 && high >= 0) {
      if (at(text, at - 3) == '%') {
        return (char) ((high << 4) | low);
      }
      if (at(text, at - 6) == '\\' && at(text, at - 5) == 'u') {
        int value = 0;
        for (int i = at - 4; i < at; i++) {
          int digit = at(text, i) < FormSet.ASCII ? Character.digit(at(text, i), 16) : -1;
          value = digit < 0 ? 'x' : (value << 4) | digit;
        }
        return (char) value;
      }
    }
    return c;
  }

  /** Prints no text. */
  @Override
  public String toString() {
    return "PassedText[" + keptChars + " characters]";
  }
}
