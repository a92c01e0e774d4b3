package io.mantle.privacy.detect;

/** What the names of accounts are made of. */
final class AccountNames {
  private static final int CHARS_MAX = 40;

  private AccountNames() {}

  /** Past the name that begins at {@code from}: letters, digits, underscores, dots inside. */
  static int end(Passage passage, int from) {
    int end = from;
    while (end - from <= CHARS_MAX
        && (CharClass.isAsciiAlnum(passage.at(end))
            || passage.at(end) == '_'
            || ((passage.at(end) == '.' || passage.at(end) == '-')
                && CharClass.isAsciiAlnum(passage.at(end + 1))
                && end > from))) {
      end++;
    }
    return end;
  }

  /** Whether what stands at {@code end} may follow a name: no call, path, index or scope. */
  static boolean mayFollow(Passage passage, int end) {
    return switch (passage.at(end)) {
      case '(', '/', '@', '=', '[', '-', '{' -> false;
      case '.', ':' -> !CharClass.isWord(passage.at(end + 1)) && passage.at(end + 1) != ':';
      default -> passage.endsWord(end);
    };
  }
}
