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
  void windows_nothingOrBlanks_areNone() {
    assertThat(WordTokens.windows("")).isEmpty();
    assertThat(WordTokens.windows(" \t ")).isEmpty();
  }

  private static List<String> words(String text) {
    return WordTokens.windows(text).stream().flatMap(w -> List.of(w.toArray()).stream()).toList();
  }
}
