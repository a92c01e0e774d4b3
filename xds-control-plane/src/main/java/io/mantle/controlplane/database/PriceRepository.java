package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** What models cost: the platform's prices, and what a tenant pays instead. Thread-safe. */
public final class PriceRepository {
  /** All of them are read with each batch of usage. */
  public static final int OF_TENANT_MAX = 1_000;

  private static final String COLUMNS =
      "provider_kind, model_pattern, valid_from, input_nano_usd, cached_input_nano_usd,"
          + " output_nano_usd";
  private static final String VALUES =
      ":kind, :pattern, :from, :input::bigint, :cached::bigint, :output::bigint";

  /** How a page of the platform's prices is named; a space is in none of its parts. */
  private static final String PLACE = "provider_kind || ' ' || model_pattern || ' ' || valid_from";

  private static final String RATES_REPLACED =
      "input_nano_usd = excluded.input_nano_usd,"
          + " cached_input_nano_usd = excluded.cached_input_nano_usd,"
          + " output_nano_usd = excluded.output_nano_usd";

  private static final String PUT =
      "INSERT INTO model_price AS stored ("
          + COLUMNS
          + ", source, shipped) VALUES ("
          + VALUES
          + ", :source, :shipped) ON CONFLICT (provider_kind, model_pattern, valid_from)"
          + " DO UPDATE SET source = excluded.source, shipped = excluded.shipped, "
          + RATES_REPLACED;

  /** Else each start would leave as many dead rows as there are prices. */
  private static final String UNLESS_THERE =
      " WHERE stored.shipped AND (stored.input_nano_usd, stored.cached_input_nano_usd,"
          + " stored.output_nano_usd, stored.source) IS DISTINCT FROM (excluded.input_nano_usd,"
          + " excluded.cached_input_nano_usd, excluded.output_nano_usd, excluded.source)";

  private final Database database;
  private final TenantTable<TenantPrice> table;

  public PriceRepository(Database database) {
    this.database = database;
    this.table =
        new TenantTable<>(
            database,
            "SELECT id, " + COLUMNS + " FROM tenant_model_price",
            (row, _) -> new TenantPrice(uuid(row, "id"), price(row)));
  }

  /**
   * A price of the platform.
   *
   * @param source who says so, such as an address on the web
   * @param shipped whether it came with Mantle, and was not changed since
   */
  public record PlatformPrice(ModelPrice price, String source, boolean shipped) {
    private static final Pattern PLACES =
        Pattern.compile("[\\x21-\\x7e]{1,20} [\\x21-\\x7e]{1,256} [0-9]{4}-[0-9]{2}-[0-9]{2}");

    /** Whether a price may have this place. */
    public static boolean isPlace(String text) {
      return PLACES.matcher(text).matches();
    }

    /** How the page that begins behind it is asked for. */
    public String place() {
      return price.providerKind() + " " + price.modelPattern() + " " + price.validFrom();
    }
  }

  /** A price of a tenant. */
  public record TenantPrice(UUID id, ModelPrice price) {}

  /** A page of the platform's prices, by kind, pattern and day. */
  public List<PlatformPrice> platform(Page page) {
    return database.asIdentity(
        handle ->
            page.bindTo(
                    handle.createQuery(
                        "SELECT "
                            + COLUMNS
                            + ", source, shipped FROM model_price WHERE :after::text IS NULL OR ("
                            + PLACE
                            + ") COLLATE \"C\" > :after::text ORDER BY ("
                            + PLACE
                            + ") COLLATE \"C\" LIMIT :limit"))
                .map(
                    (row, _) ->
                        new PlatformPrice(
                            price(row), text(row, "source"), row.getBoolean("shipped")))
                .list());
  }

  /**
   * That of the platform which is in this one's place, for who is to replace it in the same
   * transaction: nobody else does meanwhile.
   */
  public Optional<PlatformPrice> inPlaceOf(ModelPrice price) {
    return database.asIdentity(
        handle ->
            handle
                .createQuery(
                    "SELECT "
                        + COLUMNS
                        + ", source, shipped FROM model_price WHERE provider_kind = :kind"
                        + " AND model_pattern = :pattern AND valid_from = :from FOR UPDATE")
                .bind("kind", price.providerKind())
                .bind("pattern", price.modelPattern())
                .bind("from", price.validFrom())
                .map(
                    (row, _) ->
                        new PlatformPrice(
                            price(row), text(row, "source"), row.getBoolean("shipped")))
                .findOne());
  }

