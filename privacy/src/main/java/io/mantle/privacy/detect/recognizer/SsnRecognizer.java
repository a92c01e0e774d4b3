package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * US social security numbers, and the taxpayer numbers that look like them: written 3-2-4, or as
 * nine digits after words that say so. Areas, groups and serials that are never issued are none,
 * but for an area of 9xx in a text that is nothing else.
 */
final class SsnRecognizer implements Recognizer {
  private static final Set<String> CONTEXT =
      Set.of(
          "ssn",
          "social",
          "security",
          "itin",
          "tin",
          "taxpayer",
          "sozialversicherungsnummer",
          "ss");

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    for (int run = 0; run < passage.digitRuns(); run++) {
      int groups = ssnAt(passage, run);
      if (groups > 0) {
        int start = passage.runStart(run);
        int end = passage.runEnd(run + groups - 1);
        found.accept(new Span(start, end, EntityType.SSN, 0.9));
        run += groups - 1;
      }
    }
  }

  private static int ssnAt(Passage passage, int run) {
    int start = passage.runStart(run);
    if (passage.runLength(run) == 9) {
      boolean plausible =
          passage.startsNumber(start)
              && passage.endsWholeNumber(passage.runEnd(run))
              && isIssuable(passage.text(), start, start + 3, start + 5, true);
      return plausible && ContextWords.before(passage, start, CONTEXT) ? 1 : 0;
    }
    if (isHalved(passage, run) && ContextWords.before(passage, start, CONTEXT)) {
      return 2;
    }
    if (passage.runLength(run) != 3
        || run + 2 >= passage.digitRuns()
        || passage.runLength(run + 1) != 2
        || passage.runLength(run + 2) != 4
        || passage.gapLength(run) != 1
        || passage.gapLength(run + 1) != 1) {
      return 0;
    }
    char separator = passage.at(passage.runEnd(run));
    if ((separator != '-' && separator != ' ' && separator != '.')
        || !passage.startsNumber(start)
        || passage.at(start - 1) == '+'
        || !passage.endsNumber(passage.runEnd(run + 2))) {
      return 0;
    }
    boolean named = ContextWords.before(passage, start, CONTEXT);
    boolean taxpayer =
        named || (separator == '-' && (isTaxpayer(passage, run) || isWhole(passage, run)));
    char second = passage.at(passage.runEnd(run + 1));
    if (second != separator && !(named && (second == '-' || second == ' ' || second == '.'))) {
      return 0;
    }
    return isIssuable(
            passage.text(), start, passage.runStart(run + 1), passage.runStart(run + 2), taxpayer)
        ? 3
        : 0;
  }

  /** A field that holds 3-2-4 and nothing else is of someone, whoever gave the number out. */
  private static boolean isWhole(Passage passage, int run) {
    String text = passage.text();
    return run == 0
        && passage.digitRuns() == 3
        && text.substring(0, passage.runStart(run)).isBlank()
        && text.substring(passage.runEnd(run + 2)).isBlank();
  }

  private static boolean isTaxpayer(Passage passage, int run) {
    String text = passage.text();
    return AmericasChecks.itin(
        text.substring(passage.runStart(run), passage.runEnd(run))
            + text.substring(passage.runStart(run + 1), passage.runEnd(run + 1)));
  }

  /** 123-456789 and 12345-6789: separated once. */
  private static boolean isHalved(Passage passage, int run) {
    if (run + 1 >= passage.digitRuns() || passage.gapLength(run) != 1) {
      return false;
    }
    int first = passage.runLength(run);
    char gap = passage.at(passage.runEnd(run));
    return (first == 3 || first == 5)
        && first + passage.runLength(run + 1) == 9
        && (gap == '-' || gap == ' ' || gap == '.')
        && passage.startsNumber(passage.runStart(run))
        && passage.endsNumber(passage.runEnd(run + 1));
  }

  /** SSA's rules since 2011; area 9xx is the IRS's taxpayer number. */
  private static boolean isIssuable(
      String text, int area, int group, int serial, boolean taxpayer) {
    return !text.startsWith("000", area)
        && !text.startsWith("666", area)
        && (taxpayer || text.charAt(area) != '9')
        && !text.startsWith("00", group)
        && !text.startsWith("0000", serial);
  }
}
