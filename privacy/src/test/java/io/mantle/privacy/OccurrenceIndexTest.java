package io.mantle.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.Plaintext;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OccurrenceIndexTest {

  @Test
  void candidate_thatStandsInAText_occursInWhateverCase() {
    OccurrenceIndex index =
        new OccurrenceIndex(
            List.of(new Plaintext("Ask Jürgen Groß."), new Plaintext("KELVIN\u212A")));
    assertThat(index.occurs("jürgen")).isTrue();
    assertThat(index.occurs("JÜRGEN GROß")).isTrue();
    assertThat(index.occurs("kelvink")).isTrue();
    assertThat(index.occurs("Ask")).isTrue();
    assertThat(index.occurs("Groß.KELV")).isFalse();
    assertThat(index.occurs("Jurgen")).isFalse();
    assertThat(index.occurs("xyz")).isFalse();
  }

  @Test
  void randomCandidates_occurWhereASearchFindsThem() {
    Random random = new Random(3);
    for (int run = 0; run < 2_000; run++) {
      String text = random(random, 200);
      OccurrenceIndex index = new OccurrenceIndex(List.of(new Plaintext(text)));
      String candidate = random(random, 7);
      boolean stands = text.toLowerCase(Locale.ROOT).contains(candidate.toLowerCase(Locale.ROOT));
      assertThat(index.occurs(candidate)).isEqualTo(stands);
      int from = random.nextInt(text.length());
      assertThat(index.occurs(text.substring(from).toUpperCase(Locale.ROOT))).isTrue();
    }
  }

  private static String random(Random random, int lengthMax) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(lengthMax) + 1; i > 0; i--) {
      text.append("abAB12 é".charAt(random.nextInt(8)));
    }
    return text.toString();
  }
}
