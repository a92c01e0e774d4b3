package io.mantle.privacy.detect.tagger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {

  @Test
  void fill_lettersDigitsAndMarks_areCutApart() {
    assertThat(words("Jane's B2B,\u00a0x_1\n"))
        .containsExactly("Jane", "'", "s", "B", "2", "B", ",", "x", "_", "1", "\n");
  }

  @Test
  void fill_marksAndSurrogatePairs_stayWithTheirLetters() {
    String bold = "\ud835\udc00\ud835\udc01";
    assertThat(words("Zoe\u0308 \ud83d\ude00" + bold))
        .containsExactly("Zoe\u0308", "\ud83d\ude00", bold);
  }

  @Test
  void fill_longText_comesInBoundedStretchesThatLoseNothing() {
    String text = "a\n".repeat(20_000) + "b ".repeat(20_000);
    Tokens tokens = new Tokens(text);
    int total = 0;
    int at = 0;
    while (at < text.length()) {
      at = tokens.fill(at);
      assertThat(tokens.size()).isLessThanOrEqualTo(Tokens.TOKENS_MAX);
      total += tokens.size();
    }
    assertThat(total).isEqualTo(60_000);
  }

  @Test
  void fill_nothingOrBlanks_givesNoTokens() {
    assertThat(words("")).isEmpty();
    assertThat(words(" \t ")).isEmpty();
  }

  @Test
  void phrase_otherCaseAndBlanks_haveTheSameKey() {
    assertThat(Hashes.phrase("New York")).isEqualTo(Hashes.phrase("new  YORK"));
    assertThat(Hashes.phrase("New York")).isNotEqualTo(Hashes.phrase("York New"));
  }

  private static List<String> words(String text) {
    Tokens tokens = new Tokens(text);
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      at = tokens.fill(at);
      for (int i = 0; i < tokens.size(); i++) {
        words.add(text.substring(tokens.start(i), tokens.end(i)));
      }
    }
    return words;
  }
}
