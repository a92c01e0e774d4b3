package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.detect.recognizer.SecretNames.Kind;
import java.util.Set;

/** Where a secret's value ends, and whether what stands there could be one. */
final class SecretValue {
  private static final int CHARS_MAX = 1_024;
  private static final int QUOTED_CHARS_MAX = 512;
  private static final int CHARS_MIN = 4;
  private static final int GUESSED_CHARS_MIN = 8;
  private static final int SIGNATURE_CHARS_MIN = 20;

  /** Words that stand where a value could and are none. */
  private static final Set<String> NO_VALUES =
      Set.of(
          ("password passwd passwort secret hidden redacted masked empty unknown number"
                  + " integer boolean object token field input type here changed prompt stdin"
                  + " yes bytes char const self this false user")
              .split(" ", -1));

  /** How a sentence goes on behind "my password is" when it does not say the password. */
  private static final Set<String> PROSE =
      Set.of(
          ("about accepted again already also always and based because being case"
                  + " changed compromised correct currently different easy empty encrypted"
                  + " exactly expired expiring gone good hard hashed hello important incorrect"
                  + " invalid just leaked long lost missing needed never none okay only optional"
                  + " outdated please protected random really rejected required reset safe saved"
                  + " secure sent shared short simple still stolen stored strong stuck that"
                  + " their then there unchanged unknown unsafe used valid very visible weak"
                  + " what working wrong your falsch richtig sicher vergessen")
              .split(" ", -1));

  private SecretValue() {}

  /** The end of what stands in {@code quote}s from {@code start} on, or -1. */
  static int quotedEnd(Passage passage, int start, char quote) {
    char close =
        switch (quote) {
          case '\u201c' -> '\u201d';
          case '\u2018' -> '\u2019';
          case '\u00ab' -> '\u00bb';
          default -> quote;
        };
    int high = Math.min(passage.length(), start + QUOTED_CHARS_MAX);
    for (int at = start; at < high; at++) {
      char c = passage.at(at);
      if (c == '\n') {
        return -1;
      }
      if (c == close) {
        return passage.at(at - 1) == '\\' ? at - 1 : at;
      }
    }
    return -1;
  }

  /** The end of a value without quotes, and without the marks of the sentence around it. */
  static int bareEnd(Passage passage, int start) {
    int high = Math.min(passage.length(), start + CHARS_MAX);
    boolean parameter = passage.at(start - 1) == '=';
    int end = start;
    while (end < high) {
      char c = passage.at(end);
      boolean stops =
          Character.isWhitespace(c)
              || c == '"'
              || c == '`'
              || c == '<'
              || c == '\u00a0'
              || (parameter && (c == '&' || c == ';'));
      if (stops) {
        break;
      }
      end++;
    }
    while (end > start && ".,;:)]}>'\\?".indexOf(passage.at(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  /** Whether a value that something like {@code name=} stands before could be a secret. */
  static boolean isAssigned(Passage passage, int start, int end, Kind kind, boolean quoted) {
    String value = passage.text().substring(start, end);
    if (isNone(value, quoted)) {
      return false;
    }
    return switch (kind) {
      case CHOSEN -> isMixed(value) || quoted || endsLine(passage, end, value);
      case GENERATED -> isGenerated(value);
      case SESSION -> isGenerated(value) && !isUuid(value);
      case NONE -> false;
    };
  }

  /** Whether a value that stands behind a name in a sentence could be a secret. */
  static boolean isTold(
      Passage passage, int start, int end, Kind kind, boolean quoted, boolean owned) {
    String value = passage.text().substring(start, end);
    if (isNone(value, quoted) || value.indexOf('\\') >= 0) {
      return false;
    }
    return switch (kind) {
      case CHOSEN -> isMixed(value) || (owned && (quoted || isWordAlone(passage, end, value)));
      case GENERATED, SESSION -> isGenerated(value) && !isUuid(value);
      case NONE -> false;
    };
  }

  /** "My password is swordfish": a word, and the sentence ends. */
  private static boolean isWordAlone(Passage passage, int end, String value) {
    char after = passage.at(end);
    boolean ends =
        after == Passage.OUTSIDE
            || after == '\n'
            || after == '\r'
            || ((after == '.' || after == ',' || after == '!' || CharClass.isQuote(after))
                && !CharClass.isWord(passage.at(end + 1)));
    return ends
        && value.chars().allMatch(c -> CharClass.isWord((char) c))
        && !Plausible.isNoValue(value, PROSE);
  }

  private static boolean isNone(String value, boolean quoted) {
    return value.length() < CHARS_MIN
        || Plausible.isPlaceholder(value)
        || Plausible.isNoValue(value, NO_VALUES)
        || (!quoted && (isExpression(value) || "*&-".indexOf(value.charAt(0)) >= 0))
        || isSpaced(value);
  }

  private static boolean isGenerated(String value) {
    return value.length() >= GUESSED_CHARS_MIN
        && value.indexOf(' ') < 0
        && (Plausible.isRandom(value)
            || (value.length() >= SIGNATURE_CHARS_MIN && Plausible.isCaseMixed(value)));
  }

  private static boolean isMixed(String value) {
    if (value.length() > 2 && value.charAt(0) == '0' && value.charAt(1) == 'x') {
      return false;
    }
    return Plausible.hasLetter(value) && (Plausible.hasDigit(value) || Plausible.hasMark(value));
  }

  private static boolean isUuid(String value) {
    return value.length() == 36
        && value.chars().allMatch(c -> c == '-' || CharClass.isHex((char) c))
        && value.chars().filter(c -> c == '-').count() == 4;
  }

  /** Two words or more in quotes are a passphrase only if they are few. */
  private static boolean isSpaced(String value) {
    return value.chars().filter(c -> c == ' ').count() > 5;
  }

  /** {@code config.password}, {@code getPassword()}, {@code os.environ["X"]}. */
  private static boolean isExpression(String value) {
    if (value.indexOf('(') >= 0 || value.indexOf('[') >= 0 || value.indexOf('{') >= 0) {
      char first = value.charAt(0);
      return CharClass.isAsciiLetter(first) || first == '_' || first == '$' || first == '*';
    }
    int dot = value.indexOf('.');
    return value.startsWith("$")
        ? value.chars().skip(1).allMatch(c -> CharClass.isWord((char) c))
        : dot > 0 && value.chars().allMatch(c -> c == '.' || Character.isLetter(c) || c == '_');
  }

  /** A plain word is a value where nothing follows it; else it is the beginning of a sentence. */
  private static boolean endsLine(Passage passage, int end, String value) {
    boolean digits = value.chars().allMatch(c -> CharClass.isDigit((char) c));
    char after = passage.at(end);
    return digits
        || after == '\n'
        || after == '\r'
        || after == Passage.OUTSIDE
        || after == '&'
        || after == '<'
        || after == ';';
  }
}
