package io.mantle.privacy.rehydrate;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How a tenant wants surrogates recognised, and into which links. Immutable.
 *
 * <p>A type that is not named has every strategy.
 */
public final class RestorationPolicy {
  /** Every strategy for every type; no host but those that the prompt names. */
  public static final RestorationPolicy DEFAULT = new RestorationPolicy(Map.of(), Set.of());

  private static final int ALL = (1 << Strategy.values().length) - 1;

  private final Map<EntityType, Integer> enabled = new EnumMap<>(EntityType.class);
  private final Set<String> linkHosts;

  /**
   * A policy.
   *
   * @param strategies which are on for a type; {@link Strategy#EXACT} always is
   * @param linkHosts hosts into whose links values are restored even if the prompt does not name
   *     them; one that begins with {@code *.} means all below it
   */
  public RestorationPolicy(Map<EntityType, Set<Strategy>> strategies, Set<String> linkHosts) {
    strategies.forEach((type, on) -> enabled.put(type, bits(on)));
    Set<String> folded = new HashSet<>();
    linkHosts.forEach(host -> folded.add(host.toLowerCase(Locale.ROOT)));
    this.linkHosts = Set.copyOf(folded);
  }

  /** Only what is spelled as it left is restored. */
  public static RestorationPolicy exactOnly() {
    Map<EntityType, Set<Strategy>> none = new EnumMap<>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      none.put(type, EnumSet.of(Strategy.EXACT));
    }
    return new RestorationPolicy(none, Set.of());
  }

  private static int bits(Set<Strategy> strategies) {
    int bits = bit(Strategy.EXACT);
    for (Strategy strategy : strategies) {
      bits |= bit(strategy);
    }
    return bits;
  }

  static int bit(Strategy strategy) {
    return strategy.bit();
  }

  /** A bit for each strategy that is on. */
  int strategies(EntityType type) {
    return enabled.getOrDefault(type, ALL);
  }

  boolean allowsLinksTo(String host) {
    if (linkHosts.contains(host)) {
      return true;
    }
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      if (linkHosts.contains("*" + host.substring(dot))) {
        return true;
      }
    }
    return false;
  }
}
