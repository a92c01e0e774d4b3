package io.mantle.privacy.detect.names;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stretch of a text cut into runs of letters, runs of digits, line ends and single other
 * characters, each with its offsets in the text.
 *
 * <p>Guarantees: combining marks stay with their letters, surrogate pairs are never cut, blanks are
 * no tokens. A text is cut into windows of at most {@value #WINDOW_TOKENS_MAX} tokens, at line ends
 * where there are some, so that whatever reads a window costs a bounded time.
 */
public final class WordTokens {
  /** The longest window, in tokens. */
  public static final int WINDOW_TOKENS_MAX = 256;

  private static final int CONTEXT_TOKENS = 3;
  private static final int WINDOW_TOKENS_FULL = 192;

  private final String[] words;
  private final int[] starts;
  private final int[] ends;

  private WordTokens(String[] words, int[] starts, int[] ends) {
    this.words = words;
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * The parts of a text in which a name may stand, in order, none overlapping: around words with
   * capitals, with {@value #CONTEXT_TOKENS} tokens before and after, and whole windows that have no
   * capitals at all. The model sees nothing else, which saves most of its time.
   */
  public static List<WordTokens> stretches(String text) {
    List<WordTokens> stretches = new ArrayList<>();
    for (WordTokens window : windows(text)) {
      window.addStretches(stretches);
    }
    return stretches;
  }

  private void addStretches(List<WordTokens> stretches) {
    int from = -1;
    int to = -1;
    boolean letters = false;
    for (int i = 0; i < words.length; i++) {
      Shape shape = Shape.of(words[i]);
      letters |= shape.isWord();
      if (shape.hasCapital()) {
        if (from < 0 || i - CONTEXT_TOKENS > to) {
          addPart(from, to, stretches);
          from = Math.max(0, i - CONTEXT_TOKENS);
        }
        to = Math.min(words.length, i + CONTEXT_TOKENS + 1);
      }
    }
    if (from >= 0) {
      addPart(from, to, stretches);
    } else if (letters) {
      stretches.add(this);
    }
  }

  private void addPart(int from, int to, List<WordTokens> parts) {
    if (from >= 0) {
      parts.add(
          new WordTokens(
              Arrays.copyOfRange(words, from, to),
              Arrays.copyOfRange(starts, from, to),
              Arrays.copyOfRange(ends, from, to)));
    }
  }

  private static WordTokens window(List<String> words, int[] starts, int[] ends) {
    int size = words.size();
    return new WordTokens(
        words.toArray(String[]::new), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
  }

  /** Cuts the whole text, in order. */
  static List<WordTokens> windows(String text) {
    List<WordTokens> windows = new ArrayList<>();
    int length = text.length();
    int at = 0;
    List<String> words = new ArrayList<>();
    int[] starts = new int[WINDOW_TOKENS_MAX];
    int[] ends = new int[WINDOW_TOKENS_MAX];
    while (at < length) {
      int code = text.codePointAt(at);
      int end = tokenEnd(text, at, code);
      if (code != '\n' && (Character.isWhitespace(code) || Character.isSpaceChar(code))) {
        at = end;
        continue;
      }
      starts[words.size()] = at;
      ends[words.size()] = end;
      words.add(text.substring(at, end));
      at = end;
      if (words.size() == WINDOW_TOKENS_MAX
          || (words.size() >= WINDOW_TOKENS_FULL && code == '\n')) {
        windows.add(window(words, starts, ends));
        words.clear();
      }
    }
    if (!words.isEmpty()) {
      windows.add(window(words, starts, ends));
    }
    return windows;
  }

  private static int tokenEnd(String text, int start, int first) {
    int at = start + Character.charCount(first);
    boolean letters = Character.isLetter(first);
    if (!letters && !Character.isDigit(first)) {
      return at;
    }
    while (at < text.length()) {
      int code = text.codePointAt(at);
      boolean same = letters ? Character.isLetter(code) || isMark(code) : Character.isDigit(code);
      if (!same) {
        return at;
      }
      at += Character.charCount(code);
    }
    return at;
  }

  private static boolean isMark(int code) {
    int type = Character.getType(code);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  /** The tokens as written; the caller leaves the array as it is. */
  String[] words() {
    return words;
  }

  /** How many tokens. */
  public int size() {
    return words.length;
  }

  /** Where a token begins in the text, in UTF-16 units. */
  public int start(int token) {
    return starts[token];
  }

  /** Past the end of a token in the text, in UTF-16 units. */
  public int end(int token) {
    return ends[token];
  }

  /** A copy of the tokens as written. */
  public String[] toArray() {
    return words.clone();
  }
}
