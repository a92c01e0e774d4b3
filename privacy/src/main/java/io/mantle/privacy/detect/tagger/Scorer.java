package io.mantle.privacy.detect.tagger;

/**
 * What each label has for it at a token: the sum of its features' rows. Two fifths of them follow
 * from one word and its letter case, and are remembered for common words.
 *
 * <p>Not safe for many threads; made for one call.
 */
final class Scorer {
  /** Tell the sums of a token's neighbours from those of its own word. */
  private static final int LEFT = 1 << 30;

  private static final int RIGHT = 2 << 30;

  private final TaggerModel model;
  private final WordMemo memo;
  private final Features features;
  private final int[] rows = new int[Features.FEATURES_MAX];
  private final RowSums sums = new RowSums();
  private final RowSums part = new RowSums();

  Scorer(TaggerModel model) {
    this.model = model;
    this.memo = model.memo();
    this.features = new Features(model.tableBits());
  }

  /** Writes the score of each label, in steps. */
  void score(Tokens tokens, int token, int[] scores) {
    sums.clear();
    addWord(tokens, token);
    addNeighbour(tokens, token, -1);
    addNeighbour(tokens, token, 1);
    model.add(rows, features.describePlace(tokens, token, rows), sums);
    sums.unpack(scores);
  }

  private void addWord(Tokens tokens, int token) {
    boolean common = tokens.isCommon(token);
    long word = tokens.word(token);
    int context = tokens.wordContext(token);
    if (!common || !memo.addTo(sums, word, context)) {
      add(features.describeWord(tokens, token, rows), common, word, context);
    }
  }

  /**
   * What the word beside a token says.
   *
   * @param step -1 for the word before, 1 for the one behind
   */
  private void addNeighbour(Tokens tokens, int token, int step) {
    boolean common = tokens.isCommon(token + step);
    long word = tokens.word(token + step);
    int context = tokens.neighbourContext(token) | (step < 0 ? LEFT : RIGHT);
    if (!common || !memo.addTo(sums, word, context)) {
      add(features.describeNeighbour(tokens, token, step, rows), common, word, context);
    }
  }

  private void add(int count, boolean common, long word, int context) {
    part.clear();
    model.add(rows, count, part);
    sums.add(part);
    if (common) {
      memo.keep(part.entry(word, context));
    }
  }
}
