package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.detect.tagger.Found;
import io.mantle.privacy.detect.tagger.Kind;
import io.mantle.privacy.detect.tagger.Tagger;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What has no fixed form, by the trained tagger: people, places, organisations, addresses, dates,
 * identifiers, and telephone numbers that no numbering plan knows. A single word alone is none:
 * such a string is a key, a value of an enumeration or a greeting far more often than a name.
 */
final class TaggerRecognizer implements Recognizer {
  private static final Set<String> TITLES =
      Set.of(
          "mr",
          "mrs",
          "ms",
          "miss",
          "mx",
          "dr",
          "prof",
          "professor",
          "doctor",
          "sir",
          "madam",
          "herr",
          "frau",
          "mme",
          "mlle",
          "monsieur",
          "madame",
          "sr",
          "sra",
          "señor",
          "señora",
          "sig",
          "signor",
          "signora",
          "dhr",
          "mevr",
          "pan",
          "pani",
          "judge",
          "captain",
          "capt",
          "senator",
          "lord",
          "lady",
          "rev",
          "sgt",
          "lt",
          "col",
          "shri",
          "smt");

  private static final Set<String> SUFFIXES =
      Set.of("jr", "sr", "ii", "iii", "iv", "phd", "md", "esq");

  private static final Set<String> BIRTH_WORDS =
      Set.of(
          "born",
          "birth",
          "birthday",
          "birthdate",
          "dob",
          "geboren",
          "geb",
          "geburtsdatum",
          "geburtstag",
          "né",
          "née",
          "naissance",
          "nacido",
          "nacida",
          "nacimiento",
          "nato",
          "nata",
          "nascita",
          "geboortedatum",
          "urodzony",
          "urodzona",
          "urodzenia",
          "nascido",
          "nascida",
          "nascimento",
          "född",
          "birth_date",
          "date_of_birth",
          "born_on",
          "dateofbirth");

  private static final Set<String> PASSPORT_WORDS =
      Set.of(
          "passport",
          "reisepass",
          "passeport",
          "pasaporte",
          "passaporto",
          "paspoort",
          "passport_number");

  private static final Set<String> LICENCE_WORDS =
      Set.of("license", "licence", "driver", "driving", "führerschein", "dl", "driver_license");

  private static final Set<String> MEDICAL_WORDS =
      Set.of(
          "mrn",
          "medical",
          "patient",
          "health",
          "npi",
          "medicare",
          "medicaid",
          "member",
          "nhs",
          "hospital");

  private static final Set<String> ACCOUNT_WORDS =
      Set.of(
          "account",
          "acct",
          "routing",
          "kontonummer",
          "konto",
          "blz",
          "compte",
          "cuenta",
          "conto",
          "rekening",
          "account_number",
          "bank_account",
          "sort");

  /** Words of programs that stand where a speaker's name stands in a chat: before a colon. */
  private static final Set<String> KEYWORDS =
      Set.of(
          "else",
          "elif",
          "try",
          "except",
          "finally",
          "catch",
          "default",
          "case",
          "then",
          "do",
          "def",
          "class",
          "return",
          "lambda",
          "public",
          "private",
          "protected",
          "static",
          "self",
          "this",
          "super",
          "true",
          "false",
          "null",
          "none",
          "undefined",
          "yield",
          "begin",
          "end");

  private static final int IDENTIFIER_CHARS_MIN = 5;
  private static final int IDENTIFIER_SMALL_LETTERS_MAX = 4;
  private static final int KEYWORD_CHARS_MAX = 9;
  private static final int PHONE_DIGITS_MIN = 6;
  private static final int TITLES_MAX = 3;
  private static final int TITLE_CHARS_MAX = 12;
  private static final int SUFFIX_CHARS_MAX = 6;

  private final Tagger tagger;

  TaggerRecognizer(Tagger tagger) {
    this.tagger = tagger;
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (isSingleWord(passage)) {
      return;
    }
    List<Span> spans = new ArrayList<>();
    for (Found entity : tagger.find(passage.text())) {
      int start = trimmedStart(passage, entity.start(), entity.end());
      int end = trimmedEnd(passage, start, entity.end());
      EntityType type = end <= start ? null : type(passage, entity.kind(), start, end);
      if (type == EntityType.USERNAME) {
        start = AccountNames.start(passage, start);
        end = AccountNames.end(passage, start);
      }
      if (type == null
          || isInCode(passage, start, end)
          || isTechnical(passage, type, start, end)
          || (type == EntityType.PERSON && isTextInUnknownScript(passage, start, end))) {
        continue;
      }
      if (type == EntityType.PERSON) {
        start = withTitles(passage, start);
        end = withSuffix(passage, end);
      }
      // A title that was taken for a person, or for a company, is part of the name behind it.
      while (!spans.isEmpty() && spans.getLast().start() >= start) {
        spans.removeLast();
      }
      if (spans.isEmpty() || spans.getLast().end() <= start) {
        spans.add(new Span(start, end, type, entity.certainty()));
      }
    }
    spans.forEach(found);
  }

