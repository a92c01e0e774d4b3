package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRotationApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PATH = "/api/v1/keys/rotations";

  @Test
  void rotations_askedFor_runToTheirEndAndAreAudited(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (RunningControlPlane running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()))) {
      running.post("/api/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
      running.post(
          "/api/v1/tenants/acme/providers",
          "{\"name\":\"p\",\"base_url\":\"http://127.0.0.1:9\",\"credential\":\"sk-0123456789-0123456789\"}");

      HttpResponse<String> begun = running.post(PATH, "{\"kind\":\"tenant\",\"tenant\":\"acme\"}");
      assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
      String id = JSON.readTree(begun.body()).path("id").asText();
      Eventually.isTrue(
          "the rotation is completed",
          Duration.ofSeconds(30),
          () ->
              JSON.readTree(running.get(PATH + "/" + id).body())
                  .path("state")
                  .asText()
                  .equals("completed"));
      JsonNode done = JSON.readTree(running.get(PATH + "/" + id).body());
      assertThat(done.path("done").asLong()).isEqualTo(2);
      assertThat(done.path("total").asLong()).isEqualTo(2);
      assertThat(running.get("/api/v1/tenants/acme/providers").body()).contains("********6789");
      assertThat(running.get("/api/v1/tenants/acme/audit").body()).contains("key.rotate", id);

      HttpResponse<String> master = running.post(PATH, "{\"kind\":\"master\"}");
      assertThat(master.statusCode()).as(master.body()).isEqualTo(202);
      assertThat(JSON.readTree(running.get(PATH).body()).path("data")).hasSize(2);
      JsonNode latest = JSON.readTree(running.get(PATH + "?limit=1").body());
      assertThat(latest.at("/data/0/kind").asText()).isEqualTo("master");
      String next = latest.path("next").asText();
      JsonNode before = JSON.readTree(running.get(PATH + "?limit=1&after=" + next).body());
      assertThat(before.at("/data/0/id").asText()).isEqualTo(id);
      assertThat(before.path("next").isNull()).isTrue();
      assertThat(postgres.query("SELECT subject FROM audit WHERE tenant_id = '~platform'"))
          .contains(JSON.readTree(master.body()).path("id").asText());

      assertThat(running.post(PATH, "{\"kind\":\"tenant\"}").statusCode()).isEqualTo(422);
      assertThat(running.post(PATH, "{\"kind\":\"all\"}").statusCode()).isEqualTo(422);
      assertThat(running.post(PATH, "{\"kind\":\"master\",\"tenant\":\"acme\"}").statusCode())
          .isEqualTo(422);
      assertThat(running.post(PATH, "{\"kind\":\"tenant\",\"tenant\":\"none\"}").statusCode())
          .isEqualTo(422);
      assertThat(running.get(PATH + "/nothing").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void keyService_away_refusesToStartAndNamesItsHost(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    assertThatThrownBy(
            () ->
                RunningControlPlane.start(
                    directory,
                    Map.of(
                        "MANTLE_DATABASE_URL",
                        postgres.urlText(),
                        "MANTLE_MASTER_KEY_URI",
                        "hcvault+http://127.0.0.1:1/transit/keys/mantle",
                        "VAULT_TOKEN",
                        "hvs.hunter2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:1")
        .hasMessageNotContaining("hunter2");
  }
}
