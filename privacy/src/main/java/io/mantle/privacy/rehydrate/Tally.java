package io.mantle.privacy.rehydrate;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the restoration of one exchange has done so far, for metrics and for the audit log. Holds no
 * value and no surrogate. Safe for use by many threads.
 */
public final class Tally {
  /** Of more links than this only the number is kept. */
  public static final int WITHHELD_MAX = 64;

  private static final Strategy[] STRATEGIES = Strategy.values();

  /**
   * A surrogate that was left in a link.
   *
   * @param type of what was not restored
   * @param host as the answer has it, or empty where the surrogate stood in the host itself
   */
  public record Withheld(EntityType type, String host) {}

  private final AtomicLongArray restored = new AtomicLongArray(STRATEGIES.length);
  private final List<Withheld> withheld = new ArrayList<>();
  private long withheldCount;

  /** How often each strategy took part in a restoration; those that never did are left out. */
  public Map<Strategy, Long> restored() {
    Map<Strategy, Long> counts = new EnumMap<>(Strategy.class);
    for (Strategy strategy : STRATEGIES) {
      long count = restored.get(Integer.numberOfTrailingZeros(strategy.bit()));
      if (count > 0) {
        counts.put(strategy, count);
      }
    }
    return counts;
  }

  /** The first links in which a surrogate was left, in order; at most {@link #WITHHELD_MAX}. */
  public synchronized List<Withheld> withheld() {
    return List.copyOf(withheld);
  }

  /** How many surrogates were left in links. */
  public synchronized long withheldCount() {
    return withheldCount;
  }

  void restored(int strategies) {
    for (int bits = strategies; bits != 0; bits &= bits - 1) {
      restored.incrementAndGet(Integer.numberOfTrailingZeros(bits));
    }
  }

  synchronized void withheld(EntityType type, String host) {
    withheldCount++;
    if (withheld.size() < WITHHELD_MAX) {
      withheld.add(new Withheld(type, host));
    }
  }
}
