package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.detect.recognizer.DocumentNumbers.Layout;
import io.mantle.privacy.detect.recognizer.DocumentNumbers.Trust;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of documents, patients and banks by the layouts and check digits of {@link
 * DocumentNumbers}.
 *
 * <p>Each run of digits, with the letters before it, begins a number or does not; the counts of
 * both choose the few layouts to try, so that most runs cost one look-up.
 */
final class DocumentNumberRecognizer implements Recognizer {
  private static final int LETTERS_MAX = 6;
  private static final int DIGITS_MAX = 16;
  private static final int LONELY_CHARS_MAX = 80;

  /** What stands between the numbers of a list. */
  private static final Set<String> JOINERS =
      Set.of("", "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "i", "en", "of", "och");

  private static final Pattern WORD_EDGE = Pattern.compile("[^\\p{L}\\p{N}]+");

  /** By the letters and then the digits that a number begins with. */
  private static final List<List<List<Layout>>> BY_BEGINNING = byBeginning();

  private static List<List<List<Layout>>> byBeginning() {
    List<List<List<Layout>>> table = new ArrayList<>();
    for (int letters = 0; letters <= LETTERS_MAX; letters++) {
      List<List<Layout>> row = new ArrayList<>();
      for (int digits = 0; digits <= DIGITS_MAX; digits++) {
        List<Layout> cell = new ArrayList<>();
        for (Layout layout : DocumentNumbers.layouts()) {
          if (canBegin(layout.pattern(), letters, digits)) {
            cell.add(layout);
          }
        }
        row.add(List.copyOf(cell));
      }
      table.add(List.copyOf(row));
    }
    return List.copyOf(table);
  }

  /** Whether so many letters and then so many digits, and no more, can begin {@code pattern}. */
  private static boolean canBegin(String pattern, int letters, int digits) {
    int at = 0;
    for (int i = 0; i < letters; i++) {
      if (at == pattern.length() || "AX".indexOf(pattern.charAt(at)) < 0) {
        return false;
      }
      at++;
    }
    // A mark between letters and digits, as in "AA 99": the run of digits is not at its start.
    if (letters > 0 && at < pattern.length() && " ~-".indexOf(pattern.charAt(at)) >= 0) {
      at++;
    }
    for (int i = 0; i < digits; i++) {
      if (at == pattern.length() || "9X".indexOf(pattern.charAt(at)) < 0) {
        return false;
      }
      at++;
    }
    return digits > 0 && (at == pattern.length() || pattern.charAt(at) != '9');
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int free = 0;
    Candidate candidate = new Candidate(passage);
    for (int run = 0; run < passage.digitRuns(); run++) {
      int digits = passage.runLength(run);
      if (digits > DIGITS_MAX || passage.runStart(run) < free) {
        continue;
      }
      int start = passage.runStart(run);
      int letters = letters(passage, start);
      if (letters > LETTERS_MAX) {
        continue;
      }
      Span span = candidate.best(start - letters, letters, digits);
      // Letters may stand apart from their digits, and may not belong to them.
      if (span == null && letters == 0) {
        int apart = lettersApart(passage, start);
        span = apart == 0 ? null : candidate.best(start - apart - 1, apart, digits);
      }
      if (span != null && span.start() >= free) {
        found.accept(span);
        candidate.last = span;
        free = span.end();
      }
    }
  }

  private static int letters(Passage passage, int start) {
    int letters = 0;
    while (letters <= LETTERS_MAX && CharClass.isAsciiLetter(passage.at(start - letters - 1))) {
      letters++;
    }
    return letters;
  }

  private static int lettersApart(Passage passage, int start) {
    char gap = passage.at(start - 1);
    if (gap != ' ' && gap != '-') {
      return 0;
    }
    int letters = letters(passage, start - 1);
    return letters == 1 || letters == 2 || letters == LETTERS_MAX ? letters : 0;
  }

  /** What is known about the number that may begin at one place. */
  private static final class Candidate {
    private final Passage passage;
    private final StringBuilder bare = new StringBuilder();
    private int start;
    private @Nullable ContextWords words;

    /** What was found before. */
    private @Nullable Span last;

    Candidate(Passage passage) {
      this.passage = passage;
    }

    private @Nullable Span best(int from, int letters, int digits) {
      List<Layout> layouts = BY_BEGINNING.get(letters).get(digits);
      if (layouts.isEmpty() || !passage.startsNumber(from) || passage.at(from - 1) == '+') {
        return null;
      }
      start = from;
      words = null;
      Span best = null;
      for (Layout layout : layouts) {
        int end = end(passage, start, layout.pattern(), bare);
        if (end > 0 && (best == null || end >= best.end()) && layout.check().test(bare)) {
          double score = score(end, layout);
          boolean better = best == null || end > best.end() || score > best.score();
          if (score > 0 && better) {
            best = new Span(start, end, layout.type(), score);
          }
        }
      }
      return best;
    }

    private double score(int end, Layout layout) {
      boolean named = isNamed(end, layout);
      Trust trust = layout.trust();
      // Ten hex digits may look like five letters, four digits and a letter; people write capitals.
      if (trust == Trust.ALONE && hasLower(passage, start, end)) {
        trust = Trust.LONELY;
      }
      if (!named && trust != Trust.NAMED && isNoNumberOfAnybody(end)) {
        return 0;
      }
      return switch (trust) {
        case ALONE -> named ? 0.95 : 0.8;
        case LONELY -> named ? 0.9 : isLonely(passage, start, end) ? 0.6 : 0;
        case NAMED -> named ? 0.85 : 0;
      };
    }

    private boolean isNamed(int end, Layout layout) {
      if (words == null) {
        words = ContextWords.before(passage, start);
      }
      Span previous = last;
      return words.holdsAnyOf(layout.words())
          || ContextWords.soonAfter(passage, end, layout.words())
          || (previous != null
              && previous.type() == layout.type()
              && ContextWords.continuesList(passage, previous.end(), start));
    }

    /** A time in seconds or milliseconds of our days, or digits in order. */
    private boolean isNoNumberOfAnybody(int end) {
      int length = bare.length();
      if ((length == 10 || length == 13) && bare.charAt(0) == '1' && bare.charAt(1) >= '4') {
        return bare.chars().allMatch(c -> CharClass.isDigit((char) c));
      }
      return length >= 8 && length == end - start && CheckDigits.isCounting(bare);
    }
  }

  private static boolean hasLower(Passage passage, int start, int end) {
    for (int i = start; i < end; i++) {
      if (Character.isLowerCase(passage.at(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is nothing else in the text but numbers with as many digits. */
  private static boolean isLonely(Passage passage, int start, int end) {
    if (passage.length() > LONELY_CHARS_MAX) {
      return false;
    }
    String text = passage.text();
    String rest = text.substring(0, start) + ' ' + text.substring(end);
    if (rest.isBlank() || rest.length() <= 4) {
      return text.strip().length() == end - start;
    }
    for (String word : WORD_EDGE.split(rest, -1)) {
      if (!Plausible.hasDigit(word) && !JOINERS.contains(word.toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    long digits = digits(text.substring(start, end));
    long others = digits(rest);
    return others > 0 && others % digits == 0;
  }

  private static long digits(String text) {
    return text.chars().filter(c -> CharClass.isDigit((char) c)).count();
  }

  /** Where {@code pattern} ends if it is at {@code start}, else -1; fills {@code bare}. */
  private static int end(Passage passage, int start, String pattern, StringBuilder bare) {
    bare.setLength(0);
    char joint = Passage.OUTSIDE;
    for (int i = 0; i < pattern.length(); i++) {
      char c = passage.at(start + i);
      boolean fits =
          switch (pattern.charAt(i)) {
            case '9' -> CharClass.isDigit(c);
            case 'A' -> CharClass.isAsciiLetter(c);
            case 'X' -> CharClass.isAsciiAlnum(c);
            case ' ' -> CharClass.isBlank(c);
            case '~' -> {
              boolean first = joint == Passage.OUTSIDE;
              boolean same = first ? c == ' ' || c == '-' || c == '.' || c == ':' : c == joint;
              joint = c;
              yield same;
            }
            default -> c == pattern.charAt(i);
          };
      if (!fits) {
        return -1;
      }
      if (CharClass.isAsciiAlnum(c)) {
        bare.append(Character.toUpperCase(c));
      }
    }
    int end = start + pattern.length();
    return passage.endsNumber(end) ? end : -1;
  }
}
