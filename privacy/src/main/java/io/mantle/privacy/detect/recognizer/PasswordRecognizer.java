package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.detect.recognizer.SecretNames.Kind;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Values that a word before them calls a password or a key: {@code password: xyz}, {@code
 * DB_PASSWD=xyz}, {@code "api_key": "xyz"}, {@code --password xyz}, {@code the password is 'xyz'}.
 * What follows must be plausible as a value: prose, types, variables and empty fields are none.
 */
final class PasswordRecognizer implements Recognizer {
  private static final int BLANKS_MAX = 8;
  private static final int ATTRIBUTE_CHARS_MAX = 24;

  private static final String[] COPULAS = {
    "is ",
    "was ",
    "are ",
    "ist ",
    "war ",
    "lautet ",
    "es ",
    "est ",
    "era ",
    "\u00e8 ",
    "\u00e9 ",
    "to ",
    "to: ",
    "is: ",
    "is set to ",
    "to be ",
    "to '",
    "jest ",
    "on ",
    "\u00e4r "
  };

  /** Whose password it is: then the next word may be it. */
  private static final Set<String> OWNERS =
      Set.of(
          ("my our his her their your the wifi wi-fi mein meine unser mi mon la mia"
                  + " minha mijn moje admin root login temporary new old current s")
              .split(" ", -1));

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    int free = 0;
    for (int word = 0; word < passage.words(); word++) {
      int start = passage.wordStart(word);
      while (isJoinedToNext(passage, word)) {
        word++;
      }
      int end = passage.wordEnd(word);
      if (start < free) {
        continue;
      }
      Kind kind = SecretNames.kind(passage, start, end);
      if (kind != Kind.NONE) {
        free = value(passage, start, end, kind, found);
      }
    }
  }

  /** {@code api-key}: one name. */
  private static boolean isJoinedToNext(Passage passage, int word) {
    int end = passage.wordEnd(word);
    return word + 1 < passage.words()
        && passage.wordStart(word + 1) == end + 1
        && passage.at(end) == '-';
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
    boolean owned = false;
    if (!assigned) {
      int attribute = attributeEnd(passage, afterName);
      if (attribute > 0) {
        assigned = true;
        at = attribute;
      } else if (at == afterName) {
        return nameEnd;
      } else if (isFlag(passage, nameStart)) {
        assigned = true;
      } else {
        int copula = copulaEnd(passage, at);
        if (copula == at && SecretNames.isAlsoAWord(passage, nameStart, nameEnd)) {
          return nameEnd;
        }
        owned =
            copula > at
                && ContextWords.justBefore(passage, nameStart, OWNERS)
                && !passage.text().startsWith("to", at);
        at = copula;
      }
    }
    at = skipBlanks(passage, at);
    boolean escaped = passage.at(at) == '\\' && CharClass.isQuote(passage.at(at + 1));
    if (escaped) {
      at++;
    }
    char quote = passage.at(at);
    boolean quoted = CharClass.isQuote(quote);
    int start = quoted ? at + 1 : at;
    int end =
        quoted ? SecretValue.quotedEnd(passage, start, quote) : SecretValue.bareEnd(passage, start);
    if (end <= start) {
      return start;
    }
    if (passage.text().regionMatches(nameStart, passage.text(), start, end - start)
        && end - start == nameEnd - nameStart) {
      return nameEnd;
    }
    boolean value =
        assigned
            ? SecretValue.isAssigned(passage, start, end, kind, quoted)
            : SecretValue.isTold(passage, start, end, kind, quoted, owned);
    if (value) {
      found.accept(new Span(start, end, EntityType.PASSWORD_OR_SECRET, quoted ? 0.9 : 0.8));
      return end;
    }
    return nameEnd;
  }

  /** {@code --password xyz}: a flag's value stands behind a blank. */
  private static boolean isFlag(Passage passage, int nameStart) {
    return passage.at(nameStart - 1) == '-' && !CharClass.isWord(passage.at(nameStart - 2));
  }

  /**
   * Past {@code value=} or {@code value:} behind a name that is itself a value: {@code
   * key="Password" value="xyz"}, {@code "name": "DB_PASSWORD", "value": "xyz"}, and YAML's two
   * lines; or -1.
   */
  private static int attributeEnd(Passage passage, int from) {
    int at = from;
    while (at - from < ATTRIBUTE_CHARS_MAX
        && (Character.isWhitespace(passage.at(at)) || passage.at(at) == ',')) {
      at++;
    }
    if (passage.at(at) == '"') {
      at++;
    }
    if (at == from || !passage.text().regionMatches(true, at, "value", 0, 5)) {
      return -1;
    }
    at += 5;
    if (passage.at(at) == '"') {
      at++;
    }
    at = skipBlanks(passage, at);
    return passage.at(at) == '=' || passage.at(at) == ':' ? at + 1 : -1;
  }

  private static int skipBlanks(Passage passage, int from) {
    int at = from;
    while (at - from < BLANKS_MAX && CharClass.isBlank(passage.at(at))) {
      at++;
    }
    return at;
  }

  /** Past "is", "was" and their like. */
  private static int copulaEnd(Passage passage, int from) {
    int end = from;
    for (String word : COPULAS) {
      if (passage.text().regionMatches(true, from, word, 0, word.length())) {
        end = Math.max(end, from + word.length());
      }
    }
    return end > from && passage.at(end - 1) == '\'' ? end - 1 : end;
  }
}
