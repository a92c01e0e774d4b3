package io.mantle.extproc.tokens;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Counts the tokens of texts with a bounded amount of work. A tokenizer may take more than linear
 * time for a run without white space, so it is given no more than {@link #PIECE_CHARS_MAX}
 * characters at once; of texts longer than {@link #CHARS_COUNTED_MAX} together, pieces are counted
 * that lie evenly in them, and the rest is thought to be like these.
 */
final class BoundedCount {
  /** Some 0.5 ms. */
  static final int CHARS_COUNTED_MAX = 8 * 1024;

  static final int PIECE_CHARS_MAX = 256;

  /** Where there is no vocabulary: four bytes of most languages are about a token. */
  static final BoundedCount BY_BYTES =
      new BoundedCount(piece -> byBytes(piece.getBytes(StandardCharsets.UTF_8).length));

  private static final int BYTES_PER_TOKEN = 4;

  private final ToIntFunction<String> tokenizer;

  BoundedCount(ToIntFunction<String> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The same for a text that nobody has read. */
  static long byBytes(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  private static int byBytes(int bytes) {
    return (int) byBytes((long) bytes);
  }

  long of(String text) {
    return of(List.of(text));
  }

  long of(List<String> texts) {
    long chars = 0;
    for (String text : texts) {
      chars += text.length();
    }
    // Pieces begin at every n-th character, or where the piece before ended that held it.
    long every = chars <= CHARS_COUNTED_MAX ? 0 : PIECE_CHARS_MAX * (chars / CHARS_COUNTED_MAX + 1);
    long next = 0;
    long before = 0;
    long counted = 0;
    long tokens = 0;
    for (String text : texts) {
      int start = 0;
      while (start < text.length()) {
        if (before + text.length() <= next) {
          break;
        }
        start = (int) Math.max(start, next - before);
        int end = pieceEnd(text, start);
        tokens += tokenizer.applyAsInt(text.substring(start, end));
        counted += end - start;
        next = every == 0 ? 0 : next + every;
        start = end;
      }
      before += text.length();
    }
    return counted == chars ? tokens : Math.round((double) tokens * chars / counted);
  }

  /** Before white space, which belongs to the word that follows. */
  private static int pieceEnd(String text, int start) {
    int end = start + PIECE_CHARS_MAX;
    if (end >= text.length()) {
      return text.length();
    }
    for (int i = end; i > start + PIECE_CHARS_MAX / 2; i--) {
      if (Character.isWhitespace(text.charAt(i))) {
        return i;
      }
    }
    return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
  }
}
