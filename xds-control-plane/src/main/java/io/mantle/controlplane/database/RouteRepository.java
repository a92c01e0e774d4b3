package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which models of a tenant go to which providers. Thread-safe. */
public final class RouteRepository {
  private static final String COLUMNS =
      "SELECT id, position, model_pattern, provider_ids, model_mapping, retries,"
          + " first_byte_timeout_seconds FROM route";

  /** In the order they are tried, as no two have one pattern. */
  private static final String AS_TRIED =
      " WHERE :after::uuid IS NULL OR (position, model_pattern) >"
          + " (SELECT position, model_pattern FROM route WHERE id = :after::uuid)"
          + " ORDER BY position, model_pattern LIMIT :limit";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Database database;
  private final TenantTable<Route> table;

  public RouteRepository(Database database) {
    this.database = database;
    this.table = new TenantTable<>(database, COLUMNS, (row, _) -> route(row));
  }

  /**
   * A route.
   *
   * @param position the first that matches is taken; those of one position in the order of their
   *     patterns
   * @param providers in order of preference
   * @param modelMapping by a provider's id, what it calls the model, where that is not what the
   *     client calls it
   * @param retries how many further attempts there are; empty for one at each further provider
   * @param firstByteTimeoutSeconds how long one attempt may take to begin its answer; empty for
   *     what holds for all
   */
  public record Route(
      UUID id,
      int position,
      String modelPattern,
      List<UUID> providers,
      Map<String, String> modelMapping,
      OptionalInt retries,
      OptionalInt firstByteTimeoutSeconds) {
    public Route {
      providers = List.copyOf(providers);
      modelMapping = Map.copyOf(modelMapping);
    }
  }

  /** The routes in the order they are tried. */
  public List<Route> list(String tenantId, Page page) {
    return table.list(tenantId, page, AS_TRIED);
  }

  public Optional<Route> find(String tenantId, UUID id) {
    return table.find(tenantId, id);
  }

  /** Stores a route, new or changed; false if the tenant has another of this pattern. */
  public boolean save(String tenantId, Route route) {
    return database.asTenant(
        tenantId,
        handle -> {
          boolean patternIsTaken =
              handle
                  .createQuery(
                      "SELECT EXISTS (SELECT FROM route WHERE model_pattern = :pattern"
                          + " AND id <> :id)")
                  .bind("pattern", route.modelPattern())
                  .bind("id", route.id())
                  .mapTo(Boolean.class)
                  .one();
          if (patternIsTaken) {
            return false;
          }
          handle
              .createUpdate(
                  """
                  INSERT INTO route (id, tenant_id, position, model_pattern, provider_ids,
                    model_mapping, retries, first_byte_timeout_seconds)
                  VALUES (:id, :tenant, :position, :pattern, :providers,
                    :mapping::jsonb, :retries, :firstByte)
                  ON CONFLICT (id) DO UPDATE
                    SET position = excluded.position, model_pattern = excluded.model_pattern,
                        provider_ids = excluded.provider_ids,
                        model_mapping = excluded.model_mapping, retries = excluded.retries,
                        first_byte_timeout_seconds = excluded.first_byte_timeout_seconds
                  """)
              .bind("id", route.id())
              .bind("tenant", tenantId)
              .bind("position", route.position())
              .bind("pattern", route.modelPattern())
              .bindArray("providers", UUID.class, route.providers())
              .bind("mapping", JSON.valueToTree(route.modelMapping()).toString())
              .bind("retries", integer(route.retries()))
              .bind("firstByte", integer(route.firstByteTimeoutSeconds()))
              .execute();
          return true;
        });
  }

  public boolean delete(String tenantId, UUID id) {
    return table.change(tenantId, id, "DELETE FROM route WHERE id = :id");
  }

  private static Route route(ResultSet row) throws SQLException {
    return new Route(
        uuid(row, "id"),
        row.getInt("position"),
        text(row, "model_pattern"),
        PublishedRows.list(row.getArray("provider_ids"), UUID.class),
        mapping(text(row, "model_mapping")),
        PublishedRows.whole(row, "retries"),
        PublishedRows.whole(row, "first_byte_timeout_seconds"));
  }

  /**
   * What the column holds; what is no text in it becomes an empty one, which is no model's name.
   */
  static Map<String, String> mapping(String json) throws SQLException {
    try {
      Map<String, String> mapping = new TreeMap<>();
      JSON.readTree(json)
          .properties()
          .forEach(mapped -> mapping.put(mapped.getKey(), mapped.getValue().asText("")));
      return mapping;
    } catch (JsonProcessingException e) {
      throw new SQLException("a jsonb column holds JSON", e);
    }
  }

  private static @Nullable Integer integer(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }
}
