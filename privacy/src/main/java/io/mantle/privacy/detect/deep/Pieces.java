package io.mantle.privacy.detect.deep;

import java.util.Arrays;

/**
 * The pieces of a text, such as a WordPiece tokenizer makes: a number in the model's vocabulary and
 * the stretch of the text that it stands for, in UTF-16 units, each. Immutable.
 */
public final class Pieces {
  private final int[] ids;
  private final int[] starts;
  private final int[] ends;
  private final int[] words;

  private Pieces(Builder from) {
    ids = Arrays.copyOf(from.ids, from.count);
    starts = Arrays.copyOf(from.starts, from.count);
    ends = Arrays.copyOf(from.ends, from.count);
    words = Arrays.copyOf(from.words, from.count);
  }

  public int count() {
    return ids.length;
  }

  public int id(int piece) {
    return ids[piece];
  }

  public int start(int piece) {
    return starts[piece];
  }

  public int end(int piece) {
    return ends[piece];
  }

  /** Whether the piece goes on with the word of the one before it. */
  public boolean continuesWord(int piece) {
    return piece > 0 && words[piece] == words[piece - 1];
  }

  /** Gathers pieces in the order of the text. */
  public static final class Builder {
    private int[] ids = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] words = new int[64];
    private int count;

    /**
     * Adds a piece.
     *
     * @param word any number; pieces of one word have the same, neighbouring words different ones
     */
    public void add(int id, int start, int end, int word) {
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, count * 2);
        starts = Arrays.copyOf(starts, count * 2);
        ends = Arrays.copyOf(ends, count * 2);
        words = Arrays.copyOf(words, count * 2);
      }
      ids[count] = id;
      starts[count] = start;
      ends[count] = end;
      words[count++] = word;
    }

    public Pieces build() {
      return new Pieces(this);
    }
  }
}
