package io.mantle.extproc.dialect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the provider signed or sealed, and takes back only as it said it.
 *
 * @param type what the {@code type} of the object says that holds it
 * @param covered the object's text that the seals vouch for: it is delivered unrestored, since the
 *     client has to send it back as it was; null where the seals stand for themselves
 * @param seals the members by which it is signed, or that are sealed themselves
 */
public record SealedObject(String type, @Nullable String covered, List<String> seals) {
  private static final String DELTA = "_delta";

  /** Whether {@code member} of a {@code delta} of that type carries a piece of what is covered. */
  public boolean isCovered(String deltaType, String member) {
    return member.equals(covered) && deltaType.equals(type + DELTA);
  }

  /** Whether {@code member} of a {@code delta} of that type carries a seal. */
  public boolean isSeal(String deltaType, String member) {
    return seals.contains(member)
        && (deltaType.equals(type + DELTA) || deltaType.equals(member + DELTA));
  }
}
