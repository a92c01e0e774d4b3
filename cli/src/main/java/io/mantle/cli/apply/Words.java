package io.mantle.cli.apply;

import java.util.List;

/** Texts of others, as they may be shown on a terminal. */
final class Words {
  private static final int SHOWN_CHARS_MAX = 200;

  private Words() {}

  /** Without what a terminal would obey, and not endless. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(SHOWN_CHARS_MAX)
        .forEach(
            c ->
                shown.appendCodePoint(
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || Character.getType(c) == Character.SURROGATE
                        ? ' '
                        : c));
    return text.codePointCount(0, text.length()) > SHOWN_CHARS_MAX
        ? shown + "..."
        : shown.toString();
  }

  static String list(List<String> texts) {
    return texts.isEmpty() ? "none" : printable(String.join(", ", texts));
  }
}
