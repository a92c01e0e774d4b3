package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of no known layout that the words before them name: {@code passport number XG9382049},
 * {@code "patient_id": "AHC-0933289"}, {@code Kontonummer 7391028373}. Between the name and the
 * number stand but a few words that carry no meaning of their own.
 */
final class LabelledNumberRecognizer implements Recognizer {
  private static final int CHARS_MAX = 34;
  private static final int WORDS_BACK_MAX = 5;
  private static final int WORD_CHARS_MAX = 24;
  private static final int GAP_CHARS_MAX = 6;
  private static final int DIGEST_CHARS_MIN = 12;

  /** Behind these words four digits are the rest of a number. */
  private static final Set<String> PART_WORDS =
      Set.of("ending", "ends", "last", "four", "endet", "termina");

  private static final Map<String, EntityType> LABELS = labels();

  /** Words that may stand between, or make a compound with, a label. */
  private static final Set<String> FILLERS =
      Set.of(
          "number",
          "numbers",
          "no",
          "nr",
          "num",
          "id",
          "ids",
          "is",
          "was",
          "are",
          "card",
          "code",
          "s",
          "t",
          "like",
          "ist",
          "lautet",
          "nummer",
          "num\u00e9ro",
          "numero",
          "n\u00famero",
          "numer",
          "es",
          "est",
          "file",
          "record",
          "policy",
          "details",
          "new",
          "my",
          "the",
          "de",
          "des",
          "di",
          "du",
          "la",
          "of",
          "value",
          "as",
          "with",
          "ref",
          "reference",
          "ending",
          "ends",
          "last",
          "four",
          "digits",
          "linked",
          "in",
          "dl");

  private static final String[] SUFFIXES = {"number", "nummer", "numer", "nr", "no", "id"};

  private static Map<String, EntityType> labels() {
    Map<String, EntityType> labels = new HashMap<>();
    put(
        labels,
        EntityType.PASSPORT,
        "passport passports reisepass pass passeport pasaporte passaporto paspoort passaporte"
            + " paszport paszportu");
    put(
        labels,
        EntityType.DRIVER_LICENSE,
        "license licence licenses dl dln f\u00fchrerschein fuehrerschein permis rijbewijs patente"
            + " k\u00f6rkort");
    put(
        labels,
        EntityType.MEDICAL_ID,
        "patient mrn member medicare medicaid medical health hospital beneficiary mbi npi dea nhs insurance"
            + " policy krankenversicherung versicherten chart prescription subscriber");
    put(
        labels,
        EntityType.BANK_ACCOUNT,
        "account accounts acct acc routing aba konto cuenta compte conto rekening conta ifsc bsb"
            + " sortcode iban swift kto blz clabe");
    put(
        labels,
        EntityType.NATIONAL_ID,
        "tax tin ein itin nino steuer steueridentifikations identifikations idnr ausweis"
            + " personalausweis dni nie nif fiscale bsn burgerservice pesel nip personnummer aadhaar"
            + " aadhar pan voter cpf cnpj tfn abn nric fin sin nir hetu curp national identity"
            + " citizen employee tribal student staff personnel matricula rijksregister ssn social security");
    put(labels, EntityType.USERNAME, "user login");
    put(
        labels,
        EntityType.CREDIT_CARD,
        "card visa mastercard amex kreditkarte tarjeta carte carta");
    return Map.copyOf(labels);
  }

