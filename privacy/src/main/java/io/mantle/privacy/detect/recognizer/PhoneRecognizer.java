package io.mantle.privacy.detect.recognizer;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
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
        } else if (PhoneLayouts.isNational(passage, first, candidate, bracket)) {
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
        default -> !CharClass.isJoined(before);
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
            !CharClass.isJoined(c) || extensionEnd(after) > after || passage.endsWholeNumber(after);
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

    private Verdict international(int first, int last) {
      int digits = PhoneLayouts.digits(passage, first, last);
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

    private boolean isLabelled(int first, int last) {
      int digits = PhoneLayouts.digits(passage, first, last);
      if (digits < 6 || !mayEnd(last) || PhoneLayouts.isDate(passage, first, last)) {
        return false;
      }
      boolean laidOut = last > first;
      if (!laidOut && digits < 7) {
        return false;
      }
      return PhoneWords.say(passage, start)
          || ((laidOut
                  || passage.at(start - 2) == ':'
                  || PhoneLayouts.isDialled(passage, first, digits))
              && PhoneWords.hint(passage, start))
          || ((laidOut || digits == 10) && PhoneWords.follow(passage, passage.runEnd(last)));
    }
  }

  private enum Verdict {
    VALID,
    POSSIBLE,
    NONE
  }
}
