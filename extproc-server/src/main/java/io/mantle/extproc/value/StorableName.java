package io.mantle.extproc.value;

/** A client's words, as far as Postgres stores them: no NUL, no half of a surrogate pair. */
public final class StorableName {
  private static final int CHARS_MAX = 256;

  private StorableName() {}

  /** The name, cut to 256 characters, with a question mark for each that cannot be stored. */
  public static String of(String name) {
    return name.substring(0, Math.min(CHARS_MAX, name.length()))
        .codePoints()
        .map(
            c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
