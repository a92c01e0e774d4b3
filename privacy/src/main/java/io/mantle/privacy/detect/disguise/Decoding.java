package io.mantle.privacy.detect.disguise;

import io.mantle.privacy.detect.passage.CharClass;
import java.text.Normalizer;
import java.util.Map;

/**
 * Takes a text's disguise of characters off: full-width and other compatibility forms, digits of
 * other scripts, letters that look like Latin ones, invisible characters, combining marks, HTML
 * entities, percent-encoding, escapes of programs.
 */
final class Decoding {
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

  private final MappedText out;
  private final String original;

  Decoding(MappedText out) {
    this.out = out;
    this.original = out.original();
  }

  /** Appends the original to the text, decoded. */
  void run() {
    int i = 0;
    while (i < original.length()) {
      int plain = plainEnd(i);
      out.putOriginal(i, plain);
      i = plain;
      if (i == original.length()) {
        return;
      }
      char c = original.charAt(i);
      int next =
          switch (c) {
            case '&' -> entity(i);
            case '%' -> percent(i);
            case '\\' -> escape(i);
            default -> c < 128 ? i : foreign(i, c);
          };
      if (next == i) {
        out.put(c, i, i + 1);
        next++;
      }
      i = next;
    }
  }

  /** The end of what begins at {@code from} and stands for itself. */
  private int plainEnd(int from) {
    int at = from;
    while (at < original.length() && isPlain(original.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(char c) {
    return c < 128 && c != '&' && c != '%' && c != '\\';
  }

  /** Each of these decodes what is at {@code i} and returns where it ended, or {@code i}. */
  private int entity(int i) {
    int end = soon(';', i);
    if (end < i + 3) {
      return i;
    }
    if (out.originalAt(i + 1) != '#') {
      Character named = ENTITIES.get(original.substring(i + 1, end));
      if (named == null) {
        return i;
      }
      out.put(named, i, end + 1);
      return end + 1;
    }
    boolean hex = out.originalAt(i + 2) == 'x' || out.originalAt(i + 2) == 'X';
    return number(i, hex ? i + 3 : i + 2, end, hex ? 16 : 10, end + 1);
  }

  /** Where {@code c} is, if it is near; never further, or many beginnings would cost a lot. */
  private int soon(char c, int from) {
    int high = Math.min(original.length(), from + ENTITY_CHARS_MAX);
    for (int at = from; at < high; at++) {
      if (original.charAt(at) == c) {
        return at;
      }
    }
    return -1;
  }

  private int percent(int i) {
    return CharClass.isHex(out.originalAt(i + 1)) && CharClass.isHex(out.originalAt(i + 2))
        ? number(i, i + 1, i + 3, 16, i + 3)
        : i;
  }

  private int escape(int i) {
    char kind = out.originalAt(i + 1);
    if (kind != 'u' && kind != 'x') {
      return i;
    }
    if (out.originalAt(i + 2) == '{') {
      int close = soon('}', i);
      return close > 0 ? number(i, i + 3, close, 16, close + 1) : i;
    }
    int end = i + (kind == 'u' ? 6 : 4);
    return end <= original.length() ? number(i, i + 2, end, 16, end) : i;
  }

  /** Puts the printable ASCII character that {@code from} to {@code to} spell in {@code radix}. */
  private int number(int i, int from, int to, int radix, int end) {
    int value = 0;
    for (int at = from; at < to; at++) {
      int digit = Character.digit(original.charAt(at), radix);
      if (digit < 0 || value > 0x10ffff) {
        return i;
      }
      value = value * radix + digit;
    }
    if (to <= from || value < ' ' || value > '~') {
      return i;
    }
    out.put((char) value, i, end);
    return end;
  }

  private int foreign(int i, char c) {
    if (isInvisible(c)) {
      // Between the parts of an emoji it hides nothing.
      boolean besideWord = CharClass.isWord(out.at(out.length() - 1)) || hasWordBehind(i);
      return besideWord ? i + 1 : i;
    }
    int point = original.codePointAt(i);
    int end = i + Character.charCount(point);
    if (CharClass.isMark(c)) {
      return out.length() > 0 && out.at(out.length() - 1) < 128 ? i + 1 : i;
    }
    if (Character.isDigit(point)) {
      out.put((char) ('0' + Character.digit(point, 10)), i, end);
      return end;
    }
    if (isCompatible(point)) {
      String plain = Normalizer.normalize(original.substring(i, end), Normalizer.Form.NFKC);
      if (plain.length() == 1 && plain.charAt(0) < 128) {
        out.put(plain.charAt(0), i, end);
        return end;
      }
    }
    int likeness = c >= 0x391 && c < 0x530 ? LOOKALIKES.indexOf(c) : -1;
    if (likeness >= 0 && likeness % 2 == 0 && isAmongLatin(i)) {
      out.put(LOOKALIKES.charAt(likeness + 1), i, end);
      return end;
    }
    return i;
  }

  private boolean hasWordBehind(int i) {
    return i + 1 < original.length() && Character.isLetterOrDigit(original.codePointAt(i + 1));
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
    char next = out.originalAt(i + 1);
    return isLatin(out.at(out.length() - 1)) || isLatin(next);
  }

  private static boolean isLatin(char c) {
    return CharClass.isAsciiAlnum(c) || c == '@';
  }
}
