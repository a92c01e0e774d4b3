package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text as it would read without the ways to hide a value from a detector: full-width and other
 * compatibility forms, digits of other scripts, letters that look like Latin ones, invisible
 * characters, combining marks, HTML entities, percent-encoding, escapes of programs, digits one by
 * one, e-mail addresses in words. Each character knows what it was made of, so that what is found
 * here can be pointed at in the original.
 *
 * <p>Made only where a text shows a sign of any of it; one level deep; linear in the text.
 */
final class Unmasked {
  private static final int SINGLE_DIGITS_MIN = 8;
  private static final int ENTITY_CHARS_MAX = 10;

  private static final String LOOKALIKES =
      "\u0430a\u0435e\u043eo\u0440p\u0441c\u0443y\u0445x\u0456i\u0458j\u0455s\u04bbh\u0501d\u051bq"
          + "\u0410A\u0412B\u0415E\u041aK\u041cM\u041dH\u041eO\u0420P\u0421C\u0422T\u0425X\u0406I"
          + "\u0408J\u0405S\u03bfo\u03bdv\u03b1a\u0391A\u0392B\u0395E\u0396Z\u0397H\u0399I\u039aK"
          + "\u039cM\u039dN\u039fO\u03a1P\u03a4T\u03a7X\u03a5Y";

  private static final Map<String, Character> ENTITIES =
      Map.ofEntries(
          Map.entry("amp", '&'),
          Map.entry("lt", '<'),
          Map.entry("gt", '>'),
          Map.entry("quot", '"'),
          Map.entry("apos", '\''),
          Map.entry("nbsp", ' '),
          Map.entry("commat", '@'),
          Map.entry("period", '.'),
          Map.entry("lowbar", '_'),
          Map.entry("hyphen", '-'),
          Map.entry("dash", '-'),
          Map.entry("colon", ':'),
          Map.entry("sol", '/'),
          Map.entry("plus", '+'),
          Map.entry("num", '#'),
          Map.entry("equals", '='));

  private final String text;
  private char[] chars;
  private int[] starts;
  private int[] ends;
  private int length;

  private Unmasked(String text) {
    this.text = text;
    this.chars = new char[text.length()];
    this.starts = new int[text.length()];
    this.ends = new int[text.length()];
  }

  /** The text without disguise; null if it wears none. */
  static @Nullable Unmasked of(Passage passage) {
    boolean encoded = passage.hasEscape() || passage.hasNonAscii();
    boolean digits = hasSingleDigits(passage) || hasLetterDigits(passage);
    boolean words = hasSpelledAt(passage.text());
    if (!encoded && !digits && !words) {
      return null;
    }
    Unmasked unmasked = new Unmasked(passage.text());
    unmasked.decode();
    if (digits) {
      unmasked.joinDigits();
    }
    if (words || encoded) {
      unmasked.joinAddresses();
    }
    return unmasked.isSame() ? null : unmasked;
  }

  private boolean isSame() {
    return length == text.length() && new String(chars, 0, length).equals(text);
  }

  Passage passage() {
    return new Passage(new String(chars, 0, length));
  }

  /** A span found here as one of the original; null if nothing of it was in disguise. */
  @Nullable Span original(Span span) {
    int start = starts[span.start()];
    int end = ends[span.end() - 1];
    boolean same =
        end - start == span.length()
            && text.startsWith(new String(chars, span.start(), span.length()), start);
    if (same || (span.type() == EntityType.PHONE && hasDigitLetter(start, end))) {
      return null;
    }
    return new Span(start, end, span.type(), span.score() * 0.95);
  }

  /** Phone numbers have no check digit that would tell a digit from a letter. */
  private boolean hasDigitLetter(int start, int end) {
    for (int i = start; i < end; i++) {
      if (isDigitLetter(text.charAt(i)) && CharClass.isDigit(at(i - 1))) {
        return true;
      }
    }
    return false;
  }

