package io.mantle.extproc.limit;

import static io.mantle.extproc.tenant.Limits.UNLIMITED;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** One tenant's budgets in memory. Thread-safe; nobody waits long for the lock. */
final class LocalTenant {
  /** Who asks is active for as long as what is shared fairly counts. */
  private static final long ACTIVE_NANOS = Duration.ofMinutes(1).toNanos();

  /** When a stream may end nobody can say; soon is a fair guess. */
  private static final Duration STREAM_RETRY = Duration.ofSeconds(1);

  private final Taken ofTenant = new Taken();
  private final Map<String, Taken> ofKeys = new HashMap<>();

  /** Key id to when it last asked, who did so longest ago first. */
  private final LinkedHashMap<String, Long> active = new LinkedHashMap<>(16, 0.75f, true);

  private long usedNanos;

  /** What the tenant, or one of its keys, has taken. */
  private static final class Taken {
    private final Map<Span, SlidingWindow> windows = new EnumMap<>(Span.class);
    private long streams;

    private SlidingWindow of(Span span) {
      return windows.computeIfAbsent(span, s -> new SlidingWindow(s.length()));
    }
  }

  synchronized Verdict judge(Ask ask, int replicas, LongSupplier nanos) {
    long now = touch(ask, nanos);
    List<Budget> budgets = Budget.of(ask).stream().map(budget -> budget.shared(replicas)).toList();
    Taken key = key(ask);
    int activeKeys = active.size();
    long[] taken = new long[budgets.size()];
    int refusedBy = -1;
    long waitNanos = 0;
    for (int i = 0; i < budgets.size(); i++) {
      Budget budget = budgets.get(i);
      SlidingWindow window = (budget.ofKey() ? key : ofTenant).of(budget.span());
      taken[i] = window.total(now);
      if (!budget.isLimited()) {
        continue;
      }
      long wait = -1;
      long over = taken[i] + budget.amount() - budget.limit();
      if (over > 0) {
        wait = window.waitNanos(now, over);
      } else if (budget.keysPart() >= 0) {
        long beyondShare = FairShare.beyond(budget, taken[i], taken[budget.keysPart()], activeKeys);
        if (beyondShare > 0) {
          wait = key.of(budget.span()).waitNanos(now, beyondShare);
        }
      }
      if (wait >= 0 && (refusedBy < 0 || wait > waitNanos)) {
        refusedBy = i;
        waitNanos = wait;
      }
    }
    if (refusedBy >= 0) {
      Duration wait = Duration.ofNanos(waitNanos);
      return new Verdict.Refused(
          Standing.of(budgets, taken, refusedBy, wait, false),
          budgets.get(refusedBy).span().ofTokens()
              ? Verdict.Reason.TOKENS
              : Verdict.Reason.REQUESTS,
          wait);
    }
    if (key.streams >= share(ask.key().concurrentStreams(), replicas)
        || ofTenant.streams >= share(ask.tenant().concurrentStreams(), replicas)) {
      return new Verdict.Refused(
          Standing.of(budgets, taken, -1, Duration.ZERO, false),
          Verdict.Reason.STREAMS,
          STREAM_RETRY);
    }
    Held held = take(budgets, key, now, nanos);
    for (int i = 0; i < taken.length; i++) {
      taken[i] += budgets.get(i).amount();
    }
    return new Verdict.Admitted(Standing.of(budgets, taken, -1, Duration.ZERO, false), held);
  }

  private static long share(long limit, int replicas) {
    return limit == UNLIMITED ? limit : Math.max(1, limit / replicas);
  }

  synchronized Reservation note(Ask ask, int replicas, LongSupplier nanos) {
    long now = touch(ask, nanos);
    List<Budget> budgets = Budget.of(ask).stream().map(budget -> budget.shared(replicas)).toList();
    return take(budgets, key(ask), now, nanos);
  }

  private long touch(Ask ask, LongSupplier nanos) {
    long now = nanos.getAsLong();
    usedNanos = now;
    active.put(ask.keyId(), now);
    for (Iterator<Long> eldest = active.values().iterator(); eldest.hasNext(); ) {
      if (now - eldest.next() < ACTIVE_NANOS) {
        break;
      }
      eldest.remove();
    }
    return now;
  }

  private Taken key(Ask ask) {
    return ofKeys.computeIfAbsent(ask.keyId(), _ -> new Taken());
  }

  private Held take(List<Budget> budgets, Taken key, long now, LongSupplier nanos) {
    long[] slots = new long[budgets.size()];
    for (int i = 0; i < slots.length; i++) {
      Budget budget = budgets.get(i);
      slots[i] = (budget.ofKey() ? key : ofTenant).of(budget.span()).take(now, budget.amount());
    }
    key.streams++;
    ofTenant.streams++;
    return new Held(budgets, slots, key, nanos);
  }

  synchronized boolean isForgotten(long sinceNanos) {
    return ofTenant.streams == 0 && usedNanos - sinceNanos < 0;
  }

  /** What one request took. */
  private final class Held implements Reservation {
    private final List<Budget> budgets;
    private final long[] slots;
    private final Taken key;
    private final LongSupplier nanos;
    private final AtomicBoolean settled = new AtomicBoolean();

    private Held(List<Budget> budgets, long[] slots, Taken key, LongSupplier nanos) {
      this.budgets = budgets;
      this.slots = slots;
      this.key = key;
      this.nanos = nanos;
    }

    @Override
    public void settle(long tokensUsed) {
      if (settled.getAndSet(true)) {
        return;
      }
      synchronized (LocalTenant.this) {
        long now = nanos.getAsLong();
        key.streams--;
        ofTenant.streams--;
        for (int i = 0; i < slots.length; i++) {
          Budget budget = budgets.get(i);
          Taken taken = budget.ofKey() ? key : ofTenant;
          if (budget.span().ofTokens()) {
            taken.of(budget.span()).correct(now, slots[i], tokensUsed - budget.amount());
          }
        }
      }
    }
  }
}
