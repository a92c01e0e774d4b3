package io.mantle.privacy.detect.link;

import java.util.Locale;

/** What speaks for and against a place of a text being the name that is spelled there. */
final class Place {
  private static final int TITLE_CHARS_MAX = 12;

  private Place() {}

  /**
   * Whether a word that is hardly anything but a name may be one here: not a part of an identifier,
   * a path, an address or a call.
   */
  static boolean isOfProse(String text, int start, int end) {
    return switch (at(text, start - 1)) {
          case '_', '/', '\\', '@', '#', '$', '=', '~' -> false;
          case '.' -> !isWord(at(text, start - 2));
          case '-' -> !Character.isLowerCase(at(text, start - 2));
          default -> true;
        }
        && switch (at(text, end)) {
          case '_', '(', '\\', '@', '=', '[' -> false;
          case '/' -> Character.isUpperCase(at(text, end + 1));
          case '.' -> !isWord(at(text, end + 1));
          case ':' -> at(text, end + 1) != ':' && at(text, end + 1) != '/';
          case '-' -> !Character.isLowerCase(at(text, end + 1));
          default -> true;
        };
  }

  /**
   * Whether a word that means something else too, and has a capital, is a name here: after a form
   * of address; or inside of a sentence, with no other capitalised word that it could form a
   * heading or another name with.
   */
  static boolean isOfName(String text, int start, int end) {
    if (!isOfProse(text, start, end)) {
      return false;
    }
    int before = skippedBack(text, start);
    if (isTitleBefore(text, before)) {
      return true;
    }
    boolean possessive =
        (at(text, end) == '\'' || at(text, end) == '\u2019')
            && at(text, end + 1) == 's'
            && !isWord(at(text, end + 2));
    if (beginsSentence(text, before)) {
      return possessive;
    }
    int after = end;
    while (at(text, after) == ' ') {
      after++;
    }
    boolean goesOn =
        after > end
            && (Character.isUpperCase(at(text, after)) || Character.isDigit(at(text, after)));
    return !goesOn && !isCapitalisedInside(text, before);
  }

  /** Where what stands before {@code start} ends, blanks and opening marks left out. */
  private static int skippedBack(String text, int start) {
    int before = start;
    while (before > 0 && isBlankOrOpening(text.charAt(before - 1))) {
      before--;
    }
    return before;
  }

  private static boolean isBlankOrOpening(char c) {
    return c == ' ' || c == '\t' || c == '"' || c == '\u201C' || c == '\'' || c == '(' || c == '*';
  }

  private static boolean beginsSentence(String text, int end) {
    return switch (at(text, end - 1)) {
      case '\0', '\n', '\r', '.', '!', '?', ':', '-', '\u2013', '\u2014', '\u2022', '>', '|' ->
          true;
      default -> false;
    };
  }

  private static boolean isTitleBefore(String text, int before) {
    int end = at(text, before - 1) == '.' ? before - 1 : before;
    int start = wordStart(text, end);
    return end - start > 1
        && end - start <= TITLE_CHARS_MAX
        && Character.isUpperCase(text.charAt(start))
        && PersonName.isTitle(text.substring(start, end).toLowerCase(Locale.ROOT));
  }

  /** Whether the word that ends here has a capital that no sentence gave it. */
  private static boolean isCapitalisedInside(String text, int end) {
    int start = wordStart(text, end);
    return end - start > 1
        && Character.isUpperCase(text.charAt(start))
        && !beginsSentence(text, skippedBack(text, start));
  }

  private static int wordStart(String text, int end) {
    int start = end;
    while (start > 0
        && end - start <= TITLE_CHARS_MAX
        && Character.isLetter(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  /** The character there, or NUL outside of the text. */
  static char at(String text, int index) {
    return index >= 0 && index < text.length() ? text.charAt(index) : '\0';
  }
}
