package io.mantle.controlplane.admin;

import io.mantle.controlplane.xds.SidecarVaults;
import io.mantle.controlplane.xds.SidecarVaults.NoAnswerException;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.Vault;
import io.mantle.vault.value.ErasureReceipt;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what sidecars keep of conversations, wherever that is. A receipt says what was done;
 * where it is not known, there is none.
 */
public sealed interface Deletions {

  /** Of one conversation; of all of the tenant's where it is null. */
  Receipt delete(String tenantId, @Nullable String conversation)
      throws VaultException, NoAnswerException;

  /** Of every conversation of the tenant that keeps a value, in whichever spelling. */
  ErasureReceipt erase(String tenantId, Plaintext value) throws VaultException, NoAnswerException;

  /** From the vault that all sidecars share. */
  static Deletions in(Vault vault) {
    return new InVault(vault);
  }

  /** From the memory of each sidecar that is connected. */
  static Deletions in(SidecarVaults sidecars) {
    return new InSidecars(sidecars);
  }

  /** In one store, which answers for all. */
  record InVault(Vault vault) implements Deletions {
    @Override
    public Receipt delete(String tenantId, @Nullable String conversation) throws VaultException {
      return conversation == null
          ? vault.eraseTenant(tenantId)
          : vault.forget(tenantId, conversation);
    }

    @Override
    public ErasureReceipt erase(String tenantId, Plaintext value) throws VaultException {
      return vault.erase(tenantId, value);
    }
  }

  /** In several, each of which has to answer. */
  record InSidecars(SidecarVaults sidecars) implements Deletions {
    @Override
    public Receipt delete(String tenantId, @Nullable String conversation) throws NoAnswerException {
      SidecarVaults.Answer answer =
          conversation == null
              ? sidecars.eraseTenant(tenantId)
              : sidecars.forget(tenantId, conversation);
      return new Receipt(
          answer.keys().isEmpty() ? Receipt.Outcome.NOTHING_STORED : Receipt.Outcome.KEY_DESTROYED,
          tenantId,
          conversation,
          Instant.now(),
          answer.keys());
    }

    @Override
    public ErasureReceipt erase(String tenantId, Plaintext value) throws NoAnswerException {
      SidecarVaults.Answer answer = sidecars.erase(tenantId, value);
      return ErasureReceipt.ofNothing(tenantId, Instant.now())
          .and(answer.keysTotal(), answer.keys());
    }
  }
}
