package io.mantle.privacy.surrogate;

import java.util.HashSet;
import java.util.Set;

/** Whether a surrogate gives away a part of what it stands for. */
final class Overlap {
  /** Long texts share short runs by chance, whatever one draws. */
  private static final int LONG_TEXT_CHARS = 64;

  private static final int RUN_CHARS = 4;
  private static final int RUN_CHARS_OF_LONG_TEXT = 8;

  private Overlap() {}

  /** Whether both are the same when case, spaces and punctuation are left out. */
  static boolean same(String original, String surrogate) {
    if (original.equalsIgnoreCase(surrogate)) {
      return true;
    }
    String bare = bare(original);
    return !bare.isEmpty() && bare.equals(bare(surrogate));
  }

  /** Whether {@code surrogate} holds a run of letters and digits of {@code exposed}. */
  static boolean sharesRun(String exposed, String surrogate) {
    int run = exposed.length() > LONG_TEXT_CHARS ? RUN_CHARS_OF_LONG_TEXT : RUN_CHARS;
    if (exposed.length() < run || surrogate.length() < run) {
      return false;
    }
    String lower = Casing.fold(exposed);
    String other = Casing.fold(surrogate);
    if (exposed.length() <= LONG_TEXT_CHARS) {
      for (int i = 0; i + run <= lower.length(); i++) {
        if (alphanumeric(lower, i, run) && other.contains(lower.substring(i, i + run))) {
          return true;
        }
      }
      return false;
    }
    Set<String> runs = new HashSet<>();
    for (int i = 0; i + run <= lower.length(); i++) {
      if (alphanumeric(lower, i, run)) {
        runs.add(lower.substring(i, i + run));
      }
    }
    for (int i = 0; i + run <= other.length(); i++) {
      if (runs.contains(other.substring(i, i + run))) {
        return true;
      }
    }
    return false;
  }

  private static boolean alphanumeric(String text, int at, int length) {
    for (int i = at; i < at + length; i++) {
      if (!Character.isLetterOrDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static String bare(String text) {
    StringBuilder bare = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
        bare.append(c);
      }
    }
    return Casing.fold(bare.toString());
  }
}
