package io.mantle.controlplane.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/**
 * The connections to Postgres: one pool for each role. Opening it connects to nothing; a call made
 * while Postgres is away fails after {@value #CONNECT_TIMEOUT_MILLIS} ms.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
  private static final int FIRST_CONNECTION_MILLIS = 30_000; // Postgres may be starting beside us
  private static final int SOCKET_TIMEOUT_SECONDS = 60;
  private static final int APP_CONNECTIONS_MAX = 8;
  private static final int PUBLISHER_CONNECTIONS_MAX = 2;
  private static final int IDENTITY_CONNECTIONS_MAX = 4;
  private static final int KEYS_CONNECTIONS_MAX = 3;

  private final DatabaseUrl url;
  private final HikariDataSource appPool;
  private final HikariDataSource publisherPool;
  private final HikariDataSource identityPool;
  private final HikariDataSource keysPool;
  private final Jdbi app;
  private final Jdbi publisher;
  private final Jdbi identity;
  private final Jdbi keys;

  private Database(
      DatabaseUrl url,
      HikariDataSource appPool,
      HikariDataSource publisherPool,
      HikariDataSource identityPool,
      HikariDataSource keysPool) {
    this.url = url;
    this.appPool = appPool;
    this.publisherPool = publisherPool;
    this.identityPool = identityPool;
    this.keysPool = keysPool;
    this.app = Jdbi.create(appPool);
    this.publisher = Jdbi.create(publisherPool);
    this.identity = Jdbi.create(identityPool);
    this.keys = Jdbi.create(keysPool);
  }

  public static Database open(DatabaseUrl url) {
    return new Database(
        url,
        pool(url, "mantle_app", APP_CONNECTIONS_MAX),
        pool(url, "mantle_publisher", PUBLISHER_CONNECTIONS_MAX),
        pool(url, "mantle_identity", IDENTITY_CONNECTIONS_MAX),
        pool(url, "mantle_keys", KEYS_CONNECTIONS_MAX));
  }

  private static HikariDataSource pool(DatabaseUrl url, String role, int connectionsMax) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(role);
    config.setJdbcUrl(url.jdbcUrl());
    config.setDataSourceProperties(url.properties());
    config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT_MILLIS / 1_000);
    config.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
    config.addDataSourceProperty("ApplicationName", role);
    config.setConnectionInitSql("SET ROLE " + role);
    config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(-1);
    config.setMinimumIdle(0);
    config.setMaximumPoolSize(connectionsMax);
    return new HikariDataSource(config);
  }

  /**
   * Brings the schema up to date, as the user who logs in; waits {@value #FIRST_CONNECTION_MILLIS}
   * ms for a Postgres that is not there yet.
   *
   * @throws org.flywaydb.core.api.FlywayException if a migration fails; what it did is rolled back
   */
  public void migrate() {
    try (HikariDataSource owner = ownerSource()) {
      Flyway.configure()
          .dataSource(owner)
          .locations("classpath:db/migration")
          .failOnMissingLocations(true)
          .load()
          .migrate();
    }
  }

  private HikariDataSource ownerSource() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("mantle_owner");
    config.setInitializationFailTimeout(FIRST_CONNECTION_MILLIS);
    config.setJdbcUrl(url.jdbcUrl());
    config.setDataSourceProperties(url.properties());
    config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    config.setMinimumIdle(0);
    config.setMaximumPoolSize(3);
    return new HikariDataSource(config);
  }

  /**
   * Runs one transaction that sees and writes rows of this tenant alone; within another of the
   * application role, on the same thread, it is part of that one.
   */
  <T, X extends Exception> T asTenant(String tenantId, HandleCallback<T, X> work) throws X {
    return app.inTransaction(
        handle -> {
          actAs(handle, tenantId);
          return work.withHandle(handle);
        });
  }

  /**
   * Runs one transaction of the application role that names its tenants itself, by {@link #actAs}.
   */
  <T, X extends Exception> T asApp(HandleCallback<T, X> work) throws X {
    return app.inTransaction(work);
  }

  /** From here to the end of its transaction, or the next call, a handle is this tenant's. */
  static void actAs(Handle handle, String tenantId) {
    handle
        .createQuery("SELECT set_config('mantle.tenant_id', :tenant, true)")
        .bind("tenant", tenantId)
        .mapTo(String.class)
        .one();
  }

  /** Runs one transaction that reads what is published of all tenants, as of one moment. */
  <T, X extends Exception> T asPublisher(HandleCallback<T, X> work) throws X {
    return publisher.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, work);
  }

  /** Runs one transaction of the role that finds out who asks. */
  <T, X extends Exception> T asIdentity(HandleCallback<T, X> work) throws X {
    return identity.inTransaction(work);
  }

  /** Runs one transaction of the role that alone reads master keys, and seals anew. */
  <T, X extends Exception> T asKeys(HandleCallback<T, X> work) throws X {
    return keys.inTransaction(work);
  }

  /** A connection of its own beside the pools, as the user who logs in. */
  Connection dedicatedConnection(String applicationName, Duration socketTimeout)
      throws SQLException {
    Properties properties = new Properties();
    properties.putAll(url.properties());
    properties.putAll(
        Map.of(
            "ApplicationName",
            applicationName,
            "connectTimeout",
            Integer.toString(CONNECT_TIMEOUT_MILLIS / 1_000),
            "socketTimeout",
            Long.toString(socketTimeout.toSeconds()),
            "tcpKeepAlive",
            "true"));
    return DriverManager.getConnection(url.jdbcUrl(), properties);
  }

  /** Whether Postgres answers now; takes at most a few seconds to say no. */
  public boolean isUp() {
    try {
      return app.withHandle(handle -> handle.createQuery("SELECT true").mapTo(Boolean.class).one());
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    appPool.close();
    publisherPool.close();
    identityPool.close();
    keysPool.close();
  }
}
