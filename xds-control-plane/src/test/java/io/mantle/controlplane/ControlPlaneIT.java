package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.UsageRow;
import io.mantle.proto.usage.v1.UsageServiceGrpc;
import io.mantle.proto.usage.v1.UsageServiceGrpc.UsageServiceBlockingStub;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane as a whole, with the Postgres it brings itself where nothing else is said. */
final class ControlPlaneIT {
  private static final Map<String, String> DEMO =
      Map.of(
          "MANTLE_DEMO_KEY", "sk-mantle-demo-12345678",
          "MANTLE_DEMO_UPSTREAM_URL", "http://127.0.0.1:9001");

  @Test
  void embeddedPostgres_restarted_keepsItsDataAndAsksForItsPassword(@TempDir Path directory)
      throws Exception {
    try (RunningControlPlane first = RunningControlPlane.start(directory, DEMO)) {
      try (Connection psql = connect(first);
          Statement statement = psql.createStatement()) {
        statement.execute("INSERT INTO tenant (id, name) VALUES ('kept', 'Kept')");
      }
      String url = first.controlPlane().databaseUrl().jdbcUrl();
      assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guess").close())
          .hasMessageContaining("password");
    }
    try (RunningControlPlane second = RunningControlPlane.start(directory, DEMO);
        Connection psql = connect(second);
        Statement statement = psql.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT string_agg(id, ',' ORDER BY id) FROM tenant")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("demo,kept");
    }
    for (String file : List.of("master-keyset.json", "postgres.password", "database.url")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file))))
          .as(file)
          .isEqualTo("rw-------");
    }
    assertThat(directory.resolve("postgres/postmaster.pid")).as("stopped").doesNotExist();
  }

  @Test
  void adminPort_answersAsTheApiSays(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()))) {
      assertThat(running.getWithoutToken("/health").body())
          .isEqualTo("{\"status\":\"up\",\"db\":\"up\",\"redis\":\"none\"}");
      assertThat(running.getWithoutToken("/ready").statusCode()).isEqualTo(200);
      assertThat(running.getWithoutToken("/metrics").body())
          .contains("mantle_tenants 0.0")
          .doesNotContainPattern("(?m)^# HELP \\S+\\s*$");
      HttpResponse<String> tooLarge = running.post("/api/v1/auth/login", " ".repeat((1 << 20) + 1));
      assertThat(tooLarge.statusCode()).isEqualTo(413);
      assertThat(tooLarge.body()).contains("larger than 1048576 bytes");
      assertThat(running.getWithoutToken("/metrics").headers().firstValue("content-type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      for (String path : List.of("/health", "/ready")) {
        assertThat(running.getWithoutToken(path).headers().firstValue("content-type"))
            .as(path)
            .hasValue("application/json");
      }
      assertThat(running.getWithoutToken("/api/v1/envoy/status").statusCode()).isEqualTo(401);
      assertThat(running.get("/api/v1/envoy/status").body())
          .isEqualTo(
              "{\"envoys\":[],\"sidecars\":[],\"failing_tenants\":[],\"failing_tenants_total\":0}");
      assertThat(running.get("/api/v1/tenants/acme/exchanges").statusCode()).isEqualTo(501);
      assertThat(running.get("/nothing").statusCode()).isEqualTo(404);
      assertThat(running.get("/nothing").headers().firstValue("content-type"))
          .hasValue("application/problem+json");
    }
  }

  @Test
  void databaseAway_servesWhatItHasAndSaysSo(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()))) {
      postgres.executeElsewhere("ALTER DATABASE " + postgres.name() + " ALLOW_CONNECTIONS false");
      postgres.executeElsewhere(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
              + postgres.name()
              + "'");

      assertThat(running.getWithoutToken("/health").statusCode()).isEqualTo(503);
      assertThat(running.getWithoutToken("/ready").statusCode()).isEqualTo(200);
      ManagedChannel channel = channel(running);
      assertThatThrownBy(
              () -> UsageServiceGrpc.newBlockingStub(channel).reportUsage(report(row("acme"))))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAVAILABLE");
      channel.shutdownNow();
      postgres.executeElsewhere("ALTER DATABASE " + postgres.name() + " ALLOW_CONNECTIONS true");
      postgres.execute("INSERT INTO tenant (id, name) VALUES ('meanwhile', 'M')");
      Eventually.isTrue(
          "caught up",
          Duration.ofSeconds(10),
          () -> running.getWithoutToken("/metrics").body().contains("mantle_tenants 1.0"));
    }
  }

  @Test
  void usage_reportedTwice_isStoredOnce_andRefusedWhereMalformed(@TempDir Path directory)
      throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()))) {
      ManagedChannel channel = channel(running);
      UsageServiceBlockingStub usage = UsageServiceGrpc.newBlockingStub(channel);
      UsageRow row = row("acme");
      UsageRow unknown = row.toBuilder().setOutcome(UsageRow.Outcome.UNKNOWN).build();
      assertThat(usage.reportUsage(report(row, row("bits"), row)).isInitialized()).isTrue();
      assertThat(usage.reportUsage(report(unknown)).isInitialized()).isTrue();
      UsageRow lost = row("lost").toBuilder().setOutcome(UsageRow.Outcome.UNKNOWN).build();
      assertThat(usage.reportUsage(report(lost)).isInitialized()).isTrue();

      assertThat(
              postgres.query(
                  "SELECT concat_ws(' ', tenant_id, model, status, outcome, prompt_tokens, entities)"
                      + " FROM usage ORDER BY tenant_id"))
          .containsExactly(
              "acme gpt-4o 200 COMPLETED 7 {\"EMAIL\": 2}",
              "bits gpt-4o 200 COMPLETED 7 {\"EMAIL\": 2}",
              "lost gpt-4o 200 UNKNOWN 7 {\"EMAIL\": 2}");
      assertThatThrownBy(() -> usage.reportUsage(report(row.toBuilder().setId("x").build())))
          .hasMessageContaining("INVALID_ARGUMENT");
      assertThatThrownBy(
              () -> usage.reportUsage(report(row.toBuilder().setModel("m".repeat(257)).build())))
          .hasMessageContaining("INVALID_ARGUMENT");
      channel.shutdownNow();
    }
  }

  private static ReportUsageRequest report(UsageRow... rows) {
    return ReportUsageRequest.newBuilder().setNodeId("node").addAllRows(List.of(rows)).build();
  }

  private static UsageRow row(String tenantId) {
    return UsageRow.newBuilder()
        .setId(UUID.randomUUID().toString())
        .setTenantId(tenantId)
        .setKeyId("key")
        .setModel("gpt-4o")
        .setEndpoint("/v1/chat/completions")
        .setStartedAtEpochMillis(1_700_000_000_000L)
        .setStatus(200)
        .setOutcome(UsageRow.Outcome.COMPLETED)
        .setPromptTokens(7)
        .putEntities("EMAIL", 2)
        .build();
  }

  private static ManagedChannel channel(RunningControlPlane running) {
    if (!(running.xdsAddress() instanceof Address.Tcp tcp)) {
      throw new IllegalArgumentException("this client speaks TCP");
    }
    return NettyChannelBuilder.forAddress(tcp.host(), tcp.port()).usePlaintext().build();
  }

  private static Connection connect(RunningControlPlane running) throws Exception {
    return DriverManager.getConnection(
        running.controlPlane().databaseUrl().jdbcUrl(),
        running.controlPlane().databaseUrl().properties());
  }
}
