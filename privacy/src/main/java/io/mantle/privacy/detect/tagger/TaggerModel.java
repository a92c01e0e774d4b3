package io.mantle.privacy.detect.tagger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The weights of a linear-chain CRF: a table of rows, one weight per label in each, chosen by the
 * hashes of features; the weights between neighbouring labels; and the word lists.
 *
 * <p>Guarantees: immutable, safe for many threads; about 17 MB for 2^20 rows.
 *
 * <p>Weights are bytes. In memory a row is two longs of eight of them, each raised by 128; masks
 * spread four at a time over 16-bit lanes, so that one addition adds four labels' weights, and
 * {@link Features#FEATURES_MAX} of them cannot overflow a lane. The even labels of a long come
 * first, then the odd ones.
 */
public final class TaggerModel {
  /** Lanes in a row; the last is free. */
  public static final int LANES = 16;

  private static final int MAGIC = 0x4d545234;
  private static final int WORDS = LANES / 8;
  private static final int RAISED = 128;

  /** Every other byte. */
  private static final long EVEN = 0x00ff00ff00ff00ffL;

  private static final int BUFFER_BYTES = 1 << 16;

  private final int tableBits;
  private final float step;
  private final long[] table;
  private final int[] transitions;
  private final Lexicon lexicon;
  private final WordTable words;

  private TaggerModel(
      int tableBits,
      float step,
      byte[] weights,
      int[] transitions,
      Lexicon lexicon,
      WordTable words) {
    this.tableBits = tableBits;
    this.step = step;
    this.transitions = transitions;
    this.lexicon = lexicon;
    this.words = words;
    int rows = 1 << tableBits;
    table = new long[rows * WORDS];
    int from = 0;
    for (int row = 0; row < rows; row++) {
      for (int label = 0; label < Kind.LABELS; label++) {
        long raised = (long) weights[from++] + RAISED;
        table[row * WORDS + (label >> 3)] |= raised << ((label & 7) * Byte.SIZE);
      }
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it cannot be read or is no model of this version
   */
  public static TaggerModel read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(new GZIPInputStream(in, BUFFER_BYTES));
    if (data.readInt() != MAGIC) {
      throw new IOException("not a model of this version");
    }
    int tableBits = data.readByte();
    if (tableBits < 8 || tableBits > 22) {
      throw new IOException("a table of 2^" + tableBits + " rows");
    }
    float step = data.readFloat();
    int[] transitions = new int[Kind.LABELS * Kind.LABELS];
    for (int i = 0; i < transitions.length; i++) {
      transitions[i] = data.readShort();
    }
    byte[] weights = new byte[(1 << tableBits) * Kind.LABELS];
    data.readFully(weights);
    return new TaggerModel(
        tableBits, step, weights, transitions, Lexicon.read(data), WordTable.read(data));
  }

  /**
   * Writes a model file.
   *
   * @param weights {@link #LANES} for each row
   * @param transitions from each label to each
   */
  public static void write(
      OutputStream out,
      int tableBits,
      float[] weights,
      double[][] transitions,
      Lexicon lexicon,
      WordTable words)
      throws IOException {
    float step = 1 / 48f;
    GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER_BYTES);
    DataOutputStream data = new DataOutputStream(packed);
    data.writeInt(MAGIC);
    data.writeByte(tableBits);
    data.writeFloat(step);
    for (double[] row : transitions) {
      for (double weight : row) {
        data.writeShort((int) Math.round(Math.clamp(weight / step, -20_000, 20_000)));
      }
    }
    byte[] bytes = new byte[(1 << tableBits) * Kind.LABELS];
    int to = 0;
    for (int row = 0; row < 1 << tableBits; row++) {
      for (int label = 0; label < Kind.LABELS; label++) {
        bytes[to++] = (byte) Math.round(Math.clamp(weights[row * LANES + label] / step, -127, 127));
      }
    }
    data.write(bytes);
    lexicon.write(data);
    words.write(data);
    data.flush();
    packed.finish();
  }

  int tableBits() {
    return tableBits;
  }

  float step() {
    return step;
  }

  Lexicon lexicon() {
    return lexicon;
  }

  WordTable words() {
    return words;
  }

  /** From each label to each, row by row, in steps. */
  int[] transitions() {
    return transitions;
  }

  /** Adds the weights of {@code count} rows for each label, in steps. */
  void score(int[] rows, int count, int[] scores) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (int i = 0; i < count; i++) {
      int from = rows[i] * WORDS;
      long low = table[from];
      long high = table[from + 1];
      a += low & EVEN;
      b += low >>> Byte.SIZE & EVEN;
      c += high & EVEN;
      d += high >>> Byte.SIZE & EVEN;
    }
    int raised = count * RAISED;
    for (int lane = 0; lane < 4; lane++) {
      int shift = lane * 2 * Byte.SIZE;
      scores[2 * lane] = (int) (a >>> shift & 0xffff) - raised;
      scores[2 * lane + 1] = (int) (b >>> shift & 0xffff) - raised;
      scores[2 * lane + 8] = (int) (c >>> shift & 0xffff) - raised;
      scores[2 * lane + 9] = (int) (d >>> shift & 0xffff) - raised;
    }
  }
}
