package io.mantle.extproc.dialect;

import org.jspecify.annotations.Nullable;

/**
 * A value that the provider signed or sealed, and takes back only as it said it.
 *
 * @param type what the {@code type} of the object says that holds it
 * @param covered the object's text that the value vouches for: it is delivered unrestored, since
 *     the client has to send it back as it was; null where the value stands for itself
 * @param seal the member that holds the value
 */
public record SealedMember(String type, @Nullable String covered, String seal) {
  private static final String DELTA = "_delta";

  /** Whether a {@code delta} of this type carries a piece of the text that is vouched for. */
  public boolean isCoveredDelta(String deltaType) {
    return covered != null && deltaType.equals(covered + DELTA);
  }

  /** Whether a {@code delta} of this type carries the value. */
  public boolean isSealDelta(String deltaType) {
    return deltaType.equals(seal + DELTA);
  }
}
