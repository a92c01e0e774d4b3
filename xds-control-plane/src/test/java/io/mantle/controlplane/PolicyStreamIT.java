package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.mantle.proto.policy.v1.Ack;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PolicyRequest;
import io.mantle.proto.policy.v1.PolicyServiceGrpc;
import io.mantle.proto.policy.v1.Subscribe;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sidecar is sent over PolicyService, from rows changed by SQL. */
final class PolicyStreamIT {
  private static final Duration QUIET = Duration.ofMillis(300);
  private static final Duration AGED_MAX = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private TestPostgres postgres;
  private RunningControlPlane running;

  @BeforeEach
  void start() throws Exception {
    postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(
            directory,
            Map.of(
                "MANTLE_DATABASE_URL", postgres.urlText(),
                "MANTLE_DEMO_KEY", "sk-mantle-demo-12345678",
                "MANTLE_DEMO_UPSTREAM_URL", "http://127.0.0.1:9001",
                "MANTLE_DEMO_UPSTREAM_KEY", "sk-upstream"));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void newSidecar_isSentTheWholeOfEachTenant() throws Exception {
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      PolicyDelta delta = sidecar.take();

      assertThat(delta.getComplete()).isTrue();
      TenantPolicy demo = delta.getChanged(0);
      assertThat(demo.getTenantId()).isEqualTo("demo");
      assertThat(demo.getSurrogateKey().size()).isEqualTo(32);
      assertThat(demo.getKeys(0).getSha256().size()).isEqualTo(32);
      assertThat(demo.getProviders(0).getCredential()).isEqualTo("sk-upstream");
      assertThat(demo.getProviders(0).getAuthority()).isEqualTo("127.0.0.1:9001");
      assertThat(demo.getRoutes(0).getModelPattern()).isEqualTo("*");
      assertThat(demo.getRoutes(0).getProviderIds(0)).isEqualTo(demo.getProviders(0).getId());
    }
  }

  @Test
  void revokedKey_isGoneWithinASecond_atEverySidecarOfEveryControlPlane() throws Exception {
    try (RunningControlPlane another = anotherControlPlane();
        Sidecar first = new Sidecar(running.xdsAddress(), Map.of());
        Sidecar second = new Sidecar(running.xdsAddress(), Map.of());
        Sidecar third = new Sidecar(another.xdsAddress(), Map.of())) {
      List<Sidecar> all = List.of(first, second, third);
      for (Sidecar sidecar : all) {
        assertThat(sidecar.take().getChanged(0).getKeysList()).hasSize(1);
      }
      long start = System.nanoTime();
      postgres.execute("UPDATE proxy_key SET revoked_at = now()");

      for (Sidecar sidecar : all) {
        assertThat(sidecar.take().getChanged(0).getKeysList()).isEmpty();
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  /** One with the same database and master key. */
  private RunningControlPlane anotherControlPlane() throws Exception {
    return RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
  }

  @Test
  void rotatedCredential_arrivesWithinASecond_inPlaceOfTheOld() throws Exception {
    String id = postgres.query("SELECT id FROM provider").getFirst();
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      sidecar.take();
      running.get("/api/v1/tenants/demo"); // the first answer loads the document it is judged by
      long start = System.nanoTime();
      int status =
          running
              .post(
                  "/api/v1/tenants/demo/providers/" + id + "/rotate-credentials",
                  "{\"credential\":\"sk-rotated\"}")
              .statusCode();

      assertThat(status).isEqualTo(200);
      TenantPolicy demo = sidecar.take().getChanged(0);
      assertThat(demo.getProvidersList()).hasSize(1);
      assertThat(demo.getProviders(0).getCredential()).isEqualTo("sk-rotated");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void revokedKey_ofATenantMadeInvalid_isGoneToo() throws Exception {
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      sidecar.take();
      postgres.execute(
          "UPDATE provider SET base_url = 'gopher://x'; UPDATE proxy_key SET revoked_at = now()");

      TenantPolicy demo = sidecar.take().getChanged(0);
      assertThat(demo.getKeysList()).isEmpty();
      assertThat(demo.getProvidersList()).as("the rest stays").hasSize(1);
    }
  }

  @Test
  void tenantMadeInvalid_ofWhichAControlPlaneKnowsNothing_isKeptAsHeldLessItsRevokedKeys()
      throws Exception {
    String version;
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      version = sidecar.take().getChanged(0).getVersion();
    }
    postgres.execute("UPDATE provider SET base_url = 'gopher://x'");
    try (RunningControlPlane later = anotherControlPlane();
        Sidecar sidecar = new Sidecar(later.xdsAddress(), Map.of("demo", version))) {
      PolicyDelta delta = sidecar.take();
      assertThat(delta.getRemovedTenantIdsList()).isEmpty();
      assertThat(delta.getComplete()).isTrue();
      TenantPolicy kept = delta.getChanged(0);
      assertThat(kept.getKeepsHeld()).isTrue();
      assertThat(kept.getKeysList()).hasSize(1);
      assertThat(kept.getProvidersList()).isEmpty();

      long start = System.nanoTime();
      postgres.execute("UPDATE proxy_key SET revoked_at = now()");
      TenantPolicy revoked = sidecar.take().getChanged(0);
      assertThat(revoked.getKeepsHeld()).isTrue();
      assertThat(revoked.getKeysList()).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));

      postgres.execute("UPDATE provider SET base_url = 'http://127.0.0.1:9002'");
      TenantPolicy mended = sidecar.take().getChanged(0);
      assertThat(mended.getKeepsHeld()).isFalse();
      assertThat(mended.getProviders(0).getAuthority()).isEqualTo("127.0.0.1:9002");
    }
  }