  private static @Nullable EntityType type(Passage passage, Kind kind, int start, int end) {
    return switch (kind) {
      case PERSON -> EntityType.PERSON;
      case LOCATION -> EntityType.LOCATION;
      case ORG -> EntityType.ORG;
      case ADDRESS -> isPartOfWord(passage, start, end) ? null : EntityType.ADDRESS;
      case PHONE -> digits(passage, start, end) >= PHONE_DIGITS_MIN ? EntityType.PHONE : null;
      case DATE ->
          digits(passage, start, end) > 0 && ContextWords.before(passage, start, BIRTH_WORDS)
              ? EntityType.DATE_OF_BIRTH
              : EntityType.DATE;
      case ID -> {
        if (isAccountName(passage, start, end)) {
          yield EntityType.USERNAME;
        }
        if (hasSmallLetters(passage, start, end)
            && AccountNames.isScrambled(passage.text().substring(start, end))) {
          yield null;
        }
        yield isIdentifier(passage, start, end) ? identifier(passage, start) : null;
      }
    };
  }

  /** One word with small letters, as accounts have and numbers that somebody issued have not. */
  private static boolean isAccountName(Passage passage, int start, int end) {
    int from = AccountNames.start(passage, start);
    int to = AccountNames.end(passage, from);
    if (!hasSmallLetters(passage, start, end)
        || to < end
        || to - from < AccountNames.CHARS_MIN
        || to - from > AccountNames.CHARS_MAX) {
      return false;
    }
    String word = passage.text().substring(from, to);
    return !AccountNames.isNoName(word) && !AccountNames.isScrambled(word);
  }

