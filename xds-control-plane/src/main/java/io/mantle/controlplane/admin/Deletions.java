package io.mantle.controlplane.admin;

import io.mantle.controlplane.xds.SidecarVaults;
import io.mantle.controlplane.xds.SidecarVaults.NoAnswerException;
import io.mantle.vault.Vault;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what sidecars keep of conversations, wherever that is. A receipt says what was done;
 * where it is not known, there is none.
 */
public interface Deletions {

  /** Of one conversation; of all of the tenant's where it is null. */
  Receipt delete(String tenantId, @Nullable String conversation)
      throws VaultException, NoAnswerException;

  /** From the vault that all sidecars share. */
  static Deletions in(Vault vault) {
    return (tenantId, conversation) ->
        conversation == null ? vault.eraseTenant(tenantId) : vault.forget(tenantId, conversation);
  }

  /** From the memory of each sidecar that is connected. */
  static Deletions in(SidecarVaults sidecars) {
    return (tenantId, conversation) -> {
      SidecarVaults.Answer answer =
          conversation == null
              ? sidecars.eraseTenant(tenantId)
              : sidecars.forget(tenantId, conversation);
      boolean destroyed = !answer.keys().isEmpty();
      return new Receipt(
          destroyed ? Receipt.Outcome.KEY_DESTROYED : Receipt.Outcome.NOTHING_STORED,
          tenantId,
          conversation,
          Instant.now(),
          destroyed ? String.join(",", answer.keys()) : null);
    };
  }
}
