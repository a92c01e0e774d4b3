package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.database.EmbeddedDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is lost on the way and whoever was away: in the end Envoy holds the tenants that the
 * database has. One Postgres that can be restarted, one Envoy, and a control plane for each test.
 */
final class CatchUpIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private static Path directory;
  private static EmbeddedDatabase postgres;
  private static RunningEnvoy envoy;
  private static int xdsPort;
  private static int gatewayPort;

  private RunningControlPlane running;

  @BeforeAll
  static void startServers() throws Exception {
    RunningEnvoy.binary();
    postgres = EmbeddedDatabase.in(directory.resolve("database"));
    postgres.start();
    xdsPort = RunningEnvoy.freePort();
    gatewayPort = RunningEnvoy.freePort();
    envoy = RunningEnvoy.start(directory, new Address.Tcp("127.0.0.1", xdsPort));
  }

  @AfterAll
  static void stopServers() throws Exception {
    if (envoy != null) {
      envoy.close();
      postgres.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    running = startControlPlane("first", xdsPort);
    envoy.awaitListener(gatewayPort);
    execute("INSERT INTO tenant (id, name) VALUES ('kept', 'Kept')");
    awaitEnvoyHoldsTheDatabase();
  }

  @AfterEach
  void stop() throws Exception {
    running.close();
    execute("DELETE FROM tenant");
  }

  @Test
  void change_committedAfterALaterOne_arrives() throws Exception {
    try (Connection slow = connect()) {
      slow.setAutoCommit(false);
      execute(slow, "INSERT INTO tenant (id, name) VALUES ('slow', 'Began first')");
      execute("INSERT INTO tenant (id, name) VALUES ('fast', 'Committed first')");
      awaitEnvoyHoldsTheDatabase();
      slow.commit();
    }
    awaitEnvoyHoldsTheDatabase();
    assertThat(envoy.scopes()).containsKeys("slow", "fast");
  }

  @Test
  void change_begunBeforeTheConnectionWasLost_andCommittedAfterItIsBack_arrives() throws Exception {
    try (Connection slow = connect()) {
      slow.setAutoCommit(false);
      execute(slow, "INSERT INTO tenant (id, name) VALUES ('slow', 'Slow')");
      loseTheFeed();
      execute("INSERT INTO tenant (id, name) VALUES ('meanwhile', 'M')");
      awaitEnvoyHoldsTheDatabase();
      slow.commit();
    }
    awaitEnvoyHoldsTheDatabase();
    assertThat(envoy.scopes()).containsKey("slow");
  }

  @Test
  void connection_lostAgainAndAgainAmidChanges_missesNone() throws Exception {
    for (int i = 0; i < 40; i++) {
      if (i % 10 == 0) {
        loseTheFeed();
      }
      execute("INSERT INTO tenant (id, name) VALUES ('t" + i + "', 'T')");
      execute("DELETE FROM tenant WHERE id = 't" + (i - 20) + "'");
    }
    awaitEnvoyHoldsTheDatabase();
  }

  @Test
  void postgres_restarted_isCaughtUpWith() throws Exception {
    execute("INSERT INTO tenant (id, name) VALUES ('before', 'B')");
    awaitEnvoyHoldsTheDatabase();
    postgres.stop();
    assertThat(envoy.scopes()).as("served unchanged meanwhile").containsKeys("kept", "before");
    postgres.start();
    execute("DELETE FROM tenant WHERE id = 'before'");
    execute("INSERT INTO tenant (id, name) VALUES ('after', 'A')");

    awaitEnvoyHoldsTheDatabase();
  }

  @Test
  void controlPlane_awayDuringADeletionAndAChange_isCaughtUpWith() throws Exception {
    execute(
        "INSERT INTO tenant (id, name) VALUES ('gone', 'G'), ('changed', 'C');"
            + "INSERT INTO provider (tenant_id, name, base_url) VALUES"
            + " ('gone', 'p', 'http://127.0.0.1:9001'), ('changed', 'p', 'http://127.0.0.1:9002')");
    awaitEnvoyHoldsTheDatabase();
    running.close();
    execute(
        "DELETE FROM tenant WHERE id = 'gone';"
            + "UPDATE provider SET base_url = 'http://127.0.0.1:9003'");
    assertThat(envoy.scopes()).as("served unchanged meanwhile").containsKey("gone");

    running = startControlPlane("first", xdsPort);

    awaitEnvoyHoldsTheDatabase();
    Eventually.isTrue(
        "no cluster is left over",
        SOON,
        () -> envoy.providerClusters().equals(Set.of("http://127.0.0.1:9003")));
  }

  @Test
  void secondControlPlane_onTheSameDatabase_servesAsWell() throws Exception {
    try (RunningControlPlane second = startControlPlane("second", 0);
        ScriptedEnvoy other = new ScriptedEnvoy("other", second.xdsAddress())) {
      assertThat(second.post("/api/v1/tenants", "{\"id\": \"two\", \"name\": \"T\"}").statusCode())
          .isEqualTo(201);
      awaitEnvoyHoldsTheDatabase();
      assertThat(envoy.scopes()).containsKey("two");
      other.subscribe(ScriptedEnvoy.SCOPE, Map.of());
      assertThat(ScriptedEnvoy.names(other.take(ScriptedEnvoy.SCOPE)))
          .containsExactly("kept", "two");
      assertThat(running.delete("/api/v1/tenants/two").statusCode()).isEqualTo(204);
      assertThat(other.take(ScriptedEnvoy.SCOPE).getRemovedResourcesList()).containsExactly("two");
      awaitEnvoyHoldsTheDatabase();
    }
  }

  @Test
  void tenant_madeInvalidBySql_keepsItsLastGoodPart_alsoOverARestart() throws Exception {
    execute(
        "INSERT INTO tenant (id, name) VALUES ('evil', 'E'), ('doomed', 'D');"
            + "INSERT INTO provider (tenant_id, name, base_url) VALUES"
            + " ('evil', 'p', 'http://127.0.0.1:9001'), ('doomed', 'p', 'http://127.0.0.1:9002')");
    awaitEnvoyHoldsTheDatabase();
    execute("UPDATE provider SET base_url = 'gopher://x' WHERE tenant_id = 'evil'");
    execute("INSERT INTO tenant (id, name) VALUES ('next', 'N')");
    Eventually.isTrue("others change", SOON, () -> envoy.scopes().containsKey("next"));
    assertThat(envoy.scopes().get("evil")).containsExactly("http://127.0.0.1:9001");
    assertAlarmed("last_good");

    running.close();
    execute("UPDATE provider SET base_url = 'gopher://x'; DELETE FROM tenant WHERE id = 'next'");
    running = startControlPlane("first", xdsPort);

    Eventually.isTrue("others change", SOON, () -> !envoy.scopes().containsKey("next"));
    assertThat(envoy.scopes().get("evil")).containsExactly("http://127.0.0.1:9001");
    assertThat(envoy.scopes().get("doomed")).containsExactly("http://127.0.0.1:9002");
    assertThat(envoy.providerClusters()).contains("http://127.0.0.1:9001");
    execute("DELETE FROM tenant WHERE id = 'doomed'");
    Eventually.isTrue("deletions count", SOON, () -> !envoy.scopes().containsKey("doomed"));
    assertAlarmed("as_held");
    try (ScriptedEnvoy fresh = new ScriptedEnvoy("fresh", running.xdsAddress())) {
      fresh.subscribe(ScriptedEnvoy.SCOPE, Map.of());
      assertThat(ScriptedEnvoy.names(fresh.take(ScriptedEnvoy.SCOPE))).containsExactly("kept");
    }

    execute("UPDATE provider SET base_url = 'http://127.0.0.1:9003'");
    Eventually.isTrue(
        "what is mended takes effect, and nothing is left over",
        SOON,
        () ->
            Set.of("http://127.0.0.1:9003").equals(envoy.scopes().get("evil"))
                && envoy.providerClusters().equals(Set.of("http://127.0.0.1:9003")));
    awaitEnvoyHoldsTheDatabase();
    assertThat(running.get("/api/v1/envoy/status").body()).contains("\"failing_tenants_total\":0");
  }

  private void assertAlarmed(String inForce) throws Exception {
    assertThat(running.get("/api/v1/envoy/status").body())
        .contains(
            "\"tenant\":\"evil\"",
            "its base URL begins with neither http:// nor https://",
            "\"in_force\":\"" + inForce + "\"",
            "\"failing_tenants_total\":1");
    assertThat(running.getWithoutToken("/metrics").body()).contains("mantle_tenants_failing 1.0");
  }

  private static RunningControlPlane startControlPlane(String name, int port) throws Exception {
    Path folder = Files.createDirectories(directory.resolve("control-plane"));
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "MANTLE_DATABASE_URL", Files.readString(directory.resolve("database/database.url")));
    settings.put("MANTLE_XDS_LISTEN", "127.0.0.1:" + port);
    settings.put("MANTLE_GATEWAY_LISTEN", "127.0.0.1:" + gatewayPort);
    settings.put("MANTLE_ADMIN_TOKEN_FILE", folder.resolve(name).toString());
    Files.writeString(folder.resolve(name), RunningControlPlane.TOKEN);
    return RunningControlPlane.start(folder, settings);
  }

  private static void loseTheFeed() throws Exception {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE application_name = 'mantle_change_feed'");
  }

  private static void awaitEnvoyHoldsTheDatabase() throws Exception {
    Eventually.isTrue(
        "Envoy holds what the database has", SOON, () -> envoy.scopes().keySet().equals(tenants()));
  }

  private static Set<String> tenants() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM tenant")) {
      Set<String> ids = new TreeSet<>();
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
      return ids;
    }
  }

  private static Connection connect() throws Exception {
    return DriverManager.getConnection(postgres.url().jdbcUrl(), postgres.url().properties());
  }

  private static void execute(String sql) throws Exception {
    try (Connection connection = connect()) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
