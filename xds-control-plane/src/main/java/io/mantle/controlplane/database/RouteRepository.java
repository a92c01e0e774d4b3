package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Which models of a tenant go to which providers. Thread-safe. */
public final class RouteRepository {
  private static final String COLUMNS =
      "SELECT id, position, model_pattern, provider_ids FROM route";

  /** In the order they are tried, as no two have one pattern. */
  private static final String AS_TRIED =
      " WHERE :after::uuid IS NULL OR (position, model_pattern) >"
          + " (SELECT position, model_pattern FROM route WHERE id = :after::uuid)"
          + " ORDER BY position, model_pattern LIMIT :limit";

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
   */
  public record Route(UUID id, int position, String modelPattern, List<UUID> providers) {
    public Route {
      providers = List.copyOf(providers);
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
                  INSERT INTO route (id, tenant_id, position, model_pattern, provider_ids)
                  VALUES (:id, :tenant, :position, :pattern, :providers)
                  ON CONFLICT (id) DO UPDATE
                    SET position = excluded.position, model_pattern = excluded.model_pattern,
                        provider_ids = excluded.provider_ids
                  """)
              .bind("id", route.id())
              .bind("tenant", tenantId)
              .bind("position", route.position())
              .bind("pattern", route.modelPattern())
              .bindArray("providers", UUID.class, route.providers())
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
        PublishedRows.list(row.getArray("provider_ids"), UUID.class));
  }
}
