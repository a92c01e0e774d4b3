package io.mantle.controlplane.database;

import io.mantle.vault.Vault;
import io.mantle.vault.value.VaultException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tenants' keys in the vault that sidecars share, as rotations change them. Thread-safe. */
public final class VaultKeys implements KeyRotations.SharedVaultKeys {
  private static final Logger LOG = LoggerFactory.getLogger(VaultKeys.class);

  private final Vault vault;

  /** Of this vault, which is opened by the same master keys as the sidecars'. */
  public VaultKeys(Vault vault) {
    this.vault = vault;
  }

  @Override
  public boolean rotate(String tenantId) throws VaultException {
    try {
      return done(() -> vault.rotateTenantKey(tenantId));
    } catch (IllegalStateException e) {
      LOG.warn("The vault's key of tenant {} stays: {}", tenantId, e.getMessage());
      return false;
    }
  }

  @Override
  public boolean rewrap(String tenantId) throws VaultException {
    return done(() -> vault.rewrapTenantKey(tenantId));
  }

  private interface Change {
    boolean run() throws VaultException;
  }

  /** False where the tenant's keys do not open; a tenant without any has nothing to change. */
  private static boolean done(Change change) throws VaultException {
    try {
      var _ = change.run();
      return true;
    } catch (VaultException e) {
      return switch (e.reason()) {
        case UNREADABLE -> {
          LOG.warn("A tenant's keys in the vault stay as they are: {}", e.getMessage());
          yield false;
        }
        case UNAVAILABLE, FULL, GONE -> throw e;
      };
    }
  }
}
