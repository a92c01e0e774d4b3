package io.mantle.privacy.produced;

import io.mantle.privacy.value.EntityType;
import java.util.Optional;

/** An answer must not go on: it holds what its tenant blocks, or cannot be examined. */
public final class AnswerBlockedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<EntityType> type;

  private AnswerBlockedException(Optional<EntityType> type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  static AnswerBlockedException holding(EntityType type) {
    return new AnswerBlockedException(Optional.of(type), "the answer has what is blocked");
  }

  static AnswerBlockedException unexaminable() {
    return new AnswerBlockedException(Optional.empty(), "the answer cannot be examined");
  }

  /** What was found; empty where the answer cannot be examined. */
  public Optional<EntityType> type() {
    return type;
  }
}
