package io.mantle.vault;

import io.mantle.vault.value.VaultException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a vault has done since it was made. Safe for use by many threads. */
public final class VaultCounts {
  private final LongAdder opened = new LongAdder();
  private final LongAdder surrogatesKept = new LongAdder();
  private final LongAdder keysDestroyed = new LongAdder();
  private final Map<VaultException.Reason, LongAdder> failures =
      new EnumMap<>(VaultException.Reason.class);

  VaultCounts() {
    for (VaultException.Reason reason : VaultException.Reason.values()) {
      failures.put(reason, new LongAdder());
    }
  }

  /** Conversations that were opened. */
  public long opened() {
    return opened.sum();
  }

  /** Surrogates that were stored. */
  public long surrogatesKept() {
    return surrogatesKept.sum();
  }

  /** Keys that were destroyed, of conversations and of tenants. */
  public long keysDestroyed() {
    return keysDestroyed.sum();
  }

  /** Calls that failed for this reason. */
  public long failed(VaultException.Reason reason) {
    LongAdder count = failures.get(reason);
    return count == null ? 0 : count.sum();
  }

  void countOpened() {
    opened.increment();
  }

  void countKept(int surrogates) {
    surrogatesKept.add(surrogates);
  }

  void countDestroyed() {
    keysDestroyed.increment();
  }

  void countFailure(VaultException.Reason reason) {
    LongAdder count = failures.get(reason);
    if (count != null) {
      count.increment();
    }
  }
}
