package io.mantle.privacy.detect.disguise;

import io.mantle.privacy.detect.passage.CharClass;

/** Addresses of e-mail whose marks are words: john at example dot com. */
final class SpelledAddresses {
  private SpelledAddresses() {}

  static boolean isIn(String text) {
    boolean dot = text.contains("dot") || text.contains("DOT");
    return (dot && (text.contains(" at ") || text.contains(" AT ")))
        || text.contains("(at)")
        || text.contains("[at]")
        || text.contains("{at}")
        || text.contains("[dot]")
        || text.contains("(dot)");
  }

  /** "john at example dot com" and "john [at] example.com" become addresses. */
  static void join(MappedText text) {
    String plain = text.text();
    if (!isIn(plain)) {
      return;
    }
    int kept = 0;
    int i = 0;
    boolean spelled = false;
    while (i < text.length()) {
      int at = i > 0 && CharClass.isAsciiAlnum(text.at(i - 1)) ? joint(plain, i, "at") : -1;
      int dot = i > 0 && CharClass.isAsciiAlnum(text.at(i - 1)) ? joint(plain, i, "dot") : -1;
      boolean joins =
          (at > 0 && isDomain(plain, at, isBracketed(plain, i)))
              || (dot > 0 && (spelled || isBracketed(plain, i)));
      if (joins) {
        int end = at > 0 ? at : dot;
        text.merge(i, end - 1, at > 0 ? '@' : '.', kept++);
        spelled = true;
        i = end;
      } else {
        spelled &= CharClass.isAsciiAlnum(text.at(i)) || text.at(i) == '-' || text.at(i) == '.';
        text.move(i++, kept++);
      }
    }
    text.truncate(kept);
  }

  private static boolean isBracketed(String plain, int from) {
    int at = from;
    while (at < plain.length() && CharClass.isBlank(plain.charAt(at)) && at - from < 3) {
      at++;
    }
    return at < plain.length() && "([{<".indexOf(plain.charAt(at)) >= 0;
  }

  /** The end of {@code word} with blanks or brackets around it, if it is at {@code from}; or -1. */
  private static int joint(String plain, int from, String word) {
    int at = from;
    int high = Math.min(plain.length(), from + 3);
    while (at < high
        && (CharClass.isBlank(plain.charAt(at)) || "([{<".indexOf(plain.charAt(at)) >= 0)) {
      at++;
    }
    if (at == from || !plain.regionMatches(true, at, word, 0, word.length())) {
      return -1;
    }
    int end = at + word.length();
    int close = end;
    high = Math.min(plain.length(), end + 3);
    while (close < high
        && (CharClass.isBlank(plain.charAt(close)) || ")]}>".indexOf(plain.charAt(close)) >= 0)) {
      close++;
    }
    boolean opens = close < plain.length() && CharClass.isAsciiAlnum(plain.charAt(close));
    return close > end && opens ? close : -1;
  }

  /** Whether a domain follows whose dots are words; behind a bracketed "at" they may be dots. */
  private static boolean isDomain(String plain, int from, boolean bracketed) {
    int end = from;
    while (end < plain.length()
        && end - from < 64
        && (CharClass.isAsciiAlnum(plain.charAt(end)) || plain.charAt(end) == '-')) {
      end++;
    }
    if (end == from) {
      return false;
    }
    return joint(plain, end, "dot") > 0
        || (bracketed && end + 1 < plain.length() && plain.charAt(end) == '.');
  }
}