  @Test
  void reconnectingSidecar_isToldOnlyWhatDiffersAndWhatIsGone() throws Exception {
    Map<String, String> held = new HashMap<>();
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      sidecar.take().getChangedList().forEach(one -> held.put(one.getTenantId(), one.getVersion()));
    }
    held.put("gone", "0123456789abcdef");
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), held)) {
      PolicyDelta delta = sidecar.take();

      assertThat(delta.getChangedList()).isEmpty();
      assertThat(delta.getRemovedTenantIdsList()).containsExactly("gone");
      assertThat(delta.getComplete()).isTrue();
    }
    held.remove("gone");
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), held)) {
      assertThat(sidecar.take().getComplete()).as("told though nothing differs").isTrue();
    }
  }

  @Test
  void slowSidecar_isSentTheStateItMissedOnce() throws Exception {
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      PolicyDelta unanswered = sidecar.next();
      for (int i = 0; i < 5; i++) {
        postgres.execute("UPDATE provider SET accepts_stream_usage = " + (i % 2 == 1));
        Thread.sleep(50);
      }
      assertThat(sidecar.poll(QUIET)).as("before it answers").isNull();
      sidecar.answer(unanswered, "");

      assertThat(sidecar.take().getChanged(0).getProviders(0).getAcceptsStreamUsage()).isFalse();
      assertThat(sidecar.poll(QUIET)).isNull();
    }
  }

  @Test
  void refusedDelta_isNotSentInALoop_andTheRestIsAllThereIs() throws Exception {
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      sidecar.answer(sidecar.next(), "cannot use it");

      PolicyDelta rest = sidecar.take();
      assertThat(rest.getChangedList()).isEmpty();
      assertThat(rest.getComplete()).isTrue();
      assertThat(sidecar.poll(QUIET)).isNull();
      assertThat(running.get("/api/v1/envoy/status").body())
          .contains("\"reason\":\"cannot use it\"", "\"refused\":{\"policy\":[\"demo\"]}");
      assertThat(running.getWithoutToken("/metrics").body())
          .contains(
              "mantle_peers_refusing{sort=\"sidecar\"} 1.0",
              "mantle_rejections_total{kind=\"policy\",sort=\"sidecar\"} 1.0");

      postgres.execute("UPDATE provider SET base_url = 'http://127.0.0.1:9002'");
      assertThat(sidecar.take().getChangedCount()).isEqualTo(1);
      Eventually.isTrue(
          "nothing is refused any more",
          Duration.ofSeconds(5),
          () ->
              running
                  .getWithoutToken("/metrics")
                  .body()
                  .contains("mantle_peers_refusing{sort=\"sidecar\"} 0.0"));
    }
  }

  @Test
  void manyTenants_comeInBoundedDeltas() throws Exception {
    postgres.execute(
        "INSERT INTO tenant (id, name) SELECT 't-' || n, 'T' FROM generate_series(1, 1200) n");
    Eventually.isTrue(
        "published",
        Duration.ofSeconds(30),
        () -> running.getWithoutToken("/metrics").body().contains("mantle_tenants 1201.0"));
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of())) {
      int tenants = 0;
      PolicyDelta delta;
      do {
        delta = sidecar.take();
        assertThat(delta.getSerializedSize()).isLessThan(4 << 20);
        tenants += delta.getChangedCount();
      } while (!delta.getComplete());

      assertThat(tenants).isEqualTo(1201);
    }
  }

  @Test
  void sidecar_isToldHowOldItsPoliciesAre_alsoWhileTheDatabaseIsAway() throws Exception {
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of(), true)) {
      PolicyDelta first = sidecar.take();
      assertThat(first.hasAgeMillis()).isTrue();
      PolicyDelta heartbeat = sidecar.next();
      assertThat(heartbeat)
          .isEqualTo(PolicyDelta.newBuilder().setAgeMillis(heartbeat.getAgeMillis()).build());

      postgres.executeElsewhere(
          "ALTER DATABASE " + postgres.name() + " WITH ALLOW_CONNECTIONS false");
      postgres.executeElsewhere(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
              + postgres.name()
              + "'");
      Duration limit = Duration.ofMillis(2_500);
      Eventually.isTrue(
          "too old", AGED_MAX, () -> sidecar.next().getAgeMillis() > limit.toMillis());
      try (Sidecar later = new Sidecar(running.xdsAddress(), Map.of(), false)) {
        assertThat(later.take().getAgeMillis()).isGreaterThan(limit.toMillis());
      }

      postgres.executeElsewhere(
          "ALTER DATABASE " + postgres.name() + " WITH ALLOW_CONNECTIONS true");
      Eventually.isTrue("current", AGED_MAX, () -> sidecar.next().getAgeMillis() < 2_000);
    }
  }

  @Test
  void sidecar_thatHasNotAnswered_isNotToldThatItIsCurrent() throws Exception {
    try (Sidecar sidecar = new Sidecar(running.xdsAddress(), Map.of(), true)) {
      sidecar.take();
      postgres.execute("UPDATE proxy_key SET revoked_at = now()");
      PolicyDelta delta = sidecar.next();
      while (delta.getNonce().isEmpty()) {
        delta = sidecar.next();
      }

      assertThat(sidecar.poll(Duration.ofMillis(1_200))).as("a heartbeat").isNull();
      sidecar.answer(delta, "");
      assertThat(sidecar.next().getNonce()).isEmpty();
    }
  }

  /** A subscriber that says what a test tells it to. */
  private static final class Sidecar implements AutoCloseable, StreamObserver<PolicyDelta> {
    private final ManagedChannel channel;
    private final StreamObserver<PolicyRequest> requests;
    private final BlockingQueue<PolicyDelta> deltas = new LinkedBlockingQueue<>();

    private Sidecar(Address address, Map<String, String> held) {
      this(address, held, false);
    }

    private Sidecar(Address address, Map<String, String> held, boolean heartbeats) {
      if (!(address instanceof Address.Tcp tcp)) {
        throw new IllegalArgumentException("this client speaks TCP");
      }
      channel = NettyChannelBuilder.forAddress(tcp.host(), tcp.port()).usePlaintext().build();
      requests = PolicyServiceGrpc.newStub(channel).streamPolicies(this);
      requests.onNext(
          PolicyRequest.newBuilder()
              .setSubscribe(
                  Subscribe.newBuilder()
                      .setNodeId("sidecar")
                      .putAllHeldVersions(held)
                      .setHeartbeats(heartbeats))
              .build());
    }

    private PolicyDelta next() throws InterruptedException {
      PolicyDelta delta = deltas.poll(5, TimeUnit.SECONDS);
      if (delta == null) {
        throw new AssertionError("no delta came");
      }
      return delta;
    }

    private PolicyDelta take() throws InterruptedException {
      PolicyDelta delta = next();
      answer(delta, "");
      return delta;
    }

    private @Nullable PolicyDelta poll(Duration within) throws InterruptedException {
      return deltas.poll(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void answer(PolicyDelta delta, String rejectedBecause) {
      requests.onNext(
          PolicyRequest.newBuilder()
              .setAck(
                  Ack.newBuilder().setNonce(delta.getNonce()).setRejectedBecause(rejectedBecause))
              .build());
    }

    @Override
    public void onNext(PolicyDelta delta) {
      deltas.add(delta);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }
}