  /** Stores a price of the platform, in place of that of the same kind, pattern and day. */
  public void put(PlatformPrice price) {
    database.asIdentity(handle -> bind(handle.createUpdate(PUT), price).execute());
  }

  /** Stores what ships with Mantle, wherever nobody put another price and it is not there yet. */
  public void plant(List<PlatformPrice> shipped) {
    database.asIdentity(
        handle -> {
          PreparedBatch batch = handle.prepareBatch(PUT + UNLESS_THERE);
          shipped.forEach(price -> bind(batch, price).add());
          return batch.execute().length;
        });
  }

  /** A page of a tenant's prices, in the order of their ids. */
  public List<TenantPrice> list(String tenantId, Page page) {
    return table.list(tenantId, page);
  }

  /** How many prices a tenant has. */
  public int count(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT count(*) FROM tenant_model_price")
                .mapTo(Integer.class)
                .one());
  }

  public Optional<TenantPrice> find(String tenantId, UUID id) {
    return table.find(tenantId, id);
  }

  /**
   * Stores a price of a tenant, new or changed; false where it has another of this kind, pattern
   * and day.
   */
  public boolean save(String tenantId, TenantPrice price) {
    return database.asTenant(
        tenantId,
        handle -> {
          boolean isTaken =
              handle
                  .createQuery(
                      "SELECT EXISTS (SELECT FROM tenant_model_price WHERE id <> :id"
                          + " AND (provider_kind, model_pattern, valid_from)"
                          + " = (:kind, :pattern, :from))")
                  .bind("id", price.id())
                  .bind("kind", price.price().providerKind())
                  .bind("pattern", price.price().modelPattern())
                  .bind("from", price.price().validFrom())
                  .mapTo(Boolean.class)
                  .one();
          if (isTaken) {
            return false;
          }
          bind(
                  handle.createUpdate(
                      "INSERT INTO tenant_model_price (id, tenant_id, "
                          + COLUMNS
                          + ") VALUES (:id, :tenant, "
                          + VALUES
                          + ") ON CONFLICT (id) DO UPDATE SET"
                          + " provider_kind = excluded.provider_kind,"
                          + " model_pattern = excluded.model_pattern,"
                          + " valid_from = excluded.valid_from, "
                          + RATES_REPLACED),
                  price.price())
              .bind("id", price.id())
              .bind("tenant", tenantId)
              .execute();
          return true;
        });
  }

  /** Deletes a price; false where the tenant has none of this id. */
  public boolean delete(String tenantId, UUID id) {
    return table.change(tenantId, id, "DELETE FROM tenant_model_price WHERE id = :id");
  }

  /** All of the platform's; whatever tenant the handle acts as. */
  static List<ModelPrice> ofPlatform(Handle handle) {
    return prices(handle, "model_price");
  }

  /** All of the tenant's that the handle acts as. */
  static List<ModelPrice> ofTenant(Handle handle) {
    return prices(handle, "tenant_model_price");
  }

  private static List<ModelPrice> prices(Handle handle, String table) {
    return handle
        .createQuery("SELECT " + COLUMNS + " FROM " + table)
        .map((row, _) -> price(row))
        .list();
  }

  private static ModelPrice price(ResultSet row) throws SQLException {
    long cached = row.getLong("cached_input_nano_usd");
    OptionalLong cachedIfSet = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(cached);
    return new ModelPrice(
        text(row, "provider_kind"),
        text(row, "model_pattern"),
        row.getObject("valid_from", LocalDate.class),
        new Rates(row.getLong("input_nano_usd"), cachedIfSet, row.getLong("output_nano_usd")));
  }

  private static <S extends SqlStatement<S>> S bind(S statement, PlatformPrice price) {
    return bind(statement, price.price())
        .bind("source", price.source())
        .bind("shipped", price.shipped());
  }

  private static <S extends SqlStatement<S>> S bind(S statement, ModelPrice price) {
    OptionalLong cached = price.rates().cachedInputNanoUsd();
    @Nullable Long cachedOrNull = cached.isPresent() ? cached.getAsLong() : null;
    return statement
        .bind("kind", price.providerKind())
        .bind("pattern", price.modelPattern())
        .bind("from", price.validFrom())
        .bind("input", price.rates().inputNanoUsd())
        .bindBySqlType("cached", cachedOrNull, Types.BIGINT)
        .bind("output", price.rates().outputNanoUsd());
  }
}
