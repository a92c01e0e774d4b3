package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From which pages browsers may call the admin API, as tenants say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CorsIT {
  private static final String ACMES = "https://console.acme.com";
  private static final String OTHERS = "https://other.example:8443";
  private static final String ALLOWED = "access-control-allow-origin";

  private RunningControlPlane running;

  /** What is answered to a browser; Java's client does not let a program say its origin. */
  private record Answer(int status, Map<String, String> headers) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    running =
        RunningControlPlane.start(
            directory, Map.of("MANTLE_DATABASE_URL", TestPostgres.create().urlText()));
    running.post("/api/v1/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
    running.post("/api/v1/tenants", "{\"id\":\"other\",\"name\":\"Other\"}");
    assertThat(put("acme", "[\"" + ACMES + "\",\"http://localhost:5173\"]").statusCode())
        .isEqualTo(200);
    assertThat(put("other", "[\"" + OTHERS + "\"]").statusCode()).isEqualTo(200);
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @ParameterizedTest
  @CsvSource({
    "https://console.acme.com,   /tenants/acme,              true",
    "http://localhost:5173,      /tenants/acme/keys,         true",
    "https://other.example:8443, /tenants/acme/keys,         false",
    "https://console.acme.com,   /tenants/other/keys,        false",
    "https://console.acme.com,   /tenants/nowhere/keys,      false",
    "https://console.acme.com.evil.example, /tenants/acme,   false",
    "https://console.acme.com:444, /tenants/acme,            false",
    "http://console.acme.com,    /tenants/acme,              false",
    "https://CONSOLE.acme.com,   /tenants/acme,              false",
    "null,                       /tenants/acme,              false",
    "https://console.acme.com,   /auth/login,                true",
    "https://other.example:8443, /auth/login,                true",
    "https://other.example:8443, /tenants,                   true",
    "https://other.example:8443, /privacy/preview,           true",
    "https://evil.example,       /auth/login,                false",
    "https://console.acme.com,   /platform/admins,           false",
    "https://console.acme.com,   /envoy/status,              false",
    "https://console.acme.com,   /nowhere,                   false"
  })
  void preflight_byOriginAndPath_isAnsweredOrRefused(String origin, String path, boolean allowed)
      throws Exception {
    Answer answer = ask("OPTIONS", path, "Origin: " + origin, "Access-Control-Request-Method: GET");

    assertThat(answer.status).isEqualTo(allowed ? 204 : 403);
    assertThat(answer.header(ALLOWED)).isEqualTo(allowed ? origin : "");
    assertThat(answer.header("access-control-allow-credentials")).isEmpty();
    assertThat(answer.header("vary")).contains("Origin");
  }

  @Test
  void preflight_thatIsAllowed_namesMethodsAndHeaders() throws Exception {
    Answer answer =
        ask(
            "OPTIONS",
            "/tenants/acme/keys",
            "Origin: " + ACMES,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization,idempotency-key");

    assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, POST");
    assertThat(answer.header("access-control-allow-headers").split(", ", -1))
        .contains("Authorization", "Idempotency-Key", "If-Match", "Content-Type");
  }

  /** What differs would tell who asks whether there is such a tenant. */
  @Test
  void preflight_ofATenantThatIsNotThere_isAnsweredAsAnotherTenants() throws Exception {
    String[] headers = {"Origin: https://evil.example", "Access-Control-Request-Method: GET"};
    assertThat(ask("OPTIONS", "/tenants/nowhere/keys", headers).headers().keySet())
        .isEqualTo(ask("OPTIONS", "/tenants/acme/keys", headers).headers().keySet());
  }

  @Test
  void answer_toAPageThatIsListed_canBeReadByItAlsoWhereItIsARefusal() throws Exception {
    String token = "Authorization: Bearer " + RunningControlPlane.TOKEN;
    Answer read = ask("GET", "/tenants/acme", token, "Origin: " + ACMES);
    Answer refused = ask("GET", "/tenants/acme", "Origin: " + ACMES);
    Answer elsewhere = ask("GET", "/tenants/acme", token, "Origin: https://evil.example");

    assertThat(read.status).isEqualTo(200);
    assertThat(read.header(ALLOWED)).isEqualTo(ACMES);
    assertThat(read.header("access-control-expose-headers")).contains("ETag");
    assertThat(refused.status).isEqualTo(401);
    assertThat(refused.header(ALLOWED)).isEqualTo(ACMES);
    assertThat(elsewhere.header(ALLOWED)).isEmpty();
  }

  @Test
  void options_withoutAToken_isRefusedWhereItIsNoPreflight() throws Exception {
    assertThat(ask("OPTIONS", "/tenants/acme", "Origin: " + ACMES).status).isEqualTo(401);
    assertThat(ask("OPTIONS", "/tenants/acme", "Access-Control-Request-Method: GET").status)
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "https://*.acme.com",
        "https://acme.com/",
        "https://acme.com/app",
        "https://acme.com:443",
        "https://Acme.com",
        "http://acme.com",
        "https://user@acme.com",
        "https://acme.com:0",
        "ftp://acme.com",
        "acme.com"
      })
  void origin_thatNoBrowserSendsOrAnybodyCouldTake_isNotStored(String origin) throws Exception {
    HttpResponse<String> refused = put("acme", "[\"" + ACMES + "\",\"" + origin + "\"]");

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(new ObjectMapper().readTree(refused.body()).path("field").asText())
        .isEqualTo("cors_origins[1]");
  }

  @Test
  void origins_leftOutOfAChange_stay() throws Exception {
    running.put("/api/v1/tenants/other", "{\"name\":\"Another\"}");

    assertThat(running.get("/api/v1/tenants/other").body()).contains(OTHERS);
  }

  private HttpResponse<String> put(String tenant, String origins) throws Exception {
    return running.put(
        "/api/v1/tenants/" + tenant, "{\"name\":\"T\",\"cors_origins\":" + origins + "}");
  }

  private Answer ask(String verb, String path, String... headers) throws Exception {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), running.controlPlane().adminPort())) {
      OutputStream out = socket.getOutputStream();
      String request =
          verb + " /api/v1" + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
      for (String header : headers) {
        request += header + "\r\n";
      }
      out.write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      int status = Integer.parseInt(in.readLine().split(" ", -1)[1]);
      Map<String, String> answered = new TreeMap<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        String[] header = line.split(": ", 2);
        answered.merge(
            header[0].toLowerCase(Locale.ROOT), header[1], (one, other) -> one + ", " + other);
      }
      return new Answer(status, answered);
    }
  }
}
