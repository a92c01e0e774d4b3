package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Postcodes of the United Kingdom (BS 7666), which lead to a few doors: an area that exists, a
 * district, and behind a blank a sector and a unit. Without the blank a word must say it.
 */
final class PostcodeRecognizer implements Recognizer {
  private static final Set<String> AREAS =
      Set.of(
          ("AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN"
                  + " DT DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA"
                  + " KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL"
                  + " PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS"
                  + " TW UB W WA WC WD WF WN WR WS WV YO ZE")
              .split(" ", -1));

  private static final Set<String> WORDS =
      Set.of("postcode", "postcodes", "code", "zip", "address", "postal");

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int free = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      int digit = passage.runStart(run);
      if (digit < free || passage.runLength(run) > 2 || !isCapital(passage.at(digit - 1))) {
        continue;
      }
      int start = digit - 1;
      start -= isCapital(passage.at(start - 1)) ? 1 : 0;
      int district = passage.runEnd(run);
      district += isCapital(passage.at(district)) ? 1 : 0;
      int sector = district + (passage.at(district) == ' ' ? 1 : 0);
      int end = sector + 3;
      boolean fits =
          CharClass.isDigit(passage.at(sector))
              && isUnit(passage.at(sector + 1))
              && isUnit(passage.at(sector + 2))
              && passage.startsWord(start)
              && passage.endsWord(end)
              && passage.at(start - 1) != '-'
              && AREAS.contains(passage.text().substring(start, digit));
      if (fits
          && (sector > district
              || passage.length() == end - start
              || ContextWords.before(passage, start, WORDS))) {
        found.accept(new Span(start, end, EntityType.ADDRESS, 0.8));
        free = end;
      }
    }
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** The letters of a unit leave out those that look alike. */
  private static boolean isUnit(char c) {
    return isCapital(c) && "CIKMOV".indexOf(c) < 0;
  }
}
