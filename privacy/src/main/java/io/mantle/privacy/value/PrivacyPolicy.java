package io.mantle.privacy.value;

import java.util.EnumMap;
import java.util.Map;

/** What happens to entities, by type. A type that is not named is allowed. Immutable. */
public final class PrivacyPolicy {
  private final EnumMap<EntityType, Action> actions = new EnumMap<>(EntityType.class);

  public PrivacyPolicy(Map<EntityType, Action> actions) {
    this.actions.putAll(actions);
  }

  public Action action(EntityType type) {
    return actions.getOrDefault(type, Action.ALLOW);
  }
}
