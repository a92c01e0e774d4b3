package io.mantle.privacy.produced;

import io.mantle.privacy.rehydrate.Rehydrator;
import java.util.List;

/** Looks through one output channel of an answer. Used by one thread at a time. */
public sealed interface Scanner permits TextScanner, JsonScanner {

  /**
   * Takes the next piece; returns what may leave now.
   *
   * @param restored where in the piece values were restored, which are none of the model's own
   * @throws AnswerBlockedException if the answer must not go on
   */
  String accept(String piece, List<Rehydrator.Restored> restored);

  /** Ends the channel; returns what was held back. */
  String finish();

  /** How much is held back, in UTF-16 units. */
  int heldChars();
}
