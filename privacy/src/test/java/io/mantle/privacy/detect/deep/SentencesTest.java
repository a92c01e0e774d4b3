package io.mantle.privacy.detect.deep;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SentencesTest {

  @Test
  void uncertain_nothingThatCouldBeAName_isEmpty() {
    assertThat(read("")).isEmpty();
    assertThat(read("The weather is fine. All is well.\n\n")).isEmpty();
    assertThat(read("... -- !\n")).isEmpty();
  }

  @Test
  void uncertain_capitalOrDigitOrNoCapitalAtAll_isRead() {
    assertThat(read("He met Carfax")).containsExactly("He met Carfax");
    assertThat(read("Number 5")).containsExactly("Number 5");
    assertThat(read("call maria")).containsExactly("call maria");
  }

  @Test
  void uncertain_whatWasFound_isCertain() {
    String text = "He met Carfax";
    assertThat(Sentences.uncertain(text, List.of(new Span(7, 13, EntityType.ORG, 1)))).isEmpty();
  }

  @Test
  void uncertain_sentenceAmongCertainOnes_comesWithItsNeighboursOfTheLine() {
    assertThat(
            read("All is well.\nIt rains. Yes it does. He met Carfax. So it goes. And on.\nEnd."))
        .containsExactly("Yes it does. He met Carfax. So it goes. ");
  }

  @Test
  void uncertain_linesOfTheirOwn_areReadAlone() {
    assertThat(read("All is well.\nname: Carfax\nAll is well.\n"))
        .containsExactly("name: Carfax\n");
  }

  @Test
  void uncertain_longLine_isCutBetweenWordsAndReadWhole() {
    String text = "x".repeat(900) + " " + "word ".repeat(300) + "a\ud83d\ude00".repeat(500);
    assertThat(String.join("", read(text))).isEqualTo(text);
  }

  private static List<String> read(String text) {
    return Sentences.uncertain(text, List.of()).stream()
        .map(region -> text.substring(region.start(), region.end()))
        .toList();
  }
}
