package io.mantle.privacy.detect.tagger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What is remembered of words changes nothing: with a model of random weights, so that all show.
 */
class ScorerTest {
  private static final int TABLE_BITS = 12;
  private static final List<String> WORDS =
      List.of(
          "the", "rose", "Rose", "ROSE", "new", "york", "New", "York", "in", "maria", "Zorblax");
  private static final List<String> MARKS =
      List.of(" ", " ", " ", ", ", ". ", "\n", ": ", "7", "1984", "_");

  private final Random random = new Random(7);
  private final TaggerModel model = model();

  private TaggerModel model() {
    float[] weights = new float[(1 << TABLE_BITS) * TaggerModel.LANES];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    Map<Integer, Integer> lists =
        Map.of(
            Hashes.phrase("maria"), Lexicon.FIRST_NAME,
            Hashes.phrase("new"), Lexicon.BEGINS_PHRASE,
            Hashes.phrase("new york"), Lexicon.CITY);
    long common = WordTable.with(0, 0, new WordTable.Use(3, 6, 1));
    Map<Integer, Long> table =
        Map.of(
            Hashes.phrase("the"), common,
            Hashes.phrase("rose"), WordTable.withMeaning(common, 77),
            Hashes.phrase("new"), common,
            Hashes.phrase("york"), WordTable.with(common, 1, new WordTable.Use(9, 2, 7)),
            Hashes.phrase("maria"), common);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      TaggerModel.write(
          bytes,
          TABLE_BITS,
          weights,
          new double[Kind.LABELS][Kind.LABELS],
          new Lexicon(lists),
          new WordTable(new int[WordTable.LANGUAGES][WordTable.CLUSTERS_MAX], table));
      return TaggerModel.read(new ByteArrayInputStream(bytes.toByteArray()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void score_ofTextsWhoseWordsRepeat_isTheSumOfAllRows() {
    for (int text = 0; text < 400; text++) {
      Tokens tokens = new Tokens(text());
      tokens.fill(0);
      tokens.look(model.lexicon());
      tokens.look(model.words());
      Scorer scorer = new Scorer(model);
      for (int token = 0; token < tokens.size(); token++) {
        int[] scores = new int[TaggerModel.LANES];
        scorer.score(tokens, token, scores);
        assertThat(scores).isEqualTo(sumOfAllRows(tokens, token));
      }
    }
  }

  private int[] sumOfAllRows(Tokens tokens, int token) {
    int[] rows = new int[Features.FEATURES_MAX];
    RowSums sums = new RowSums();
    model.add(rows, new Features(TABLE_BITS).describe(tokens, token, rows), sums);
    int[] scores = new int[TaggerModel.LANES];
    sums.unpack(scores);
    return scores;
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int words = random.nextInt(30);
    for (int i = 0; i < words; i++) {
      text.append(WORDS.get(random.nextInt(WORDS.size())));
      text.append(MARKS.get(random.nextInt(MARKS.size())));
    }
    return text.toString();
  }

  /** What makes a text private is in no sum that outlives the call. */
  @Test
  void isCommon_ofWordsOutsideTheTableAndLongerNumbers_isFalse() {
    Tokens tokens = new Tokens("Zorblax rose 42 1984 !");
    tokens.fill(0);
    tokens.look(model.lexicon());
    tokens.look(model.words());
    assertThat(List.of(0, 1, 2, 3, 4).stream().map(tokens::isCommon))
        .containsExactly(false, true, true, false, true);
    assertThat(tokens.isCommon(-1)).isTrue();
    assertThat(tokens.isCommon(tokens.size())).isTrue();
  }
}
