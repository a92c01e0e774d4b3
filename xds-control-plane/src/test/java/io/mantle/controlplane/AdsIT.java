package io.mantle.controlplane;

import static io.mantle.controlplane.ScriptedEnvoy.CLUSTER;
import static io.mantle.controlplane.ScriptedEnvoy.LISTENER;
import static io.mantle.controlplane.ScriptedEnvoy.SCOPE;
import static io.mantle.controlplane.ScriptedEnvoy.names;
import static io.mantle.controlplane.ScriptedEnvoy.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an Envoy is sent over delta ADS, from rows changed by SQL. */
final class AdsIT {
  private static final Duration QUIET = Duration.ofMillis(300);

  private TestPostgres postgres;
  private RunningControlPlane running;

  @BeforeEach
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
    insert("acme", "http://127.0.0.1:9001");
    insert("bits", "http://127.0.0.1:9002");
    awaitTenants(2);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void newEnvoy_isSentEverything() throws Exception {
    try (ScriptedEnvoy envoy = connect("new")) {
      envoy.subscribe(CLUSTER, Map.of());
      assertThat(names(envoy.take(CLUSTER)))
          .containsExactly("ext_proc", "http://127.0.0.1:9001", "http://127.0.0.1:9002");
      envoy.subscribe(LISTENER, Map.of());
      assertThat(names(envoy.take(LISTENER))).containsExactly("gateway");
      envoy.subscribe(SCOPE, Map.of());
      assertThat(names(envoy.take(SCOPE))).containsExactly("acme", "bits");
    }
  }

