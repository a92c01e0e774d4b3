package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import java.util.Set;

/** What the names of accounts are made of. */
final class AccountNames {
  static final int CHARS_MIN = 3;
  static final int CHARS_MAX = 40;
  private static final int HASH_CHARS_MIN = 12;

  /** What stands where a name could, and is a program's, a role's or none. */
  private static final Set<String> NO_NAMES =
      Set.of(
          ("username user users login name type object number integer assistant system"
                  + " password self this value root admin here email account invalid already"
                  + " required anonymous guest default unknown public shared runner ubuntu node"
                  + " app vscode travis jenkins circleci ec2-user vagrant git work project test"
                  + " vsts handle api com org http https not the and but for incorrect taken"
                  + " correct wrong missing empty too used you your our tool function developer"
                  + " postgres all both null")
              .split(" ", -1));

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

  /** Where the name begins that {@code at} is in. */
  static int start(Passage passage, int at) {
    int start = at;
    while (at - start <= CHARS_MAX
        && (CharClass.isAsciiAlnum(passage.at(start - 1))
            || passage.at(start - 1) == '_'
            || ((passage.at(start - 1) == '.' || passage.at(start - 1) == '-')
                && CharClass.isAsciiAlnum(passage.at(start - 2))))) {
      start--;
    }
    return start;
  }

  /** Whether a word of such characters is a program's, a role's, a hash or a placeholder. */
  static boolean isNoName(String word) {
    return Plausible.isNoValue(word, NO_NAMES) || isHash(word);
  }

  /** Whether capitals stand behind digits, as in what a generator made. */
  static boolean isScrambled(String word) {
    boolean digit = false;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      digit |= CharClass.isDigit(c);
      if (digit && Character.isUpperCase(c)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isHash(String value) {
    return value.length() >= HASH_CHARS_MIN
        && value.chars().allMatch(c -> c == '-' || CharClass.isHex((char) c))
        && Plausible.hasDigit(value);
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
