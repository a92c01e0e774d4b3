package io.mantle.vault.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends VaultStoreContract {
  @Override
  protected VaultStore store(StoreLimits limits) {
    return new MemoryStore(limits);
  }

  @Test
  void conversation_lookedAt_livesOnElseExpires() {
    AtomicLong nanos = new AtomicLong();
    StoreLimits limits = StoreLimits.STANDARD.withTimeToLive(Duration.ofSeconds(10));
    try (MemoryStore store = new MemoryStore(limits, nanos::get)) {
      store.begin("c", bytes("root"), null);
      nanos.addAndGet(Duration.ofSeconds(9).toNanos());
      assertThat(store.look("acme", "c").root()).isNotNull();
      nanos.addAndGet(Duration.ofSeconds(9).toNanos());
      assertThat(store.look("acme", "c").root()).isNotNull();
      nanos.addAndGet(Duration.ofSeconds(11).toNanos());
      assertThat(store.look("acme", "c").root()).isNull();
    }
  }

  @Test
  void memory_overTheLimit_isNeverUsed() {
    long memoryBytesMax = 100_000;
    try (MemoryStore store =
        new MemoryStore(new StoreLimits(Duration.ofDays(1), 10_000, memoryBytesMax))) {
      for (int i = 0; i < 1_000; i++) {
        store.begin("c" + i, bytes("root"), null);
        store.add("c" + i, bytes("root"), Map.of("s:1", new byte[1_000]), Set.of());
        assertThat(store.memoryBytes()).isLessThanOrEqualTo(memoryBytesMax);
      }
      assertThat(store.memoryBytes()).isGreaterThan(memoryBytesMax / 2);
    }
  }
}
