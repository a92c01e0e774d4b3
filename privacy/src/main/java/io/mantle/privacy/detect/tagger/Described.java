package io.mantle.privacy.detect.tagger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stretch of a text as training sees it: where its tokens are, and the rows of their features.
 */
public final class Described {
  private final int[] starts;
  private final int[] ends;
  private final int[] rows;
  private final int[] offsets;

  private Described(int[] starts, int[] ends, int[] rows, int[] offsets) {
    this.starts = starts;
    this.ends = ends;
    this.rows = rows;
    this.offsets = offsets;
  }

  /** Where a token begins in the text, in UTF-16 units. */
  public int start(int token) {
    return starts[token];
  }

  /** Past the end of a token. */
  public int end(int token) {
    return ends[token];
  }

  /** A copy of the rows of all tokens, one after the other. */
  public int[] rows() {
    return rows.clone();
  }

  /** A copy of where each token's rows begin, and at last where they end. */
  public int[] offsets() {
    return offsets.clone();
  }

  /** How many tokens. */
  public int size() {
    return starts.length;
  }

  /** A text, stretch by stretch, exactly as {@link Tagger} sees it. */
  public static List<Described> of(String text, Lexicon lexicon, WordTable table, int tableBits) {
    List<Described> all = new ArrayList<>();
    Tokens tokens = new Tokens(text);
    Features features = new Features(tableBits);
    int[] buffer = new int[Features.FEATURES_MAX];
    int at = 0;
    while (at < text.length()) {
      at = tokens.fill(at);
      tokens.look(lexicon);
      tokens.look(table);
      int size = tokens.size();
      int[] starts = new int[size];
      int[] ends = new int[size];
      int[] offsets = new int[size + 1];
      int[] rows = new int[size * 64];
      int used = 0;
      for (int i = 0; i < size; i++) {
        starts[i] = tokens.start(i);
        ends[i] = tokens.end(i);
        int count = features.describe(tokens, i, buffer);
        if (used + count > rows.length) {
          rows = Arrays.copyOf(rows, rows.length * 2);
        }
        System.arraycopy(buffer, 0, rows, used, count);
        used += count;
        offsets[i + 1] = used;
      }
      all.add(new Described(starts, ends, Arrays.copyOf(rows, used), offsets));
    }
    return all;
  }
}
