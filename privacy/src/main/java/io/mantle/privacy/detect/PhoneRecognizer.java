package io.mantle.privacy.detect;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Phone numbers: international ones with a plus sign, checked by libphonenumber; the layouts of
 * North America and of countries with a trunk zero; and other runs of digits where a word beside
 * them says phone. A bare run of digits is none.
 *
 * <p>libphonenumber costs microseconds, so it is asked about plausible candidates only, and at most
 * {@value #PARSES_MAX} times a text; candidates beyond count as numbers.
 */
final class PhoneRecognizer implements Recognizer {
  static final int PARSES_MAX = 2_000;

  private static final int GROUPS_MAX = 7;
  private static final int DIGITS_MAX = 15;

  private static final Set<String> LABELS =
      Set.of(
          "phone",
          "phones",
          "telephone",
          "tel",
          "ph",
          "mobile",
          "cell",
          "cellphone",
          "fax",
          "whatsapp",
          "sms",
          "hotline",
          "landline",
          "telefon",
          "telefonnummer",
          "handy",
          "handynummer",
          "mobil",
          "mobiltelefon",
          "rufnummer",
          "telefono",
          "tel\u00e9fono",
          "m\u00f3vil",
          "celular",
          "t\u00e9l\u00e9phone",
          "t\u00e9l",
          "portable",
          "telefoon",
          "cellulare",
          "telefone",
          "telefax",
          "pager");

  /** Weaker words: they count where a colon or a phone's layout agrees. */
  private static final Set<String> HINTS =
      Set.of(
          "desk",
          "office",
          "contact",
          "call",
          "calling",
          "dial",
          "text",
          "reach",
          "ring",
          "b\u00fcro");

  private static final Set<String> LABELS_AFTER =
      Set.of("office", "mobile", "fax", "cell", "desk", "phone", "home", "work", "tel");

  private final PhoneNumberUtil library;

  PhoneRecognizer(PhoneNumberUtil library) {
    this.library = library;
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    Search search = new Search(passage);
    int run = 0;
    while (run < passage.digitRuns()) {
      int taken = search.phoneAt(run);
      if (taken > 0) {
        found.accept(new Span(search.start, search.end, EntityType.PHONE, search.score));
      }
      run += Math.max(taken, 1);
    }
  }

  /** The groups of digits that may be one number, and what is known about them. */
  private final class Search {
    private final Passage passage;
    private int parses;
    private int start;
    private int end;
    private double score;
    private boolean plus;
    private boolean bracket;

    Search(Passage passage) {
      this.passage = passage;
    }

    /** How many runs of digits, from {@code first} on, are a phone number; 0 if none are. */
    int phoneAt(int first) {
      openAt(first);
      if (!mayStart()) {
        return 0;
      }
      int last = lastGroup(first);
      int possible = -1;
      for (int candidate = last; candidate >= first; candidate--) {
        if (!mayEnd(candidate)) {
          continue;
        }
        if (plus) {
          Verdict verdict = international(first, candidate);
          if (verdict == Verdict.VALID) {
            return accept(first, candidate, 0.95);
          }
          if (verdict == Verdict.POSSIBLE && possible < 0) {
            possible = candidate;
          }
        } else if (isNational(first, candidate)) {
          return accept(first, candidate, 0.85);
        }
      }
      if (possible >= 0) {
        return accept(first, possible, 0.8);
      }
      return !plus && isLabelled(first, last) ? accept(first, last, 0.7) : 0;
    }

    private void openAt(int first) {
      start = passage.runStart(first);
      bracket = passage.at(start - 1) == '(';
      if (bracket) {
        start--;
      }
      plus = passage.at(start - 1) == '+';
      if (plus) {
        start--;
        if (passage.at(start - 1) == '(') {
          bracket = true;
          start--;
        }
      }
    }

    private boolean mayStart() {
      char before = passage.at(start - 1);
      return switch (before) {
        case '.', '-' -> !CharClass.isDigit(passage.at(start - 2)) && !isIdentifier(start - 2);
        case '/' -> CharClass.isAsciiLetter(passage.at(start - 2));
        case '#', '%', '$', '\u20ac', '\u00a3', '*', '^', '+', '@', '&' -> false;
        default -> !CharClass.isWord(before);
      };
    }

    /**
     * {@code gpt-5-nano-2025-08-07}: a letter before the hyphen makes the digits a part of a name.
     */
    private boolean isIdentifier(int index) {
      return CharClass.isWord(passage.at(index)) && !plus && !bracket;
    }

    private int lastGroup(int first) {
      int digits = passage.runLength(first);
      int last = first;
      while (last + 1 < passage.digitRuns()
          && last + 1 - first < GROUPS_MAX
          && digits + passage.runLength(last + 1) <= DIGITS_MAX
          && isGap(passage.runEnd(last), passage.runStart(last + 1))
          && !isZeroFraction(last)) {
        last++;
        digits += passage.runLength(last);
      }
      return last;
    }

    /** 4155552671.0, as JSON may spell a whole number. */
    private boolean isZeroFraction(int run) {
      return passage.at(passage.runEnd(run)) == '.'
          && passage.runLength(run + 1) == 1
          && passage.at(passage.runStart(run + 1)) == '0';
    }

    private boolean isGap(int from, int to) {
      return switch (to - from) {
        case 1 -> isJoint(passage.at(from)) || passage.at(from) == ')' || passage.at(from) == '(';
        case 2 ->
            (passage.at(from) == ')' && isJoint(passage.at(from + 1)))
                || (isJoint(passage.at(from)) && passage.at(from + 1) == '(');
        case 3 ->
            CharClass.isBlank(passage.at(from))
                && (passage.at(from + 1) == '-' || passage.at(from + 1) == '/')
                && CharClass.isBlank(passage.at(from + 2));
        default -> false;
      };
    }

    private boolean isJoint(char c) {
      return c == ' ' || c == '-' || c == '.' || c == '/' || c == '\u00a0' || c == '\u2011';
    }

    private boolean mayEnd(int last) {
      int after = passage.runEnd(last);
      char c = passage.at(after);
      return switch (c) {
        case '.' -> passage.endsWholeNumber(after);
        case '-', '/', ':', ',' -> !CharClass.isDigit(passage.at(after + 1));
        case '%', '\u20ac' -> false;
        default ->
            !CharClass.isWord(c) || extensionEnd(after) > after || passage.endsWholeNumber(after);
      };
    }

    private int accept(int first, int last, double certainty) {
      end = extensionEnd(passage.runEnd(last));
      if (passage.at(start) == '(' && !closesBefore(passage.runEnd(last))) {
        start++;
      }
      score = certainty;
      int taken = last - first + 1;
      while (first + taken < passage.digitRuns() && passage.runStart(first + taken) < end) {
        taken++;
      }
      return taken;
    }

    private boolean closesBefore(int stop) {
      for (int at = start; at < stop; at++) {
        if (passage.at(at) == ')') {
          return true;
        }
      }
      return false;
    }

    /** Past {@code x123} or {@code ext. 123}, if that follows. */
    private int extensionEnd(int from) {
      int at = from;
      if (passage.at(at) == ' ') {
        at++;
      }
      String text = passage.text();
      if (text.regionMatches(true, at, "ext", 0, 3)) {
        at += 3;
        if (passage.at(at) == '.') {
          at++;
        }
        if (passage.at(at) == ' ') {
          at++;
        }
      } else if (passage.at(at) == 'x') {
        at++;
      } else {
        return from;
      }
      int stop = at;
      while (stop - at < 7 && CharClass.isDigit(passage.at(stop))) {
        stop++;
      }
      return stop > at && stop - at < 7 && passage.endsWord(stop) ? stop : from;
    }

    private int digits(int first, int last) {
      int digits = 0;
      for (int run = first; run <= last; run++) {
        digits += passage.runLength(run);
      }
      return digits;
    }

    private Verdict international(int first, int last) {
      int digits = digits(first, last);
      if (digits < 8) {
        return Verdict.NONE;
      }
      if (++parses > PARSES_MAX) {
        return Verdict.POSSIBLE;
      }
      String number = passage.text().substring(start, passage.runEnd(last));
      try {
        var parsed = library.parse(number, null);
        if (library.isValidNumber(parsed)) {
          return Verdict.VALID;
        }
        return library.isPossibleNumber(parsed) ? Verdict.POSSIBLE : Verdict.NONE;
      } catch (NumberParseException notANumber) {
        return Verdict.NONE;
      }
    }

    private boolean isNational(int first, int last) {
      int groups = last - first + 1;
      int digits = digits(first, last);
      if (groups == 2 && isFictional(first, last)) {
        return true;
      }
      if (groups < 2 || digits < 8 || isDate(first, last)) {
        return false;
      }
      return isNorthAmerican(first, last, groups)
          || isBracketed(first, groups, digits)
          || isTrunk(first, groups, digits);
    }

    /** 555-0142: seven digits say nothing, but this exchange is the one that examples use. */
    private boolean isFictional(int first, int last) {
      return passage.text().startsWith("555", passage.runStart(first))
          && passage.runLength(first) == 3
          && passage.runLength(last) == 4
          && passage.at(passage.runEnd(first)) == '-';
    }

    private boolean isNorthAmerican(int first, int last, int groups) {
      int area = last - 2;
      if (groups < 3
          || groups > 4
          || passage.runLength(last) != 4
          || passage.runLength(last - 1) != 3
          || passage.runLength(area) != 3) {
        return false;
      }
      if (groups == 4) {
        String country = passage.text().substring(passage.runStart(first), passage.runEnd(first));
        return country.equals("1")
            || country.equals("001")
            || (country.length() == 2
                && country.charAt(0) >= '2'
                && passage.at(passage.runEnd(first)) == '-'
                && passage.at(passage.runEnd(last - 1)) == '-');
      }
      char gap = passage.at(passage.runEnd(last - 1));
      return bracket || gap == '-' || gap == '.' || isNumberingPlanArea(area, last - 1);
    }

    /**
     * Three groups with blanks between could be anything; areas and exchanges start with 2 to 9.
     */
    private boolean isNumberingPlanArea(int area, int exchange) {
      return passage.at(passage.runStart(area)) >= '2'
          && passage.at(passage.runStart(exchange)) >= '2';
    }

    private boolean isBracketed(int first, int groups, int digits) {
      int length = passage.runLength(first);
      return bracket
          && passage.at(passage.runEnd(first)) == ')'
          && length >= 2
          && length <= 5
          && groups <= 5
          && digits <= 12;
    }

    private boolean isTrunk(int first, int groups, int digits) {
      int length = passage.runLength(first);
      if (passage.at(passage.runStart(first)) != '0') {
        return false;
      }
      if (passage.at(passage.runStart(first) + 1) == '0') {
        return digits >= 10 && groups >= 3 && length >= 2 && length <= 5;
      }
      boolean postal = groups == 2 && length == 5 && digits == 9 && passage.gapLength(first) == 1;
      return !postal && length >= 2 && length <= 5 && digits >= 9 && digits <= 12 && groups <= 6;
    }

    /** Whether the groups begin as a date: 2025-08-07, 07.08.2025, 07/08/2025. */
    private boolean isDate(int first, int last) {
      if (last - first < 2) {
        return false;
      }
      char gap = passage.at(passage.runEnd(first));
      if (gap == ' ' || passage.at(passage.runEnd(first + 1)) != gap) {
        return false;
      }
      int a = passage.runLength(first);
      int b = passage.runLength(first + 1);
      int c = passage.runLength(first + 2);
      return b <= 2 && ((a == 4 && c <= 2) || (a <= 2 && c == 4));
    }

    /** One run of digits that someone could dial: North America's ten, or one with a trunk zero. */
    private boolean isDialled(int run, int digits) {
      int at = passage.runStart(run);
      if (passage.at(at) == '0') {
        return digits >= 10 && digits <= 12;
      }
      if (digits == 11 && passage.at(at) == '1') {
        at++;
      } else if (digits != 10) {
        return false;
      }
      return passage.at(at) >= '2' && passage.at(at + 3) >= '2';
    }

    private boolean isLabelled(int first, int last) {
      int digits = digits(first, last);
      if (digits < 6 || !mayEnd(last) || isDate(first, last)) {
        return false;
      }
      boolean laidOut = last > first;
      if (!laidOut && digits < 7) {
        return false;
      }
      return ContextWords.before(passage, start, LABELS)
          || ((laidOut || passage.at(start - 2) == ':' || isDialled(first, digits))
              && ContextWords.before(passage, start, HINTS))
          || ((laidOut || digits == 10)
              && ContextWords.after(passage, passage.runEnd(last), LABELS_AFTER));
    }
  }

  private enum Verdict {
    VALID,
    POSSIBLE,
    NONE
  }
}
