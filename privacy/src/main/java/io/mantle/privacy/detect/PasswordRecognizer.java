package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Values that a word before them calls a password or a key: {@code password: xyz}, {@code
 * DB_PASSWD=xyz}, {@code "api_key": "xyz"}, {@code the password is 'xyz'}. What follows must be
 * plausible as a value: prose, types, variables and empty fields are none.
 */
final class PasswordRecognizer implements Recognizer {
  private static final int NAME_CHARS_MIN = 3;
  private static final int NAME_CHARS_MAX = 64;
  private static final int VALUE_CHARS_MAX = 256;
  private static final int GUESSED_CHARS_MIN = 8;

  /** Endings of names, lower case and without joints, whose values people choose. */
  private static final List<String> CHOSEN =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "passcode",
          "pwd",
          "passwort",
          "kennwort",
          "contrase\u00f1a",
          "motdepasse",
          "wachtwoord",
          "senha",
          "has\u0142o");

  /** Endings of names whose values are generated. */
  private static final List<String> GENERATED =
      List.of(
          "apikey",
          "secret",
          "secretkey",
          "accesskey",
          "privatekey",
          "signingkey",
          "encryptionkey",
          "masterkey",
          "accountkey",
          "authtoken",
          "accesstoken",
          "refreshtoken",
          "apitoken",
          "bearertoken",
          "sessiontoken",
          "secrettoken");

  /** Words that stand where a value could and are none. */
  private static final Set<String> NO_VALUES =
      Set.of(
          "password",
          "passwd",
          "secret",
          "hidden",
          "redacted",
          "empty",
          "unknown",
          "number",
          "integer",
          "boolean",
          "object",
          "token",
          "field",
          "input",
          "type",
          "here");

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    String text = passage.text();
    int length = text.length();
    int at = 0;
    while (at < length) {
      if (!CharClass.isWord(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at + 1;
      while (end < length && (CharClass.isWord(text.charAt(end)) || isJoint(passage, end))) {
        end++;
      }
      Kind kind = kind(passage, at, end);
      int free = kind == Kind.NONE ? end : value(passage, at, end, kind, found);
      at = Math.max(free, end);
    }
  }

  private static boolean isJoint(Passage passage, int at) {
    return passage.at(at) == '-' && CharClass.isWord(passage.at(at + 1));
  }

  private enum Kind {
    CHOSEN,
    GENERATED,
    NONE
  }

  private static Kind kind(Passage passage, int start, int end) {
    // All the endings end in one of these; most words stop here.
    int size = end - start;
    if (size > NAME_CHARS_MAX || size < NAME_CHARS_MIN || !mayEndName(passage, end)) {
      return Kind.NONE;
    }
    String name = lowerWithoutJoints(passage, start, end);
    if (CHOSEN.stream().anyMatch(name::endsWith)) {
      return Kind.CHOSEN;
    }
    boolean named = name.equals("token") || GENERATED.stream().anyMatch(name::endsWith);
    return named || endsInSpacedKey(passage, start, name) ? Kind.GENERATED : Kind.NONE;
  }

  private static boolean mayEndName(Passage passage, int end) {
    char before = Character.toLowerCase(passage.at(end - 2));
    return switch (Character.toLowerCase(passage.at(end - 1))) {
      case 'd' -> before == 'r' || before == 'w';
      case 'e' -> before == 's' || before == 'd';
      case 't' -> before == 'r' || before == 'e';
      case 'a' -> before == 'h' || before == '\u00f1';
      case 'o' -> before == '\u0142';
      case 'y' -> before == 'e';
      case 'n' -> before == 'e';
      default -> false;
    };
  }

  /** "API key", "access token", "mot de passe": names in two or three words. */
  private static boolean endsInSpacedKey(Passage passage, int start, String last) {
    if (!last.equals("key") && !last.equals("token") && !last.equals("passe")) {
      return false;
    }
    int low = Math.max(0, start - 10);
    String before = passage.text().substring(low, start).toLowerCase(Locale.ROOT);
    return last.equals("passe")
        ? before.endsWith("mot de ")
        : before.endsWith("api ")
            || before.endsWith("secret ")
            || before.endsWith("access ")
            || before.endsWith("private ")
            || before.endsWith("auth ");
  }

  private static String lowerWithoutJoints(Passage passage, int start, int end) {
    StringBuilder name = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (c != '_' && c != '-') {
        name.append(Character.toLowerCase(c));
      }
    }
    return name.toString();
  }

  /** Reports the value after a name, if there is one; returns how far was read. */
  private static int value(
      Passage passage, int nameStart, int nameEnd, Kind kind, Consumer<Span> found) {
    int at = nameEnd;
    char nameQuote = passage.at(nameStart - 1);
    if (CharClass.isQuote(nameQuote) && CharClass.isQuote(passage.at(at))) {
      at++;
    } else if (passage.at(at) == '\\' && CharClass.isQuote(passage.at(at + 1))) {
      at += 2;
    }
    int afterName = at;
    at = skipBlanks(passage, at);
    boolean assigned = false;
    while (passage.at(at) == ':' || passage.at(at) == '=' || passage.at(at) == '>') {
      assigned = true;
      at++;
    }
    if (!assigned) {
      if (at == afterName) {
        return nameEnd;
      }
      at = skipCopula(passage, at);
    }
    at = skipBlanks(passage, at);
    boolean escaped = passage.at(at) == '\\' && CharClass.isQuote(passage.at(at + 1));
    if (escaped) {
      at++;
    }
    char quote = passage.at(at);
    boolean quoted = CharClass.isQuote(quote);
    int start = quoted ? at + 1 : at;
    int end = quoted ? quotedEnd(passage, start, quote) : bareEnd(passage, start);
    if (end <= start) {
      return start;
    }
    String value = passage.text().substring(start, end);
    if (isValue(passage, value, end, kind, assigned, quoted)) {
      found.accept(new Span(start, end, EntityType.PASSWORD_OR_SECRET, quoted ? 0.9 : 0.8));
      return end;
    }
    return nameEnd;
  }

  private static int skipBlanks(Passage passage, int from) {
    int at = from;
    while (at - from < 8 && CharClass.isBlank(passage.at(at))) {
      at++;
    }
    return at;
  }

  /** Past "is", "was" and their like. */
  private static int skipCopula(Passage passage, int from) {
    for (String word : List.of("is ", "was ", "ist ", "lautet ", "es ", "est ")) {
      if (passage.text().startsWith(word, from)) {
        return from + word.length();
      }
    }
    return from;
  }

  private static int quotedEnd(Passage passage, int start, char quote) {
    char close =
        switch (quote) {
          case '\u201c' -> '\u201d';
          case '\u2018' -> '\u2019';
          case '\u00ab' -> '\u00bb';
          default -> quote;
        };
    int high = Math.min(passage.length(), start + VALUE_CHARS_MAX);
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

  private static int bareEnd(Passage passage, int start) {
    int high = Math.min(passage.length(), start + VALUE_CHARS_MAX);
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

  private static boolean isValue(
      Passage passage, String value, int end, Kind kind, boolean assigned, boolean quoted) {
    if (Plausible.isPlaceholder(value) || Plausible.isNoValue(value, NO_VALUES)) {
      return false;
    }
    if (value.length() < 4 || (!quoted && isExpression(value)) || isSpaced(value)) {
      return false;
    }
    boolean mixed =
        Plausible.hasLetter(value) && (Plausible.hasDigit(value) || Plausible.hasMark(value));
    return switch (kind) {
      case GENERATED -> value.length() >= GUESSED_CHARS_MIN && Plausible.isRandom(value);
      case CHOSEN -> mixed || (assigned && (quoted || endsLine(passage, end, value)));
      case NONE -> false;
    };
  }

  /** Two words or more in quotes are a passphrase only if they are few. */
  private static boolean isSpaced(String value) {
    return value.chars().filter(c -> c == ' ').count() > 5;
  }

  /** {@code config.password}, {@code getPassword()}, {@code os.environ["X"]}. */
  private static boolean isExpression(String value) {
    if (value.indexOf('(') >= 0 || value.indexOf('[') >= 0 || value.indexOf('{') >= 0) {
      char first = value.charAt(0);
      return CharClass.isAsciiLetter(first) || first == '_' || first == '$';
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
        || after == ';';
  }
}
