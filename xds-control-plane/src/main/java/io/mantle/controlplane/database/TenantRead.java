package io.mantle.controlplane.database;

import java.util.List;

/** What reading a tenant gave: all its rows, or why they cannot be used. */
public sealed interface TenantRead permits TenantRows, TenantRead.Unreadable {

  String tenantId();

  /** The keys that are not revoked: true even where nothing else of the tenant can be used. */
  List<TenantRows.ProxyKeyRow> keys();

  /**
   * A tenant with something that cannot be opened or decoded.
   *
   * @param reason for people; holds nothing that is secret
   */
  record Unreadable(String tenantId, List<TenantRows.ProxyKeyRow> keys, String reason)
      implements TenantRead {}
}
