package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.text;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What providers were sent, of tenants whose privacy policy asks for a record of it: sealed for its
 * tenant and request, and shown no longer than the policy says now. Thread-safe.
 */
public final class RecordedExchanges {
  /** Of one tenant, some 10 GB at most; the oldest go first. */
  public static final int PER_TENANT_MAX = 10_000;

  /** Of a row {@code e} beside its tenant's policy {@code p}; {@code least} passes over nulls. */
  private static final String EXPIRES_AT =
      "least(e.expires_at, e.started_at + make_interval(hours => p.record_exchanges_hours))";

  private static final String IS_KEPT =
      "p.record_exchanges_hours IS NOT NULL AND " + EXPIRES_AT + " > now()";

  private final Database database;
  private final TenantSeals seals;
  private final int perTenantMax;

  public RecordedExchanges(Database database, MasterKey masterKey) {
    this(database, masterKey, PER_TENANT_MAX);
  }

  /** As the other constructor, with another limit. */
  RecordedExchanges(Database database, MasterKey masterKey, int perTenantMax) {
    this.database = database;
    this.seals = new TenantSeals(masterKey);
    this.perTenantMax = perTenantMax;
  }

  /**
   * Stores those of tenants whose policy asks for it at this moment; of the others nothing. One
   * whose request id the tenant has already is passed over.
   */
  public void save(List<RecordedExchange> exchanges) {
    Map<String, List<RecordedExchange>> byTenant =
        exchanges.stream()
            .collect(
                Collectors.groupingBy(
                    RecordedExchange::tenantId, TreeMap::new, Collectors.toList()));
    byTenant.forEach(
        (tenantId, ofTenant) ->
            database.asTenant(
                tenantId,
                handle -> {
                  hours(handle).ifPresent(hours -> save(handle, tenantId, hours, ofTenant));
                  return true;
                }));
  }

  private static Optional<Integer> hours(Handle handle) {
    return handle
        .createQuery(
            "SELECT record_exchanges_hours FROM privacy_policy"
                + " WHERE record_exchanges_hours IS NOT NULL")
        .mapTo(Integer.class)
        .findOne();
  }

  private void save(Handle handle, String tenantId, int hours, List<RecordedExchange> exchanges) {
    TenantSeals.Key key = seals.newest(handle, tenantId);
    for (RecordedExchange exchange : exchanges) {
      Sealed sealed = seals.sealExchange(key, exchange.requestId(), exchange.body());
      handle
          .createUpdate(
              """
              INSERT INTO recorded_exchange (tenant_id, request_id, started_at, expires_at, provider,
                model, endpoint, body_bytes, sealed, key_version)
              SELECT :tenant, :requestId, began, began + make_interval(hours => :hours), :provider,
                :model, :endpoint, :bodyBytes, :sealed, :keyVersion
              FROM (SELECT least(:startedAt, now()) AS began) AS times
              ON CONFLICT (tenant_id, request_id) DO NOTHING
              """)
          .bind("tenant", tenantId)
          .bind("requestId", exchange.requestId())
          .bind("startedAt", exchange.startedAt().atOffset(ZoneOffset.UTC))
          .bind("hours", hours)
          .bind("provider", exchange.provider())
          .bind("model", exchange.model())
          .bind("endpoint", exchange.endpoint())
          .bind("bodyBytes", exchange.bodyBytes())
          .bind("sealed", sealed.bytes())
          .bind("keyVersion", sealed.keyVersion())
          .execute();
    }
    handle
        .createUpdate(
            "DELETE FROM recorded_exchange WHERE request_id IN (SELECT request_id"
                + " FROM recorded_exchange ORDER BY started_at DESC, request_id OFFSET :max)")
        .bind("max", perTenantMax)
        .execute();
  }

  /** One that is kept, and until when. */
  public record Kept(RecordedExchange exchange, Instant expiresAt) {}

  private record SealedRow(Kept kept, TenantSeals.@Nullable Key key) {}

  /**
   * The record of a request; empty where there is none, or none any more.
   *
   * @throws GeneralSecurityException if it does not open
   */
  public Optional<Kept> find(String tenantId, String requestId) throws GeneralSecurityException {
    Optional<SealedRow> stored =
        database.asTenant(tenantId, handle -> sealedRow(handle, tenantId, requestId));
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    Kept kept = stored.get().kept;
    Secret body =
        seals.openExchange(stored.get().key, tenantId, requestId, kept.exchange.body().reveal());
    return Optional.of(new Kept(kept.exchange.withBody(body), kept.expiresAt));
  }

  private static Optional<SealedRow> sealedRow(Handle handle, String tenantId, String requestId) {
    return handle
        .createQuery(
            "SELECT e.started_at, e.provider, e.model, e.endpoint, e.body_bytes, e.sealed, "
                + EXPIRES_AT
                + " AS shown_until, "
                + TenantSeals.KEY_COLUMNS
                + " FROM recorded_exchange e JOIN privacy_policy p ON p.tenant_id = e.tenant_id"
                + " JOIN tenant_key k ON k.tenant_id = e.tenant_id AND k.version = e.key_version"
                + " WHERE e.request_id = :requestId AND "
                + IS_KEPT)
        .bind("requestId", requestId)
        .map(
            (row, _) ->
                new SealedRow(
                    new Kept(
                        new RecordedExchange(
                            tenantId,
                            requestId,
                            instant(row, "started_at"),
                            text(row, "provider"),
                            text(row, "model"),
                            text(row, "endpoint"),
                            row.getLong("body_bytes"),
                            Secret.of(row.getBytes("sealed"))),
                        instant(row, "shown_until")),
                    TenantSeals.key(row, tenantId)))
        .findOne();
  }

  /** Deletes, as the leader, what no policy keeps any more. */
  public void expire(BooleanSupplier stillLeads) {
    List<String> due =
        database.asPublisher(
            handle ->
                handle
                    .createQuery(
                        "SELECT DISTINCT e.tenant_id FROM recorded_exchange e"
                            + " LEFT JOIN privacy_policy p ON p.tenant_id = e.tenant_id WHERE ("
                            + IS_KEPT
                            + ") IS NOT TRUE")
                    .mapTo(String.class)
                    .list());
    for (String tenantId : due) {
      if (!stillLeads.getAsBoolean()) {
        return;
      }
      expire(tenantId);
    }
  }

  /** Deletes what a tenant's policy does not keep any more. */
  void expire(String tenantId) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(
                    "DELETE FROM recorded_exchange e WHERE NOT EXISTS (SELECT FROM privacy_policy p"
                        + " WHERE p.tenant_id = e.tenant_id AND "
                        + IS_KEPT
                        + ")")
                .execute());
  }
}
