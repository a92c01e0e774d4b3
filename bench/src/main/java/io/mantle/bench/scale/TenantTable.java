package io.mantle.bench.scale;

import io.mantle.controlplane.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tenants of a bench, as rows: each has a key, two providers, a route and a privacy policy. One
 * provider answers; the other is changed, to an address that nobody calls and that it did not have
 * lately: ways to earlier ones stay open for a while, so going back changes nothing in Envoy. Not
 * thread-safe.
 */
final class TenantTable implements AutoCloseable {
  private static final String FILL =
      """
      INSERT INTO tenant (id, name, plan)
        SELECT 'bench-' || n, 'Bench ' || n, 'enterprise' FROM generate_series(0, {count} - 1) n;
      INSERT INTO provider (tenant_id, name, base_url, models)
        SELECT 'bench-' || n, p.name, p.url, '{gpt-4o, gpt-4o-mini}'
        FROM generate_series(0, {count} - 1) n,
          (VALUES ('answers', '{url}'), ('changes', 'http://127.0.0.1:9')) p (name, url);
      INSERT INTO route (tenant_id, model_pattern, provider_ids)
        SELECT tenant_id, '*', ARRAY[id] FROM provider WHERE name = 'answers';
      INSERT INTO privacy_policy (tenant_id) SELECT id FROM tenant;
      INSERT INTO proxy_key (tenant_id, sha256)
        SELECT 'bench-' || n, sha256(('{key}' || n)::bytea) FROM generate_series(0, {count} - 1) n;
      ANALYZE;
      """;
  private static final String KEY_PREFIX = "sk-mantle-bench-0123456789-";

  private final Connection connection;
  private final PreparedStatement change;
  private final int count;

  private TenantTable(Connection connection, int count) throws SQLException {
    this.connection = connection;
    this.count = count;
    connection.setAutoCommit(false);
    this.change =
        connection.prepareStatement(
            "UPDATE provider SET base_url = 'http://127.0.0.1:'"
                + " || 10 + (substring(base_url FROM '[0-9]+$')::int - 9) % 1000"
                + " WHERE tenant_id = ? AND name = 'changes'");
  }

  /** Fills an empty, migrated database. */
  static TenantTable fill(DatabaseUrl url, int count, String providerUrl) throws SQLException {
    Connection connection = DriverManager.getConnection(url.jdbcUrl(), url.properties());
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          FILL.replace("{count}", Integer.toString(count))
              .replace("{url}", providerUrl)
              .replace("{key}", KEY_PREFIX));
    }
    return new TenantTable(connection, count);
  }

  int count() {
    return count;
  }

  static String id(int tenant) {
    return "bench-" + tenant;
  }

  /** What a client of the tenant sends. */
  static String key(int tenant) {
    return KEY_PREFIX + tenant;
  }

  /** Changes a tenant; returns when that is about to be committed, having done so. */
  long change(String tenantId) throws SQLException {
    change.setString(1, tenantId);
    change.executeUpdate();
    long before = System.nanoTime();
    connection.commit();
    return before;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
