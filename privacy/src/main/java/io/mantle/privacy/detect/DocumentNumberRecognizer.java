package io.mantle.privacy.detect;

import io.mantle.privacy.detect.DocumentNumbers.Layout;
import io.mantle.privacy.detect.DocumentNumbers.Trust;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
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
    StringBuilder bare = new StringBuilder();
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
      Span span = best(passage, start - letters, letters, digits, bare);
      // Letters may stand apart from their digits, and may not belong to them.
      if (span == null && letters == 0) {
        int apart = lettersApart(passage, start);
        span = apart == 0 ? null : best(passage, start - apart - 1, apart, digits, bare);
      }
      if (span != null && span.start() >= free) {
        found.accept(span);
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

  private static @Nullable Span best(
      Passage passage, int start, int letters, int digits, StringBuilder bare) {
    List<Layout> layouts = BY_BEGINNING.get(letters).get(digits);
    if (layouts.isEmpty() || !passage.startsNumber(start) || passage.at(start - 1) == '+') {
      return null;
    }
    Span best = null;
    for (Layout layout : layouts) {
      int end = end(passage, start, layout.pattern(), bare);
      if (end > 0 && (best == null || end > best.end()) && layout.check().test(bare)) {
        double score = score(passage, start, end, layout);
        if (score > 0) {
          best = new Span(start, end, layout.type(), score);
        }
      }
    }
    return best;
  }

  private static double score(Passage passage, int start, int end, Layout layout) {
    boolean named =
        ContextWords.before(passage, start, layout.words())
            || ContextWords.soonAfter(passage, end, layout.words());
    Trust trust = layout.trust();
    // Ten hex digits may look like five letters, four digits and a letter; people write capitals.
    if (trust == Trust.ALONE && hasLower(passage, start, end)) {
      trust = Trust.LONELY;
    }
    return switch (trust) {
      case ALONE -> named ? 0.95 : 0.8;
      case LONELY -> named ? 0.9 : isLonely(passage, start, end) ? 0.6 : 0;
      case NAMED -> named ? 0.85 : 0;
    };
  }

  private static boolean hasLower(Passage passage, int start, int end) {
    for (int i = start; i < end; i++) {
      if (Character.isLowerCase(passage.at(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is nothing else in the text. */
  private static boolean isLonely(Passage passage, int start, int end) {
    return passage.length() - (end - start) <= 4 && passage.text().strip().length() == end - start;
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