  @Test
  void changedTenant_isSentAlone() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("one")) {
      postgres.execute(
          "UPDATE provider SET base_url = 'http://127.0.0.1:9002' WHERE tenant_id = 'acme'");

      DeltaDiscoveryResponse scopes = envoy.take(SCOPE);
      assertThat(names(scopes)).containsExactly("acme");
      assertThat(envoy.poll(QUIET))
          .as("its earlier cluster stays for requests that are on their way")
          .isNull();
    }
  }

  @Test
  void newCluster_isTakenBeforeTheScopeThatUsesIt() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("two")) {
      insert("cube", "http://127.0.0.1:9003");

      DeltaDiscoveryResponse clusters = envoy.next(CLUSTER);
      assertThat(names(clusters)).containsExactly("http://127.0.0.1:9003");
      assertThat(envoy.poll(QUIET)).as("before the cluster is acknowledged").isNull();
      envoy.ack(clusters);
      assertThat(names(envoy.take(SCOPE))).containsExactly("cube");
    }
  }

  @Test
  void deletedTenant_isRemoved() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("three")) {
      postgres.execute("DELETE FROM tenant WHERE id = 'bits'");

      assertThat(envoy.take(SCOPE).getRemovedResourcesList()).containsExactly("bits");
      assertThat(envoy.take(CLUSTER).getRemovedResourcesList())
          .containsExactly("http://127.0.0.1:9002");
    }
  }

  @Test
  void changeThatIsNoChange_isNotSent() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("four")) {
      postgres.execute("UPDATE tenant SET name = 'another name'");

      assertThat(envoy.poll(QUIET)).isNull();
    }
  }

  @Test
  void reconnectingEnvoy_isToldOnlyWhatDiffersAndWhatIsGone() throws Exception {
    Map<String, String> clusters = new HashMap<>();
    Map<String, String> scopes = new HashMap<>();
    Map<String, String> listeners = new HashMap<>();
    try (ScriptedEnvoy envoy = connect("five")) {
      envoy.subscribe(CLUSTER, Map.of());
      clusters.putAll(versions(envoy.take(CLUSTER)));
      envoy.subscribe(LISTENER, Map.of());
      listeners.putAll(versions(envoy.take(LISTENER)));
      envoy.subscribe(SCOPE, Map.of());
      scopes.putAll(versions(envoy.take(SCOPE)));
    }
    postgres.execute("DELETE FROM tenant WHERE id = 'bits'");
    insert("cube", "http://127.0.0.1:9001");
    insert("dora", "http://127.0.0.1:9001");
    awaitTenants(3);

    try (ScriptedEnvoy envoy = connect("five")) {
      envoy.subscribe(CLUSTER, clusters);
      assertThat(envoy.take(CLUSTER).getResourcesList()).as("equal clusters").isEmpty();
      envoy.subscribe(LISTENER, listeners);
      envoy.subscribe(SCOPE, scopes);
      assertThat(envoy.take(LISTENER).getResourcesList()).as("an equal listener").isEmpty();
      DeltaDiscoveryResponse changes = envoy.take(SCOPE);
      assertThat(names(changes)).containsExactly("cube", "dora");
      assertThat(changes.getRemovedResourcesList()).containsExactly("bits");
      assertThat(envoy.take(CLUSTER).getRemovedResourcesList())
          .containsExactly("http://127.0.0.1:9002");
    }
  }

  @Test
  void refusedResource_isReportedAndNotSentInALoop_andOthersStillAre() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("six")) {
      insert("evil", "http://127.0.0.1:9001");
      envoy.nack(envoy.next(SCOPE), "no such thing");

      assertThat(envoy.poll(QUIET)).as("the same again").isNull();
      assertThat(running.get("/api/v1/envoy/status").body())
          .contains("\"node_id\":\"six\"")
          .contains("\"last_nack\":{")
          .contains("no such thing");
      assertThat(metric("mantle_peers_behind{kind=\"scoped_route\",sort=\"envoy\"}")).isEqualTo(1);
      assertThat(metric("mantle_peers_behind{kind=\"listener\",sort=\"envoy\"}")).isZero();
      insert("good", "http://127.0.0.1:9001");
      assertThat(names(envoy.take(SCOPE))).containsExactly("good");
      postgres.execute(
          "INSERT INTO provider (tenant_id, name, base_url) VALUES ('evil', 'q', 'http://127.0.0.1:9002')");
      assertThat(names(envoy.take(SCOPE))).as("once it changed").containsExactly("evil");
    }
  }

  @Test
  void refusedBatch_isHalvedUntilTheFaultStandsAlone() throws Exception {
    for (int i = 0; i < 20; i++) {
      insert("tenant-" + i, "http://127.0.0.1:9001");
    }
    awaitTenants(22);
    try (ScriptedEnvoy envoy = connect("seven")) {
      envoy.subscribe(CLUSTER, Map.of());
      envoy.take(CLUSTER);
      envoy.subscribe(SCOPE, Map.of());
      Set<String> taken = new HashSet<>();
      for (DeltaDiscoveryResponse response = envoy.next(SCOPE);
          response != null;
          response = envoy.poll(QUIET)) {
        if (names(response).contains("tenant-7")) {
          envoy.nack(response, "tenant-7 is invalid");
        } else {
          taken.addAll(names(response));
          envoy.ack(response);
        }
      }

      assertThat(taken).hasSize(21).doesNotContain("tenant-7");
    }
  }

  @Test
  void tenantMadeInvalid_keepsWhatItHadAndBlocksNobody() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("eight")) {
      postgres.execute("UPDATE provider SET base_url = 'gopher://x' WHERE tenant_id = 'acme'");
      insert("cube", "http://127.0.0.1:9001");

      assertThat(names(envoy.take(SCOPE))).containsExactly("cube");
      assertThat(envoy.poll(QUIET)).isNull();
      assertThat(running.getWithoutToken("/metrics").body())
          .contains("mantle_tenants_failing 1.0")
          .contains("mantle_tenants 3.0");
    }
  }

  @Test
  void status_afterEverythingWasTaken_saysSo() throws Exception {
    try (ScriptedEnvoy envoy = connectAndTakeAll("nine")) {
      assertThat(envoy.poll(QUIET)).isNull();
      Eventually.isTrue(
          "acked",
          Duration.ofSeconds(1),
          () ->
              running
                  .get("/api/v1/envoy/status")
                  .body()
                  .matches(
                      ".*\"node_id\":\"nine\",\"connected\":true.*\"cluster\":.*\"last_nack\":null.*"));
      String acked =
          running
              .get("/api/v1/envoy/status")
              .body()
              .replaceFirst("(?s).*\"cluster\":\"([0-9a-f]{16})\".*", "$1");
      assertThat(metric("mantle_published_version{kind=\"cluster\"}"))
          .isEqualTo(Long.parseUnsignedLong(acked.substring(0, 12), 16));
      for (String kind : Set.of("cluster", "listener", "scoped_route")) {
        assertThat(metric("mantle_peers_behind{kind=\"" + kind + "\",sort=\"envoy\"}"))
            .as(kind)
            .isZero();
      }
    }
    assertThat(metric("mantle_peers_behind{kind=\"policy\",sort=\"sidecar\"}")).isZero();
    Eventually.isTrue(
        "disconnected",
        Duration.ofSeconds(2),
        () ->
            running
                .get("/api/v1/envoy/status")
                .body()
                .contains("\"node_id\":\"nine\",\"connected\":false"));
  }

  private ScriptedEnvoy connect(String nodeId) {
    return new ScriptedEnvoy(nodeId, running.xdsAddress());
  }

  private ScriptedEnvoy connectAndTakeAll(String nodeId) throws InterruptedException {
    ScriptedEnvoy envoy = connect(nodeId);
    envoy.subscribe(CLUSTER, Map.of());
    envoy.take(CLUSTER);
    envoy.subscribe(LISTENER, Map.of());
    assertThat(names(envoy.take(LISTENER))).containsExactly("gateway");
    envoy.subscribe(SCOPE, Map.of());
    assertThat(names(envoy.take(SCOPE))).containsExactly("acme", "bits");
    return envoy;
  }

  private void insert(String tenantId, String baseUrl) throws Exception {
    postgres.execute(
        "INSERT INTO tenant (id, name) VALUES ('"
            + tenantId
            + "', 'T');"
            + "INSERT INTO provider (tenant_id, name, base_url) VALUES ('"
            + tenantId
            + "', 'p', '"
            + baseUrl
            + "')");
  }

  private void awaitTenants(int count) throws Exception {
    Eventually.isTrue("published", Duration.ofSeconds(2), () -> tenantsPublished() == count);
  }

  private long tenantsPublished() throws Exception {
    return metric("mantle_tenants");
  }

  private long metric(String name) throws Exception {
    return running
        .getWithoutToken("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(-1);
  }
}