  /** Two beside each other. */
  private static boolean hasSmallLetters(Passage passage, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      if (isSmall(passage.at(i)) && isSmall(passage.at(i - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSmall(char c) {
    return c >= 'a' && c <= 'z';
  }

  /** Whether the text goes on without a break, as in a hash or in base64. */
  private static boolean isPartOfWord(Passage passage, int start, int end) {
    return CharClass.isWord(passage.at(start - 1)) || CharClass.isWord(passage.at(end));
  }

  /** Long enough, with digits, and not a word with a number such as the name of a model. */
  private static boolean isIdentifier(Passage passage, int start, int end) {
    int small = 0;
    for (int i = start; i < end; i++) {
      small = Character.isLowerCase(passage.at(i)) ? small + 1 : 0;
      if (small > IDENTIFIER_SMALL_LETTERS_MAX) {
        return false;
      }
    }
    return end - start >= IDENTIFIER_CHARS_MIN
        && digits(passage, start, end) > 0
        && !isPartOfWord(passage, start, end);
  }

  private static EntityType identifier(Passage passage, int start) {
    if (ContextWords.before(passage, start, PASSPORT_WORDS)) {
      return EntityType.PASSPORT;
    }
    if (ContextWords.before(passage, start, LICENCE_WORDS)) {
      return EntityType.DRIVER_LICENSE;
    }
    if (ContextWords.before(passage, start, MEDICAL_WORDS)) {
      return EntityType.MEDICAL_ID;
    }
    return ContextWords.before(passage, start, ACCOUNT_WORDS)
        ? EntityType.BANK_ACCOUNT
        : EntityType.NATIONAL_ID;
  }

  private static int digits(Passage passage, int start, int end) {
    int digits = 0;
    for (int i = start; i < end; i++) {
      digits += CharClass.isDigit(passage.at(i)) ? 1 : 0;
    }
    return digits;
  }

  /**
   * Whether a name is the whole of a text in a script that the model was not trained on: it knows
   * nothing there but capitals, which titles of anything have.
   */
  private static boolean isTextInUnknownScript(Passage passage, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (Character.isLetter(c) && Character.UnicodeScript.of(c) == Character.UnicodeScript.LATIN) {
        return false;
      }
    }
    int before = start - 1;
    while (before >= 0 && !CharClass.isWord(passage.at(before))) {
      before--;
    }
    int after = end;
    while (after < passage.length() && !CharClass.isWord(passage.at(after))) {
      after++;
    }
    return before < 0 && after == passage.length();
  }

  /** Without the marks before an entity, other than those a number may begin with. */
  private static int trimmedStart(Passage passage, int start, int end) {
    int at = start;
    while (at < end
        && !CharClass.isWord(passage.at(at))
        && !Character.isSurrogate(passage.at(at))
        && passage.at(at) != '('
        && passage.at(at) != '+'
        && passage.at(at) != '#') {
      at++;
    }
    return at;
  }

  /** Without the marks behind an entity, and without a possessive's {@code 's}. */
  private static int trimmedEnd(Passage passage, int start, int end) {
    int at = end;
    boolean possessive =
        at - start > 2
            && (passage.at(at - 1) == 's' || passage.at(at - 1) == 'S')
            && (passage.at(at - 2) == '\'' || passage.at(at - 2) == '\u2019');
    if (possessive) {
      at -= 2;
    }
    while (at > start
        && !CharClass.isWord(passage.at(at - 1))
        && passage.at(at - 1) != ')'
        && !Character.isSurrogate(passage.at(at - 1))) {
      at--;
    }
    return at;
  }

  /** {@code Prof. Dr.} before a name belongs to it. */
  private static int withTitles(Passage passage, int start) {
    int from = start;
    for (int titles = 0; titles < TITLES_MAX; titles++) {
      int end = from;
      while (CharClass.isBlank(passage.at(end - 1)) || passage.at(end - 1) == '.') {
        end--;
      }
      int at = end;
      while (Character.isLetter(passage.at(at - 1)) && end - at < TITLE_CHARS_MAX) {
        at--;
      }
      if (end == from
          || end == at
          || !Character.isUpperCase(passage.at(at))
          || !isOneOf(passage, at, end, TITLES)) {
        return from;
      }
      from = at;
    }
    return from;
  }

  /** {@code , Jr.} behind a name belongs to it. */
  private static int withSuffix(Passage passage, int end) {
    int from = passage.at(end) == ',' ? end + 1 : end;
    if (!CharClass.isBlank(passage.at(from))) {
      return end;
    }
    from++;
    int at = from;
    while (Character.isLetter(passage.at(at)) && at - from < SUFFIX_CHARS_MAX) {
      at++;
    }
    if (at == from
        || !Character.isUpperCase(passage.at(from))
        || !isOneOf(passage, from, at, SUFFIXES)) {
      return end;
    }
    return passage.at(at) == '.' && Character.isLowerCase(passage.at(at - 1)) ? at + 1 : at;
  }

  private static boolean isOneOf(Passage passage, int start, int end, Set<String> words) {
    return words.contains(passage.text().substring(start, end).toLowerCase(Locale.ROOT));
  }

  /** {@code Math.max}, {@code Character(}, {@code some_Word}: a word that a program is made of. */
  private static boolean isInCode(Passage passage, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!CharClass.isWord(passage.at(i))) {
        return false;
      }
    }
    if (end - start <= KEYWORD_CHARS_MAX && isOneOf(passage, start, end, KEYWORDS)) {
      return true;
    }
    char before = passage.at(start - 1);
    char after = passage.at(end);
    return switch (after) {
      case '(', '_' -> true;
      case '.' -> Character.isLetter(passage.at(end + 1));
      case ':' -> passage.at(end + 1) == ':';
      default -> before == '_' || (before == '.' && CharClass.isWord(passage.at(start - 2)));
    };
  }

  /**
   * What has the look of a name, a date or a number of somebody's, but only in programs and logs.
   */
  private static boolean isTechnical(Passage passage, EntityType type, int start, int end) {
    return switch (type) {
      case PERSON, ORG, LOCATION ->
          TechnicalWords.isIdentifier(passage, start, end)
              || TechnicalWords.isQuotedCode(passage, start, end);
      case DATE, DATE_OF_BIRTH -> TechnicalWords.isVersion(passage, start, end);
      case ADDRESS -> TechnicalWords.isListOfNumbers(passage, start, end);
      case USERNAME -> TechnicalWords.isPackage(passage, start, end);
      default ->
          TechnicalWords.isListOfNumbers(passage, start, end)
              || TechnicalWords.isOperand(passage, start, end);
    };
  }

  private static boolean isSingleWord(Passage passage) {
    String text = passage.text();
    int length = text.length();
    boolean inWord = false;
    boolean seen = false;
    for (int i = 0; i < length; i++) {
      boolean word = !Character.isWhitespace(text.charAt(i));
      if (word && !inWord && seen) {
        return false;
      }
      seen |= word;
      inWord = word;
    }
    return true;
  }
}
