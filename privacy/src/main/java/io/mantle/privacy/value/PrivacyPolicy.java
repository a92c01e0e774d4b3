package io.mantle.privacy.value;

import static java.util.EnumSet.allOf;

import java.util.EnumMap;
import java.util.Map;

/**
 * What happens to entities, by type. A type that is not named is allowed. Immutable; two are equal
 * that do the same.
 */
public final class PrivacyPolicy {
  private final EnumMap<EntityType, Action> actions = new EnumMap<>(EntityType.class);

  public PrivacyPolicy(Map<EntityType, Action> actions) {
    this.actions.putAll(actions);
  }

  public Action action(EntityType type) {
    return actions.getOrDefault(type, Action.ALLOW);
  }

  /** The same policy, but that what it allows is substituted. */
  public PrivacyPolicy allowingNothing() {
    Map<EntityType, Action> stricter = new EnumMap<>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      stricter.put(type, action(type) == Action.ALLOW ? Action.SUBSTITUTE : action(type));
    }
    return new PrivacyPolicy(stricter);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrivacyPolicy that
        && allOf(EntityType.class).stream().allMatch(type -> action(type) == that.action(type));
  }

  @Override
  public int hashCode() {
    return allOf(EntityType.class).stream().map(this::action).toList().hashCode();
  }
}
