package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dates as people write them, and the times of machines. */
class DateFormsTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "on ⟦12 March 2024⟧ and ⟦March 12, 2024⟧ and ⟦Mar 12th⟧",
        "⟦2024-03-12⟧ ⟦12/03/2024⟧ ⟦12.03.2024⟧ ⟦12-03-2024⟧ ⟦3/12/24⟧",
        "due ⟦5/21⟧, expires ⟦05/25⟧",
        "⟦Monday⟧, ⟦15th of May 2023⟧",
        "am ⟦12. M\u00e4rz 2024⟧, le ⟦12 mars 2024⟧, el ⟦12 de marzo de 2024⟧",
        "il ⟦12 marzo 2024⟧, op ⟦12 maart 2024⟧, em ⟦12 de mar\u00e7o de 2024⟧, ⟦12 marca 2024⟧",
        "⟦2024\u5e743\u670812\u65e5⟧",
        "2024-03-12 10:15:00 INFO started",
        "[2024-03-12T10:15:00.123Z] GET /x",
        "version 1.2.3 and 10.2.24.5 and 3/4 cup and 16/9 ratio and 24/7",
        "Date: ⟦2024-03-12 10:15:00⟧",
        "⟦2024/03/12⟧ and ⟦May 2023⟧ and in ⟦1999⟧"
      })
  void detect_text_findsWhatIsMarked(String marked) {
    String lines = marked.replace('¶', '\n');
    assertThat(Marked.mark(RULES, Marked.plain(lines), EntityType.DATE)).isEqualTo(lines);
  }
}
