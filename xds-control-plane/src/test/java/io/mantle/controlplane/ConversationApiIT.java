package io.mantle.controlplane;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deleting conversations over the admin API, where the vault cannot do it. */
final class ConversationApiIT {
  private static final String ERASURES = "/api/v1/tenants/acme/erasures";
  private static final String PATH = "/api/v1/tenants/acme/conversations/case-7";

  @Test
  void conversation_withNoSidecarThere_isNotClaimedToBeDeleted(@TempDir Path directory)
      throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()))) {
      HttpResponse<String> deleted = running.delete(PATH);
      assertThat(deleted.statusCode()).isEqualTo(503);
      assertThat(deleted.body()).contains("no sidecar is connected");
      HttpResponse<String> erased = running.post(ERASURES, "{\"value\": \"Maria Garcia\"}");
      assertThat(erased.statusCode()).isEqualTo(503);
      assertThat(erased.body()).contains("no sidecar is connected");
    }
  }

  @Test
  void erasure_thatIsNone_isRefusedWithoutAWordOfIt(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()))) {
      for (String body :
          new String[] {
            "",
            "Garcia",
            "[\"Garcia\"]",
            "{}",
            "{\"value\": 7}",
            "{\"value\": \" \"}",
            "{\"value\": \"Garcia\", \"type\": \"PERSON\"}",
            "{\"value\": \"Garcia\"} x",
            "{\"value\": \"\\ud800\"}",
            "{\"value\": \"" + "x".repeat(16_385) + "\"}",
          }) {
        HttpResponse<String> refused = running.post(ERASURES, body);
        assertThat(refused.statusCode()).describedAs(body).isIn(400, 422);
        assertThat(refused.body()).contains("Erasure".toLowerCase(ROOT)).doesNotContain("Garcia");
      }
    }
  }

  @Test
  void conversation_whileTheVaultIsAway_isNotClaimedToBeDeleted(@TempDir Path directory)
      throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(
            directory,
            Map.of(
                "MANTLE_DATABASE_URL", postgres.urlText(),
                "MANTLE_VAULT_URL", "redis://127.0.0.1:" + port,
                "MANTLE_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32])))) {
      assertThat(running.delete(PATH).statusCode()).isEqualTo(503);
      assertThat(running.delete("/api/v1/tenants/acme/conversations").statusCode()).isEqualTo(503);
      assertThat(running.post(ERASURES, "{\"value\": \"x\"}").statusCode()).isEqualTo(503);
      assertThat(running.delete("/api/v1/tenants/acme/conversations/a%20b").statusCode())
          .isEqualTo(404);
    }
  }
}
