package io.mantle.privacy.detect.tagger;

/**
 * What each label has for it at a token: the sum of its features' rows. Two fifths of them follow
 * from one word and its letter case, and are remembered for common words.
 *
 * <p>Not safe for many threads; made for one call.
 */
final class Scorer {
  /** Which of a token's three words a remembered sum is of. */
  private static final int WORD = 0;

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
    addLeft(tokens, token);
    addRight(tokens, token);
    model.add(rows, features.describePlace(tokens, token, rows), sums);
    sums.unpack(scores);
  }

  private void addWord(Tokens tokens, int token) {
    boolean common = tokens.isCommon(token);
    long word = tokens.word(token);
    int context = tokens.wordContext(token) | WORD;
    if (!common || !memo.addTo(sums, word, context)) {
      add(features.describeWord(tokens, token, rows), common, word, context);
    }
  }

  private void addLeft(Tokens tokens, int token) {
    boolean common = tokens.isCommon(token - 1);
    long word = tokens.word(token - 1);
    int context = tokens.neighbourContext(token) | LEFT;
    if (!common || !memo.addTo(sums, word, context)) {
      add(features.describeLeft(tokens, token, rows), common, word, context);
    }
  }

  private void addRight(Tokens tokens, int token) {
    boolean common = tokens.isCommon(token + 1);
    long word = tokens.word(token + 1);
    int context = tokens.neighbourContext(token) | RIGHT;
    if (!common || !memo.addTo(sums, word, context)) {
      add(features.describeRight(tokens, token, rows), common, word, context);
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
