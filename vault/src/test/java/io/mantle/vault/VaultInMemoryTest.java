package io.mantle.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.vault.store.MemoryStore;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import org.junit.jupiter.api.Test;

class VaultInMemoryTest extends VaultContract {
  @Override
  VaultStore store(StoreLimits limits) {
    return new MemoryStore(limits);
  }

  @Override
  VaultStore another(VaultStore store, StoreLimits limits) {
    return store;
  }

  @Test
  void salt_inMemory_isNone() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      assertThat(vault.open("acme", "c1").salt()).isEmpty();
      assertThat(vault.isShared()).isFalse();
      assertThat(vault.isAvailable()).isTrue();
      assertThat(vault.memoryBytes()).isPositive();
    }
  }
}
