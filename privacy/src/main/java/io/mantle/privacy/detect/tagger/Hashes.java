package io.mantle.privacy.detect.tagger;

import java.util.Locale;

/** The hash functions of the model. Changing one makes every model file useless. */
public final class Hashes {
  private static final int SEED = 0x811c9dc5;
  private static final int PRIME = 0x01000193;
  private static final long LONG_SEED = 0xcbf29ce484222325L;
  private static final long LONG_PRIME = 0x100000001b3L;
  private static final int SPREAD = 0x9e3779b1;

  private Hashes() {}

  static int start() {
    return SEED;
  }

  static int next(int hash, int value) {
    return (hash ^ value) * PRIME;
  }

  static long startLong() {
    return LONG_SEED;
  }

  static long next(long hash, int value) {
    return (hash ^ value) * LONG_PRIME;
  }

  static int folded(long hash) {
    return (int) (hash ^ (hash >>> Integer.SIZE));
  }

  /** Spreads all bits of a value over all bits of the result. */
  static int mixed(int value) {
    int h = value;
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    return h ^ (h >>> 16);
  }

  /** The hash of a phrase so far and its next word. */
  static int joined(int phrase, int word) {
    return Integer.rotateLeft(phrase, 7) * SPREAD + word;
  }

  static int lower(char c) {
    if (c < 128) {
      return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    return Character.toLowerCase(c);
  }

  /** The hash of a word in lower case. */
  static int lower(CharSequence text, int start, int end) {
    int hash = SEED;
    for (int at = start; at < end; at++) {
      hash = next(hash, lower(text.charAt(at)));
    }
    return hash;
  }

  /** The key of a word or phrase in a {@link Lexicon}; blanks do not count, letter case neither. */
  public static int phrase(String words) {
    Tokens tokens = new Tokens(words.toLowerCase(Locale.ROOT));
    tokens.fill(0);
    int hash = 0;
    for (int i = 0; i < tokens.size(); i++) {
      hash = i == 0 ? tokens.lower(i) : joined(hash, tokens.lower(i));
    }
    return hash;
  }

  /** How many tokens a phrase has. */
  public static int tokens(String words) {
    Tokens tokens = new Tokens(words);
    tokens.fill(0);
    return tokens.size();
  }

  /** The key of the first token of a phrase. */
  public static int firstWord(String words) {
    Tokens tokens = new Tokens(words);
    tokens.fill(0);
    return tokens.lower(0);
  }
}