  private static void put(Map<String, EntityType> labels, EntityType type, String words) {
    for (String word : words.split(" ", -1)) {
      labels.put(word, type);
    }
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    int free = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      int digit = passage.runStart(run);
      if (digit < free) {
        continue;
      }
      int start = chainStart(passage, digit, free);
      int end = chainEnd(passage, digit);
      free = end;
      if (end - start > CHARS_MAX || !passage.startsNumber(start) || !isClosed(passage, end)) {
        continue;
      }
      int digits = digits(passage, start, end);
      boolean masked = isMasked(passage, start, end);
      if (digits < 3 || (digits == 3 && !masked) || isDigest(passage, start, end)) {
        continue;
      }
      EntityType type = type(passage, start);
      if (type == null) {
        continue;
      }
      boolean part = masked || (digits == 4 && ContextWords.before(passage, start, PART_WORDS));
      boolean enough = type != EntityType.CREDIT_CARD && digits >= digitsMin(passage, start, type);
      if (part || enough) {
        found.accept(new Span(start, end, type, 0.75));
      }
    }
  }

  /** {@code 4532****7890} and {@code 987-XX-XXXX}. */
  private static boolean isMasked(Passage passage, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      char c = passage.at(i);
      if (isMask(c) && passage.at(i - 1) == c) {
        return true;
      }
    }
    return isMask(passage.at(start)) && passage.at(start) != 'x' && passage.at(start) != 'X';
  }

  private static boolean isMask(char c) {
    return c == '*' || c == 'X' || c == 'x' || c == '\u2022';
  }

  /** Hex digits in lower case, letters among them, are what a program made. */
  private static boolean isDigest(Passage passage, int start, int end) {
    int letters = 0;
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (c >= 'a' && c <= 'f') {
        letters++;
      } else if (!CharClass.isDigit(c)) {
        return false;
      }
    }
    return letters > 1 && end - start >= DIGEST_CHARS_MIN;
  }

  private static int digitsMin(Passage passage, int start, EntityType type) {
    boolean letters = CharClass.isAsciiLetter(passage.at(start));
    return switch (type) {
      case DRIVER_LICENSE -> letters ? 4 : 6;
      case BANK_ACCOUNT -> 6;
      default -> letters ? 4 : 5;
    };
  }

  private static int digits(Passage passage, int start, int end) {
    int digits = 0;
    for (int i = start; i < end; i++) {
      digits += CharClass.isDigit(passage.at(i)) ? 1 : 0;
    }
    return digits;
  }

  private static int chainStart(Passage passage, int digit, int free) {
    int low = Math.max(free, digit - CHARS_MAX - 1);
    int start = digit;
    while (start > low
        && (isPart(passage.at(start - 1))
            || (passage.at(start - 1) == '-' && CharClass.isAsciiAlnum(passage.at(start - 2))))) {
      start--;
    }
    return start;
  }

  private static int chainEnd(Passage passage, int digit) {
    int end = digit;
    while (isPart(passage.at(end))
        || (passage.at(end) == '-' && CharClass.isAsciiAlnum(passage.at(end + 1)))) {
      end++;
    }
    return end;
  }

  private static boolean isPart(char c) {
    return CharClass.isAsciiAlnum(c) || c == '*' || c == '\u2022';
  }

  /** Not the beginning of a decimal, a host, a path, a time, a share or an address. */
  private static boolean isClosed(Passage passage, int end) {
    return switch (passage.at(end)) {
      case '.', ':', ',', '/' -> !CharClass.isWord(passage.at(end + 1));
      case '%', '@', '_', '(' -> false;
      default -> passage.endsWord(end);
    };
  }

  private static @Nullable EntityType type(Passage passage, int start) {
    int at = start;
    for (int word = 0; word < WORDS_BACK_MAX; word++) {
      int end = gapStart(passage, at);
      if (end < 0) {
        return null;
      }
      int begin = end;
      while (end - begin <= WORD_CHARS_MAX && Character.isLetter(passage.at(begin - 1))) {
        begin--;
      }
      if (begin == end || end - begin > WORD_CHARS_MAX) {
        return null;
      }
      String name = passage.text().substring(begin, end).toLowerCase(Locale.ROOT);
      EntityType type = label(name);
      if (type != null) {
        // "user 1000" counts, "user ID 1000" names one.
        boolean counted = type == EntityType.USERNAME || name.equals("member");
        return counted && word == 0 ? null : type;
      }
      if (!FILLERS.contains(name)) {
        return null;
      }
      at = begin;
    }
    return null;
  }

  private static @Nullable EntityType label(String name) {
    EntityType type = LABELS.get(name);
    if (type != null) {
      return type;
    }
    for (String suffix : SUFFIXES) {
      if (name.endsWith(suffix)) {
        return LABELS.get(name.substring(0, name.length() - suffix.length()));
      }
    }
    return null;
  }

  /** Back over the marks between two words; -1 if they part more than words. */
  private static int gapStart(Passage passage, int from) {
    int at = from;
    while (from - at < GAP_CHARS_MAX) {
      switch (passage.at(at - 1)) {
        case ' ', '\t', '\u00a0', ':', '#', '=', '"', '\'', '\u2019', '_', '-', '(', '\\' -> at--;
        case '.' -> {
          boolean abbreviation = passage.at(at - 2) == 'o' || passage.at(at - 2) == 'r';
          if (!abbreviation) {
            return -1;
          }
          at--;
        }
        default -> {
          return at;
        }
      }
    }
    return -1;
  }
}
