package io.mantle.privacy.detect.tagger;

/**
 * Sums of a model's rows: four 16-bit lanes in each of four longs, for labels 0 2 4 6, 1 3 5 7, 8
 * 10 12 14 and 9 11 13 15. Each weight was raised by {@link TaggerModel#RAISED} to be no less than
 * zero, so that {@link Features#FEATURES_MAX} of them cannot overflow a lane. Not safe for many
 * threads.
 */
final class RowSums {
  private long a;
  private long b;
  private long c;
  private long d;
  private int rows;

  void clear() {
    a = 0;
    b = 0;
    c = 0;
    d = 0;
    rows = 0;
  }

  void add(long moreA, long moreB, long moreC, long moreD, int moreRows) {
    a += moreA;
    b += moreB;
    c += moreC;
    d += moreD;
    rows += moreRows;
  }

  void add(RowSums more) {
    add(more.a, more.b, more.c, more.d, more.rows);
  }

  /** These sums, for ever, as those of a word. */
  WordMemo.Entry entry(long word, int context) {
    return new WordMemo.Entry(word, context, a, b, c, d, rows);
  }

  /** Writes the sum of each label, in steps. */
  void unpack(int[] scores) {
    int raised = rows * TaggerModel.RAISED;
    for (int lane = 0; lane < 4; lane++) {
      int shift = lane * 2 * Byte.SIZE;
      scores[2 * lane] = (int) (a >>> shift & 0xffff) - raised;
      scores[2 * lane + 1] = (int) (b >>> shift & 0xffff) - raised;
      scores[2 * lane + 8] = (int) (c >>> shift & 0xffff) - raised;
      scores[2 * lane + 9] = (int) (d >>> shift & 0xffff) - raised;
    }
  }
}
