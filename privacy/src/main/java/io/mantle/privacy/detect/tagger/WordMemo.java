package io.mantle.privacy.detect.tagger;

import org.jspecify.annotations.Nullable;

/**
 * The sums of the rows that follow from a word alone, so that they are added up once and not
 * wherever the word stands. Only of words that everybody uses ({@link Tokens#isCommon}): nothing of
 * what makes a text private is kept.
 *
 * <p>Guarantees: bounded ({@value #SLOTS} entries, about 10 MB); a sum read is the sum kept, so
 * that answers do not depend on what is remembered; safe for many threads, which may each work out
 * the same sum and keep it.
 */
final class WordMemo {
  private static final int SLOTS = 1 << 17;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  /** A word's sums. Its fields are final, so that a thread sees all of it or nothing. */
  record Entry(long word, int context, long a, long b, long c, long d, int rows) {}

  private final @Nullable Entry[] entries = new Entry[SLOTS];

  /** Adds a word's sums, if they are known. */
  boolean addTo(RowSums sums, long word, int context) {
    Entry entry = entries[slot(word, context)];
    if (entry == null || entry.word != word || entry.context != context) {
      return false;
    }
    sums.add(entry.a, entry.b, entry.c, entry.d, entry.rows);
    return true;
  }

  void keep(Entry entry) {
    entries[slot(entry.word, entry.context)] = entry;
  }

  private static int slot(long word, int context) {
    long mixed = (word + context * SPREAD) * SPREAD;
    return (int) (((mixed ^ (mixed >>> 29)) * SPREAD) >>> 47);
  }
}
