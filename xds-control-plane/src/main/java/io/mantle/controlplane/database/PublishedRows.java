package io.mantle.controlplane.database;

import io.mantle.controlplane.database.TenantRows.ProviderRow;
import io.mantle.controlplane.database.TenantRows.ProxyKeyRow;
import io.mantle.controlplane.database.TenantRows.RouteRow;
import java.security.GeneralSecurityException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/** Reads what is published of tenants, each as of one moment. Thread-safe. */
public final class PublishedRows {
  private final Database database;
  private final TenantSeals seals;
  private final TenantRepository tenants;

  public PublishedRows(Database database, MasterKey masterKey, TenantRepository tenants) {
    this.database = database;
    this.seals = new TenantSeals(masterKey);
    this.tenants = tenants;
  }

  /** The ids of all tenants, in order. */
  public List<String> tenantIds() {
    return database.asPublisher(
        handle ->
            handle.createQuery("SELECT id FROM tenant ORDER BY id").mapTo(String.class).list());
  }

  /** Of these, the ids of those that anybody used in the last years. */
  public List<String> usedTenantIds() {
    return database.asPublisher(
        handle ->
            handle
                .createQuery(
                    "SELECT id FROM tenant WHERE EXISTS"
                        + " (SELECT FROM usage_day WHERE tenant_id = tenant.id) ORDER BY id")
                .mapTo(String.class)
                .list());
  }

  /**
   * These tenants as they stand now; one that is missing is gone. A tenant without a surrogate key
   * is given one first, so that a row inserted by SQL is enough to make a tenant.
   */
  public List<TenantRead> read(Collection<String> tenantIds) {
    List<String> withoutKey = new ArrayList<>();
    List<TenantRead> read =
        database.asPublisher(handle -> read(handle, tenantIds, withoutKey::add));
    if (withoutKey.isEmpty()) {
      return read;
    }
    tenants.mintSurrogateKeys(withoutKey);
    return database.asPublisher(handle -> read(handle, tenantIds, _ -> {}));
  }

  /**
   * A tenant as its own transaction sees it, what it has not committed included; empty where it is
   * gone.
   */
  public Optional<TenantRead> readAs(String tenantId) {
    return database.asTenant(
        tenantId,
        handle -> {
          tenants.mintSurrogateKey(handle, tenantId);
          return read(handle, List.of(tenantId), _ -> {}).stream().findFirst();
        });
  }

