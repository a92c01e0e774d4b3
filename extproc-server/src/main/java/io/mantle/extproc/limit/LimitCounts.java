package io.mantle.extproc.limit;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a limiter did since its start. Thread-safe. */
public final class LimitCounts {
  private final LongAdder admitted = new LongAdder();
  private final LongAdder withoutShared = new LongAdder();
  private final Map<Verdict.Reason, LongAdder> refused = new EnumMap<>(Verdict.Reason.class);

  /** Nothing yet. */
  public LimitCounts() {
    for (Verdict.Reason reason : Verdict.Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /** Requests that were let in. */
  public long admitted() {
    return admitted.sum();
  }

  /** Requests that were refused for this reason. */
  public long refused(Verdict.Reason reason) {
    LongAdder count = refused.get(reason);
    return count == null ? 0 : count.sum();
  }

  /** Requests that this server judged alone, though budgets should be shared. */
  public long withoutShared() {
    return withoutShared.sum();
  }

  void count(Verdict verdict) {
    switch (verdict) {
      case Verdict.Admitted _ -> admitted.increment();
      case Verdict.Refused no -> {
        LongAdder count = refused.get(no.reason());
        if (count != null) {
          count.increment();
        }
      }
    }
  }

  void countWithoutShared() {
    withoutShared.increment();
  }
}
