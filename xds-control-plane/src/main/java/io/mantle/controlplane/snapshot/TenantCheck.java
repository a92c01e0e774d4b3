package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRows;

/** Judges what is to be stored by building what would be published of it. */
public final class TenantCheck {
  private final SharedResources shared;

  public TenantCheck(GatewaySettings settings) {
    this.shared = new SharedResources(settings);
  }

  /**
   * Returns where the rows can be published.
   *
   * @throws InvalidTenantException naming the first reason why not
   */
  public void check(TenantRead read) throws InvalidTenantException {
    switch (read) {
      case TenantRows rows -> TenantSnapshot.of(rows, shared);
      case TenantRead.Unreadable unreadable ->
          throw new InvalidTenantException(unreadable.reason());
    }
  }
}
