package io.mantle.privacy.detect.tagger;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The weights of a linear-chain CRF: a table of rows, one weight per label in each, chosen by the
 * hashes of features; the weights between neighbouring labels; and the word lists.
 *
 * <p>Guarantees: gives the same answers for ever, safe for many threads; 16 bytes for each row that
 * says anything.
 *
 * <p>Most rows say next to nothing and are left out: a bit for each row tells whether it is there,
 * and how many are there before it is where it is. So the table is small enough to stay near the
 * processor; what is left out is the table's first row, of zeros.
 *
 * <p>Weights are bytes. In memory a row is two longs of eight of them, each raised by 128; masks
 * spread four at a time over 16-bit lanes, so that one addition adds four labels' weights ({@link
 * RowSums}).
 */
public final class TaggerModel {
  /** Lanes in a row; the last is free. */
  public static final int LANES = 16;

  private static final int MAGIC = 0x4d545236;
  private static final int WORDS = LANES / 8;
  static final int RAISED = 128;

  /** Every other byte. */
  private static final long EVEN = 0x00ff00ff00ff00ffL;

  /** A row whose weights are all this small is left out. */
  private static final float SMALLEST_STEPS = 8.5f;

  private static final int BUFFER_BYTES = 1 << 16;

  private final int tableBits;
  private final float step;
  private final long[] index;
  private final long[] table;
  private final int[] transitions;
  private final Lexicon lexicon;
  private final WordTable words;
  private final WordMemo memo = new WordMemo();

  private TaggerModel(
      int tableBits,
      float step,
      int[] transitions,
      long[] present,
      long[] table,
      Lexicon lexicon,
      WordTable words) {
    this.tableBits = tableBits;
    this.step = step;
    this.transitions = transitions;
    this.index = index(present);
    this.table = table;
    this.lexicon = lexicon;
    this.words = words;
  }

  /** For each 32 rows: which of them are there, and above that how many are there before them. */
  private static long[] index(long[] present) {
    long[] index = new long[present.length * 2];
    long rows = 1;
    for (int i = 0; i < index.length; i++) {
      long some = present[i >> 1] >>> ((i & 1) * Integer.SIZE) & 0xffff_ffffL;
      index[i] = rows << Integer.SIZE | some;
      rows += Long.bitCount(some);
    }
    return index;
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
    long[] present = readLongs(data, (1 << tableBits) / Long.SIZE);
    int rows = 1;
    for (long some : present) {
      rows += Long.bitCount(some);
    }
    long[] table = readLongs(data, rows * WORDS);
    return new TaggerModel(
        tableBits, step, transitions, present, table, Lexicon.read(data), WordTable.read(data));
  }

  private static long[] readLongs(DataInputStream data, int count) throws IOException {
    byte[] bytes = new byte[count * Long.BYTES];
    data.readFully(bytes);
    long[] longs = new long[count];
    ByteBuffer.wrap(bytes).asLongBuffer().get(longs);
    return longs;
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
    BitSet present = new BitSet(1 << tableBits);
    for (int row = 0; row < 1 << tableBits; row++) {
      for (int label = 0; label < Kind.LABELS; label++) {
        if (Math.abs(weights[row * LANES + label] / step) > SMALLEST_STEPS) {
          present.set(row);
        }
      }
    }
    long[] bits = Arrays.copyOf(present.toLongArray(), (1 << tableBits) / Long.SIZE);
    for (long some : bits) {
      data.writeLong(some);
    }
    writeRow(data, new float[LANES], 0, step);
    for (int row = present.nextSetBit(0); row >= 0; row = present.nextSetBit(row + 1)) {
      writeRow(data, weights, row * LANES, step);
    }
    lexicon.write(data);
    words.write(data);
    data.flush();
    packed.finish();
  }

  private static void writeRow(DataOutputStream data, float[] weights, int from, float step)
      throws IOException {
    long[] row = new long[WORDS];
    for (int label = 0; label < Kind.LABELS; label++) {
      long raised = (long) Math.round(Math.clamp(weights[from + label] / step, -127, 127)) + RAISED;
      row[label >> 3] |= raised << ((label & 7) * Byte.SIZE);
    }
    for (long word : row) {
      data.writeLong(word);
    }
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

  /** Adds the weights of {@code count} rows. */
  void add(int[] rows, int count, RowSums sums) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      long some = index[row >>> 5];
      int bits = (int) some;
      int rank = (int) (some >>> Integer.SIZE) + Integer.bitCount(bits & ((1 << row) - 1));
      int from = (rank & -(bits >>> row & 1)) * WORDS;
      long low = table[from];
      long high = table[from + 1];
      a += low & EVEN;
      b += low >>> Byte.SIZE & EVEN;
      c += high & EVEN;
      d += high >>> Byte.SIZE & EVEN;
    }
    sums.add(a, b, c, d, count);
  }

  /** What is remembered of common words; all who use the model share it. */
  WordMemo memo() {
    return memo;
  }
}
