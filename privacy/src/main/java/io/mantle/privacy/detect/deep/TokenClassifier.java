package io.mantle.privacy.detect.deep;

import java.util.List;

/**
 * A model that says of each piece of a text what it is part of.
 *
 * <p>An implementation guarantees: safe for use by many threads; the same pieces give the same
 * guesses; {@link #split} takes linear time; {@link #classify} takes bounded time for {@link
 * #piecesMax} pieces, and may block that long; nothing of a text is kept or quoted in an exception.
 */
public interface TokenClassifier extends AutoCloseable {

  /** Cuts a text into the pieces that the model knows, in order; what it drops has none. */
  Pieces split(String text);

  /** How many pieces {@link #classify} takes at most. */
  int piecesMax();

  /**
   * Judges the pieces {@code from} (inclusive) to {@code to} (exclusive) as one passage.
   *
   * @return one guess for each of these pieces
   * @throws DeepTierException if the model cannot be run
   */
  List<Guess> classify(Pieces pieces, int from, int to);

  @Override
  void close();
}
