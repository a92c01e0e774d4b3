package io.mantle.privacy.surrogate;

import java.text.Normalizer;
import java.util.Locale;

/** Upper and lower case, and what text is when case and spacing are left out. */
final class Casing {
  private Casing() {}

  /** Without regard to case, in any language alike. */
  static String fold(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Folded and composed, with every run of white space as one space. */
  static String foldWords(String text) {
    String composed = isAscii(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFKC);
    StringBuilder folded = new StringBuilder(composed.length());
    for (int i = 0; i < composed.length(); i++) {
      char c = composed.charAt(i);
      boolean space = Character.isWhitespace(c) || Character.isSpaceChar(c);
      if (!space) {
        folded.append(c);
      } else if (!folded.isEmpty() && folded.charAt(folded.length() - 1) != ' ') {
        folded.append(' ');
      }
    }
    return fold(folded.toString().strip());
  }

  /** {@code word}, which is capitalised, in capitals or lower case if {@code model} is. */
  static String like(String model, String word) {
    int upper = 0;
    int lower = 0;
    for (int i = 0; i < model.length(); i++) {
      upper += Character.isUpperCase(model.charAt(i)) ? 1 : 0;
      lower += Character.isLowerCase(model.charAt(i)) ? 1 : 0;
    }
    if (upper == 0 && lower > 0) {
      return fold(word);
    }
    if (lower == 0 && upper > 1) {
      return word.toUpperCase(Locale.ROOT);
    }
    return word;
  }

  static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
