package io.mantle.privacy.detect.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordTokensTest {

  @Test
  void windows_lettersDigitsAndMarks_areCutApart() {
    assertThat(words("Jane's B2B,\u00a0x_1\n"))
        .containsExactly("Jane", "'", "s", "B", "2", "B", ",", "x", "_", "1", "\n");
  }

  @Test
  void windows_marksAndSurrogatePairs_stayWithTheirLetters() {
    String bold = "\ud835\udc00\ud835\udc01";
    assertThat(words("Zoe\u0308 \ud83d\ude00" + bold))
        .containsExactly("Zoe\u0308", "\ud83d\ude00", bold);
  }

  @Test
  void windows_offsets_pointIntoTheText() {
    String text = "\ud83d\ude00 Zo\u00eb  Smith-Lee.\n12 km";
    for (WordTokens window : WordTokens.windows(text)) {
      String[] words = window.toArray();
      for (int i = 0; i < window.size(); i++) {
        assertThat(text.substring(window.start(i), window.end(i))).isEqualTo(words[i]);
      }
    }
  }

  @Test
  void windows_longText_areOfBoundedSize() {
    List<WordTokens> windows = WordTokens.windows("a\n".repeat(100_000));

    assertThat(windows).allMatch(window -> window.size() <= WordTokens.WINDOW_TOKENS_MAX);
    assertThat(windows.stream().mapToInt(WordTokens::size).sum()).isEqualTo(200_000);
  }

  @Test
  void stretches_capitalsFarApart_areCutOutWithTheirContext() {
    assertThat(stretches("a b c d Jane e f g h i j k l m n Paul o"))
        .containsExactly("b c d Jane e f g", "l m n Paul o");
  }

  @Test
  void stretches_capitalsInTheFirstWords_areAllThere() {
    assertThat(stretches("Jane b c d e f g h i Paul")).containsExactly("Jane b c d", "g h i Paul");
  }

  @Test
  void stretches_noCapitals_areTheWholeOrNothing() {
    assertThat(stretches("i am jane and you are paul and so on"))
        .containsExactly("i am jane and you are paul and so on");
    assertThat(stretches("1 + 2 = 3")).isEmpty();
  }

  private static List<String> stretches(String text) {
    return WordTokens.stretches(text).stream().map(s -> String.join(" ", s.toArray())).toList();
  }

  @Test
  void windows_nothingOrBlanks_areNone() {
    assertThat(WordTokens.windows("")).isEmpty();
    assertThat(WordTokens.windows(" \t ")).isEmpty();
  }

  private static List<String> words(String text) {
    return WordTokens.windows(text).stream().flatMap(w -> List.of(w.toArray()).stream()).toList();
  }
}