  /** Digits one by one, as in 4 1 1 1: many groups of one. */
  private static boolean hasSingleDigits(Passage passage) {
    int singles = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      boolean joined = run > 0 && passage.gapLength(run - 1) <= 3;
      singles = passage.runLength(run) > 1 ? 0 : joined ? singles + 1 : 1;
      if (singles >= SINGLE_DIGITS_MIN) {
        return true;
      }
    }
    return false;
  }

  /** A letter for a digit: 4l11, 536-9O-4399. */
  private static boolean hasLetterDigits(Passage passage) {
    for (int run = 0; run < passage.digitRuns(); run++) {
      if (isDigitLetter(passage.at(passage.runEnd(run)))
          || isDigitLetter(passage.at(passage.runStart(run) - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDigitLetter(char c) {
    return c == 'O' || c == 'o' || c == 'l' || c == 'I';
  }

  private static boolean hasSpelledAt(String text) {
    boolean dot = text.contains("dot") || text.contains("DOT");
    return (dot && (text.contains(" at ") || text.contains(" AT ")))
        || text.contains("(at)")
        || text.contains("[at]")
        || text.contains("{at}")
        || text.contains("[dot]")
        || text.contains("(dot)");
  }

  private void put(char c, int start, int end) {
    if (length == chars.length) {
      int size = Math.max(16, length * 2);
      chars = Arrays.copyOf(chars, size);
      starts = Arrays.copyOf(starts, size);
      ends = Arrays.copyOf(ends, size);
    }
    chars[length] = c;
    starts[length] = start;
    ends[length++] = end;
  }

  private char at(int index) {
    return index >= 0 && index < text.length() ? text.charAt(index) : Passage.OUTSIDE;
  }

  private void decode() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int next =
          switch (c) {
            case '&' -> entity(i);
            case '%' -> percent(i);
            case '\\' -> escape(i);
            default -> c < 128 ? i : foreign(i, c);
          };
      if (next == i) {
        put(c, i, i + 1);
        next++;
      }
      i = next;
    }
  }

  /** Each of these decodes what is at {@code i} and returns where it ended, or {@code i}. */
  private int entity(int i) {
    int end = soon(';', i);
    if (end < i + 3) {
      return i;
    }
    if (at(i + 1) != '#') {
      Character named = ENTITIES.get(text.substring(i + 1, end));
      if (named == null) {
        return i;
      }
      put(named, i, end + 1);
      return end + 1;
    }
    boolean hex = at(i + 2) == 'x' || at(i + 2) == 'X';
    return number(i, hex ? i + 3 : i + 2, end, hex ? 16 : 10, end + 1);
  }

  /** Where {@code c} is, if it is near; never further, or many beginnings would cost a lot. */
  private int soon(char c, int from) {
    int high = Math.min(text.length(), from + ENTITY_CHARS_MAX);
    for (int at = from; at < high; at++) {
      if (text.charAt(at) == c) {
        return at;
      }
    }
    return -1;
  }

  private int percent(int i) {
    return CharClass.isHex(at(i + 1)) && CharClass.isHex(at(i + 2))
        ? number(i, i + 1, i + 3, 16, i + 3)
        : i;
  }

  private int escape(int i) {
    char kind = at(i + 1);
    if (kind != 'u' && kind != 'x') {
      return i;
    }
    if (at(i + 2) == '{') {
      int close = soon('}', i);
      return close > 0 ? number(i, i + 3, close, 16, close + 1) : i;
    }
    int end = i + (kind == 'u' ? 6 : 4);
    return end <= text.length() ? number(i, i + 2, end, 16, end) : i;
  }

  /** Puts the printable ASCII character that {@code from} to {@code to} spell in {@code radix}. */
  private int number(int i, int from, int to, int radix, int end) {
    int value = 0;
    for (int at = from; at < to; at++) {
      int digit = Character.digit(text.charAt(at), radix);
      if (digit < 0 || value > 0x10ffff) {
        return i;
      }
      value = value * radix + digit;
    }
    if (to <= from || value < ' ' || value > '~') {
      return i;
    }
    put((char) value, i, end);
    return end;
  }

  private int foreign(int i, char c) {
    if (isInvisible(c)) {
      // Between the parts of an emoji it hides nothing.
      boolean besideWord = (length > 0 && CharClass.isWord(chars[length - 1])) || hasWordBehind(i);
      return besideWord ? i + 1 : i;
    }
    int point = text.codePointAt(i);
    int end = i + Character.charCount(point);
    if (CharClass.isMark(c)) {
      return length > 0 && chars[length - 1] < 128 ? i + 1 : i;
    }
    if (Character.isDigit(point)) {
      put((char) ('0' + Character.digit(point, 10)), i, end);
      return end;
    }
    if (isCompatible(point)) {
      String plain = Normalizer.normalize(text.substring(i, end), Normalizer.Form.NFKC);
      if (plain.length() == 1 && plain.charAt(0) < 128) {
        put(plain.charAt(0), i, end);
        return end;
      }
    }
    int likeness = c >= 0x391 && c < 0x530 ? LOOKALIKES.indexOf(c) : -1;
    if (likeness >= 0 && likeness % 2 == 0 && isAmongLatin(i)) {
      put(LOOKALIKES.charAt(likeness + 1), i, end);
      return end;
    }
    return i;
  }

  private boolean hasWordBehind(int i) {
    return i + 1 < text.length() && Character.isLetterOrDigit(text.codePointAt(i + 1));
  }

  private static boolean isInvisible(char c) {
    return c == '\u00ad'
        || (c >= '\u200b' && c <= '\u200f')
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2060' && c <= '\u2069')
        || (c >= '\ufe00' && c <= '\ufe0f')
        || c == '\ufeff'
        || c == '\u180e'
        || c == '\u034f';
  }

  private static boolean isCompatible(int point) {
    return (point >= 0xff01 && point <= 0xff5e)
        || point == 0x3000
        || (point >= 0x1d400 && point <= 0x1d7ff)
        || (point >= 0x2070 && point <= 0x209c)
        || (point >= 0x2100 && point <= 0x214f)
        || (point >= 0x2460 && point <= 0x24ff)
        || point == 0x2024
        || point == 0xfe52
        || point == 0xfe6b;
  }

  /** Russian and Greek words are left alone: only what is mixed with Latin letters looks false. */
  private boolean isAmongLatin(int i) {
    char next = at(i + 1);
    return (length > 0 && isLatin(chars[length - 1])) || isLatin(next);
  }

  private static boolean isLatin(char c) {
    return CharClass.isAsciiAlnum(c) || c == '@';
  }

  /** Letters for digits become digits, and the blanks between single digits go. */
  private void joinDigits() {
    for (int i = 0; i < length; i++) {
      if (isDigitLetter(chars[i]) && isBesideDigits(i)) {
        chars[i] = chars[i] == 'O' || chars[i] == 'o' ? '0' : '1';
      }
    }
    int kept = 0;
    int i = 0;
    while (i < length) {
      int end = singlesEnd(i);
      for (int from = i; from < end; from++) {
        if (CharClass.isDigit(chars[from]) || end == i + 1) {
          move(from, kept++);
        }
      }
      i = end;
    }
    length = kept;
  }

  private boolean isBesideDigits(int i) {
    boolean before = i > 0 && CharClass.isDigit(chars[i - 1]);
    boolean after = i + 1 < length && CharClass.isDigit(chars[i + 1]);
    boolean closed = i + 1 == length || !CharClass.isWord(chars[i + 1]);
    boolean opened = i == 0 || !CharClass.isWord(chars[i - 1]);
    return (before && (after || closed)) || (after && opened);
  }

  /** The end of many single digits that begin at {@code start}; {@code start + 1} if none do. */
  private int singlesEnd(int start) {
    boolean begins =
        CharClass.isDigit(chars[start]) && (start == 0 || !CharClass.isWord(chars[start - 1]));
    if (!begins) {
      return start + 1;
    }
    int digits = 0;
    int end = start;
    int at = start;
    while (at < length
        && CharClass.isDigit(chars[at])
        && (at + 1 == length || !CharClass.isWord(chars[at + 1]))) {
      digits++;
      end = at + 1;
      at = end;
      while (at < length && at - end < 3 && isBetweenDigits(chars[at])) {
        at++;
      }
      if (at == end) {
        break;
      }
    }
    return digits >= SINGLE_DIGITS_MIN ? end : start + 1;
  }

  private static boolean isBetweenDigits(char c) {
    return CharClass.isBlank(c) || c == '-' || c == '.' || c == '_';
  }

  private void move(int from, int to) {
    chars[to] = chars[from];
    starts[to] = starts[from];
    ends[to] = ends[from];
  }

  /** "john at example dot com" and "john [at] example.com" become addresses. */
  private void joinAddresses() {
    String plain = new String(chars, 0, length);
    if (!hasSpelledAt(plain)) {
      return;
    }
    int kept = 0;
    int i = 0;
    boolean spelled = false;
    while (i < length) {
      int at = i > 0 && CharClass.isAsciiAlnum(chars[i - 1]) ? joint(plain, i, "at") : -1;
      int dot = i > 0 && CharClass.isAsciiAlnum(chars[i - 1]) ? joint(plain, i, "dot") : -1;
      boolean joins =
          (at > 0 && isDomain(plain, at, isBracketed(plain, i)))
              || (dot > 0 && (spelled || isBracketed(plain, i)));
      if (joins) {
        int end = at > 0 ? at : dot;
        int start = starts[i];
        int last = ends[end - 1];
        chars[kept] = at > 0 ? '@' : '.';
        starts[kept] = start;
        ends[kept++] = last;
        spelled = true;
        i = end;
      } else {
        spelled &= CharClass.isAsciiAlnum(chars[i]) || chars[i] == '-' || chars[i] == '.';
        move(i++, kept++);
      }
    }
    length = kept;
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
