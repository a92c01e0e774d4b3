package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.ProviderEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is written through the admin API, one living Envoy refuses nothing and holds what the
 * database says. {@code -Dmantle.property.writes=10000} writes more than CI does, {@code
 * -Dmantle.property.seed} writes the same again.
 */
final class EnvoyPropertyIT {
  private static final int WRITES = Integer.getInteger("mantle.property.writes", 200);
  private static final boolean OF_CI = System.getProperty("mantle.property.writes") == null;
  private static final int WRITES_PER_LOOK = 25;

  @Test
  void anyWrites_throughTheApi_areNeverRefusedByEnvoy(@TempDir Path directory) throws Exception {
    RunningEnvoy.binary();
    long seed = Long.getLong("mantle.property.seed", new Random().nextLong());
    System.out.println("-Dmantle.property.seed=" + seed);
    TestPostgres postgres = TestPostgres.create();
    int gatewayPort = RunningEnvoy.freePort();
    try (RunningControlPlane running =
            RunningControlPlane.start(
                directory,
                Map.of(
                    "MANTLE_DATABASE_URL",
                    postgres.urlText(),
                    "MANTLE_GATEWAY_LISTEN",
                    "127.0.0.1:" + gatewayPort));
        RunningEnvoy envoy = RunningEnvoy.start(directory, running.xdsAddress())) {
      envoy.awaitListener(gatewayPort);
      OddWrites writes = new OddWrites(running, seed);
      for (int written = 1; written <= WRITES; written++) {
        writes.next();
        if (written % WRITES_PER_LOOK == 0) {
          assertNothingRefused(running, envoy, seed);
        }
      }
      Eventually.isTrue(
          "Envoy holds what the database says (seed " + seed + ")",
          Duration.ofSeconds(10),
          () -> holds(envoy.scopes(), scopesOf(postgres)));
      if (!OF_CI) {
        Eventually.isTrue(
            "and nothing besides, once earlier ways have closed",
            Duration.ofSeconds(60),
            () ->
                envoy.scopes().equals(scopesOf(postgres))
                    && envoy.providerClusters().equals(clustersOf(scopesOf(postgres))));
      }
      assertNothingRefused(running, envoy, seed);
      System.out.printf(
          "%d writes, %d stored, %d refused by the API, none by Envoy%n",
          writes.made(), writes.accepted(), writes.refused());
      assertThat(writes.made()).as("seed %s", seed).isEqualTo(WRITES);
      assertThat(writes.accepted()).as("seed %s", seed).isPositive();
      assertThat(writes.refused()).as("seed %s", seed).isPositive();
    }
  }

  /** Whether each tenant has its ways; a way that closed stays open for a while. */
  private static boolean holds(Map<String, Set<String>> envoy, Map<String, Set<String>> rows) {
    return envoy.keySet().equals(rows.keySet())
        && rows.entrySet().stream()
            .allMatch(
                tenant ->
                    envoy.getOrDefault(tenant.getKey(), Set.of()).containsAll(tenant.getValue()));
  }

  private static void assertNothingRefused(
      RunningControlPlane running, RunningEnvoy envoy, long seed) throws Exception {
    assertThat(running.get("/api/v1/envoy/status").body())
        .as("seed %s", seed)
        .contains("\"last_nack\":null", "\"failing_tenants_total\":0");
    assertThat(envoy.refusals()).as("seed %s", seed).isZero();
  }

  /** Tenant to the clusters that its scope must lead to, worked out from the rows alone. */
  static Map<String, Set<String>> scopesOf(TestPostgres postgres) throws Exception {
    Map<String, Set<String>> scopes = new TreeMap<>();
    for (String row :
        postgres.query(
            "SELECT t.id || ' ' || coalesce(p.private_allowed::text || ' ' || p.base_url, '')"
                + " FROM tenant t LEFT JOIN provider p ON p.tenant_id = t.id")) {
      String[] columns = row.split(" ", 3);
      Set<String> clusters = scopes.computeIfAbsent(columns[0], _ -> new TreeSet<>());
      if (columns.length == 3) {
        clusters.add(cluster(columns[2], columns[1].equals("true")));
      }
    }
    return scopes;
  }

  static Set<String> clustersOf(Map<String, Set<String>> scopes) {
    Set<String> all = new TreeSet<>();
    scopes.values().forEach(all::addAll);
    return all;
  }

  private static String cluster(String baseUrl, boolean privateAllowed)
      throws InvalidTenantException {
    ProviderEndpoint endpoint = ProviderEndpoint.parse(baseUrl);
    return (privateAllowed ? endpoint.allowingPrivate() : endpoint).clusterName();
  }
}