  private List<TenantRead> read(
      Handle handle, Collection<String> tenantIds, Consumer<String> withoutKey) {
    Map<String, List<ProxyKeyRow>> keys =
        byTenant(
            handle,
            "SELECT tenant_id, id, encode(sha256, 'hex') AS sha256 FROM proxy_key"
                + " WHERE tenant_id = ANY(:ids) AND revoked_at IS NULL ORDER BY id",
            tenantIds,
            row -> new ProxyKeyRow(uuid(row, "id"), text(row, "sha256")));
    Map<String, List<SealedProviderRow>> providers =
        byTenant(
            handle,
            "SELECT provider.*, "
                + TenantSeals.KEY_COLUMNS
                + " FROM provider LEFT JOIN tenant_key k ON k.tenant_id = provider.tenant_id"
                + " AND k.version = credential_key_version"
                + " WHERE provider.tenant_id = ANY(:ids) ORDER BY name",
            tenantIds,
            PublishedRows::provider);
    Map<String, List<RouteRow>> routes =
        byTenant(
            handle,
            "SELECT * FROM route WHERE tenant_id = ANY(:ids) ORDER BY position, model_pattern",
            tenantIds,
            row ->
                new RouteRow(
                    uuid(row, "id"),
                    text(row, "model_pattern"),
                    list(row.getArray("provider_ids"), UUID.class),
                    RouteRepository.mapping(text(row, "model_mapping")),
                    whole(row, "retries"),
                    whole(row, "first_byte_timeout_seconds")));
    Map<String, List<String>> privacy =
        byTenant(
            handle,
            "SELECT * FROM privacy_policy WHERE tenant_id = ANY(:ids)",
            tenantIds,
            PrivacyJson::ofColumns);
    Map<String, Limits> plans = LimitRepository.plans(handle);
    Map<String, List<Limits>> limits =
        byTenant(
            handle,
            "SELECT * FROM tenant_limit WHERE tenant_id = ANY(:ids)",
            tenantIds,
            Limits::of);
    Map<String, List<Map.Entry<UUID, Limits>>> keyLimits =
        byTenant(
            handle,
            "SELECT * FROM key_limit WHERE tenant_id = ANY(:ids)",
            tenantIds,
            row -> Map.entry(uuid(row, "key_id"), Limits.of(row)));
    List<TenantRow> tenantRows = tenantRows(handle, tenantIds);
    Map<String, TenantLimits> tenantLimits = new HashMap<>();
    for (TenantRow tenant : tenantRows) {
      tenantLimits.put(
          tenant.id,
          new TenantLimits(
              plans.getOrDefault(tenant.plan, Limits.SILENT),
              limits.getOrDefault(tenant.id, List.of(Limits.SILENT)).getFirst(),
              keyLimits.getOrDefault(tenant.id, List.of()).stream()
                  .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    }
    Map<String, SpentBudgets> spent = spentBudgets(handle, tenantLimits);

    List<TenantRead> read = new ArrayList<>();
    for (TenantRow tenant : tenantRows) {
      if (tenant.surrogateKeySealed == null) {
        withoutKey.accept(tenant.id);
      }
      List<ProxyKeyRow> liveKeys = keys.getOrDefault(tenant.id, List.of());
      try {
        read.add(
            new TenantRows(
                tenant.id,
                tenant.plan,
                tenant.reserved,
                surrogateKey(tenant),
                liveKeys,
                open(tenant.id, providers.getOrDefault(tenant.id, List.of())),
                routes.getOrDefault(tenant.id, List.of()),
                privacy(privacy.getOrDefault(tenant.id, List.of())),
                tenantLimits.getOrDefault(tenant.id, TenantLimits.NONE),
                spent.getOrDefault(tenant.id, SpentBudgets.NONE)));
      } catch (UnreadableException e) {
        read.add(new TenantRead.Unreadable(tenant.id, liveKeys, e.reason));
      }
    }
    return read;
  }

  /** Of those tenants that have budgets which keep requests out; nobody else's usage is read. */
  private static Map<String, SpentBudgets> spentBudgets(
      Handle handle, Map<String, TenantLimits> limits) {
    Map<String, List<Budget>> budgets =
        byTenant(
            handle,
            "SELECT * FROM budget WHERE tenant_id = ANY(:ids) AND stops",
            limits.keySet(),
            Budget::of);
    limits.forEach(
        (id, one) -> {
          List<Budget> ofLimits = Budget.of(one);
          if (!ofLimits.isEmpty()) {
            budgets.computeIfAbsent(id, _ -> new ArrayList<>()).addAll(ofLimits);
          }
        });
    if (budgets.isEmpty()) {
      return Map.of();
    }
    Map<String, SpentBudgets> spent = new HashMap<>();
    MonthSpend.of(handle, budgets.keySet())
        .forEach(
            (id, spend) ->
                spent.put(id, SpentBudgets.of(budgets.getOrDefault(id, List.of()), spend)));
    return spent;
  }

  private static List<TenantRow> tenantRows(Handle handle, Collection<String> tenantIds) {
    return handle
        .createQuery(
            "SELECT id, plan, reserved, surrogate_key_sealed, "
                + TenantSeals.KEY_COLUMNS
                + " FROM tenant LEFT JOIN tenant_key k ON k.tenant_id = id"
                + " AND k.version = surrogate_key_version WHERE id = ANY(:ids) ORDER BY id")
        .bindArray("ids", String.class, tenantIds)
        .map(
            (row, _) ->
                new TenantRow(
                    text(row, "id"),
                    text(row, "plan"),
                    row.getBoolean("reserved"),
                    sealed(row, "surrogate_key_sealed"),
                    TenantSeals.key(row, text(row, "id"))))
        .list();
  }

  private Secret surrogateKey(TenantRow tenant) throws UnreadableException {
    if (tenant.surrogateKeySealed == null) {
      throw new UnreadableException("it has no surrogate key");
    }
    try {
      return seals.openSurrogateKey(tenant.key, tenant.id, tenant.surrogateKeySealed.reveal());
    } catch (KeysUnavailableException e) {
      throw new UnreadableException(e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new UnreadableException("the master keyset does not open its surrogate key");
    }
  }

  private List<ProviderRow> open(String tenantId, List<SealedProviderRow> sealedRows)
      throws UnreadableException {
    List<ProviderRow> opened = new ArrayList<>();
    for (SealedProviderRow row : sealedRows) {
      try {
        Secret credential =
            row.credentialSealed == null
                ? Secret.of("")
                : seals.openCredential(row.key, tenantId, row.id, row.credentialSealed.reveal());
        opened.add(
            new ProviderRow(
                row.id,
                row.name,
                row.kind,
                row.baseUrl,
                credential,
                row.models,
                row.acceptsStreamUsage,
                row.privateAllowed));
      } catch (KeysUnavailableException e) {
        throw new UnreadableException(e.getMessage());
      } catch (GeneralSecurityException e) {
        throw new UnreadableException(
            "the master keyset does not open the credential of provider " + row.id);
      }
    }
    return opened;
  }

  private static PrivacyRow privacy(List<String> json) throws UnreadableException {
    try {
      return json.isEmpty() ? PrivacyRow.DEFAULT : PrivacyJson.read(json.getFirst());
    } catch (InvalidPolicyException e) {
      throw new UnreadableException("its privacy policy: " + e.getMessage());
    }
  }

  private static <T> Map<String, List<T>> byTenant(
      Handle handle, String sql, Collection<String> tenantIds, SqlFunction<T> map) {
    Map<String, List<T>> byTenant = new HashMap<>();
    RowMapper<Boolean> collect =
        (row, _) ->
            byTenant
                .computeIfAbsent(text(row, "tenant_id"), _ -> new ArrayList<>())
                .add(map.apply(row));
    handle.createQuery(sql).bindArray("ids", String.class, tenantIds).map(collect).list();
    return byTenant;
  }

  private static SealedProviderRow provider(ResultSet row) throws SQLException {
    return new SealedProviderRow(
        uuid(row, "id"),
        text(row, "name"),
        text(row, "kind"),
        text(row, "base_url"),
        sealed(row, "credential_sealed"),
        TenantSeals.key(row, text(row, "tenant_id")),
        list(row.getArray("models"), String.class),
        row.getBoolean("accepts_stream_usage"),
        row.getBoolean("private_allowed"));
  }

  /** A column that is NOT NULL. */
  static String text(ResultSet row, String column) throws SQLException {
    return String.valueOf(row.getString(column));
  }

  private static @Nullable Secret sealed(ResultSet row, String column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? null : Secret.of(bytes);
  }

  /** A column that is NOT NULL. */
  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }

  static Optional<Instant> instantIfSet(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }

  static OptionalInt whole(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return UUID.fromString(text(row, column));
  }

  static <T> List<T> list(Array array, Class<T> type) throws SQLException {
    List<T> list = new ArrayList<>();
    for (@Nullable Object element : (@Nullable Object[]) array.getArray()) {
      if (element != null) {
        list.add(type.cast(element));
      }
    }
    return List.copyOf(list);
  }

  private interface SqlFunction<T> {
    T apply(ResultSet row) throws SQLException;
  }

  private record TenantRow(
      String id,
      String plan,
      boolean reserved,
      @Nullable Secret surrogateKeySealed,
      TenantSeals.@Nullable Key key) {}

  private record SealedProviderRow(
      UUID id,
      String name,
      String kind,
      String baseUrl,
      @Nullable Secret credentialSealed,
      TenantSeals.@Nullable Key key,
      List<String> models,
      boolean acceptsStreamUsage,
      boolean privateAllowed) {}

  private static final class UnreadableException extends Exception {
    private final String reason;

    private UnreadableException(@Nullable String reason) {
      super(reason);
      this.reason = String.valueOf(reason);
    }
  }
}
