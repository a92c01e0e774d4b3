package io.mantle.cli;

import java.io.PrintStream;

/**
 * Where the launcher says what it is doing, one short line at a time.
 *
 * <p>May be called from any thread. Lines never hold a key or a token.
 */
@FunctionalInterface
public interface Progress {
  void line(String text);

  /** Writes to {@code stream}, each line flushed at once. */
  static Progress to(PrintStream stream) {
    return text -> {
      stream.println(text);
      stream.flush();
    };
  }
}
