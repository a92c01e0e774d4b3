package io.mantle.extproc.response;

import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import org.jspecify.annotations.Nullable;

/**
 * Restores one answer's body as it arrives. Used by one thread at a time.
 *
 * <p>The bytes that {@link #accept} and {@link #finish} return, one after the other, are the
 * client's body. What is not changed is passed on byte for byte.
 */
sealed interface BodyRestorer permits WholeJson, EventStream, PlainText {

  /** Takes the next piece; returns what may leave now, possibly nothing. */
  byte[] accept(byte[] piece) throws RefusedException;

  /** Ends the body; returns the rest. */
  byte[] finish() throws RefusedException;

  /** The id to keep of the answer, so far as there is one. */
  @Nullable String answerId();

  /** What the model said so far, before anything was restored in it. */
  SaidText said();

  /** How much of a stream is held back now, a character of restored text counted as a byte. */
  default long heldBytes() {
    return 0;
  }

  /** Whether the provider has said that nothing follows, though the body goes on to its end. */
  default boolean isOver() {
    return false;
  }

  /** What the provider said it cost so far; an estimate where it is not over. Null for nothing. */
  @Nullable TokenCounts tokens();
}
