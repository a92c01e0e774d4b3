package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Envoy's access log: a line for each exchange, by the id that the client got, and in it nothing of
 * what the client wrote into path, query, headers and body.
 */
final class AccessLogCheck {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CHAT = "/v1/chat/completions";

  /** Of what is no endpoint. */
  private static final String NONE = "";

  private final GatewayStack gateway;
  private final Canary canary = Canary.hatch();
  private final Path log;

  AccessLogCheck(GatewayStack gateway) {
    this.gateway = gateway;
    this.log = gateway.folder().resolve("envoy.log");
  }

  void assertLinesAreThereAndHoldNothingPrivate() throws Exception {
    gateway
        .provider()
        .answers((request, wire) -> wire.json(200, Chat.answer(Chat.prompt(request.body()))));
    String said = Chat.saying(canary.prompt());
    RawClient.Answer answered =
        send(
            "POST",
            CHAT,
            GatewayStack.KEY,
            said,
            "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01");
    assertThat(Chat.content(answered.body())).contains(canary.email());
    JsonNode line = lineOf(answered);
    assertThat(line.path("method").asText()).isEqualTo("POST");
    assertThat(line.path("path").asText()).isEqualTo(CHAT);
    assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("details").asText()).isEqualTo("via_upstream");
    assertThat(line.path("provider").asText()).isEqualTo(answered.header("x-mantle-provider"));
    assertThat(line.path("attempts").asInt()).isEqualTo(1);
    assertThat(line.path("request_bytes").asInt()).isEqualTo(said.length());
    assertThat(line.path("response_bytes").asInt()).isEqualTo(answered.bytes().length);
    for (String duration : new String[] {"request_ms", "first_byte_ms", "duration_ms"}) {
      assertThat(line.path(duration).isIntegralNumber()).as(duration).isTrue();
    }

    // What Envoy itself would say of these is what the client wrote.
    assertLine(
        "GET", "/v1/responses/" + canary.card(), GatewayStack.KEY, 404, "/v1/responses/{id}");
    assertLine("GET", "/v1/models/" + canary.email(), GatewayStack.KEY, 404, "/v1/models/{id}");
    assertLine("GET", "/v1/" + canary.email(), GatewayStack.KEY, 404, NONE);
    assertLine("POST", CHAT, "sk-proj-" + canary.card(), 401, CHAT);
    String tooLong = Chat.saying("x".repeat(GatewayStack.BODY_BYTES_MAX));
    assertThat(send("POST", CHAT, GatewayStack.KEY, tooLong).status()).isEqualTo(413);
    Until.holds(
        Duration.ofSeconds(20),
        "what Envoy refused itself is logged too",
        () -> Files.readString(log).contains("\"details\":\"request_payload_too_large\""));

    assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
        .doesNotContain(canary.ownTraces())
        .doesNotContain(encoded(canary.email()), "?user=", GatewayStack.PROVIDER_KEY)
        .doesNotContain(GatewayStack.KEY);
  }

  private void assertLine(String method, String path, String key, int status, String template)
      throws Exception {
    RawClient.Answer answer = send(method, path, key, method.equals("POST") ? "{}" : "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    JsonNode line = lineOf(answer);
    if (template.equals(NONE)) {
      assertThat(line.path("path").isNull() && line.path("method").isNull()).isTrue();
    } else {
      assertThat(line.path("path").asText()).isEqualTo(template);
      assertThat(line.path("method").asText()).isEqualTo(method);
    }
    assertThat(line.path("status").asInt()).isEqualTo(status);
    assertThat(line.path("details").asText()).isEqualTo("mantle");
    assertThat(line.path("attempts").asInt()).isZero();
  }

  /** With canaries where only a careless log would take them from. */
  private RawClient.Answer send(
      String method, String path, String key, String body, String... headers) throws IOException {
    String id = headers.length == 0 ? canary.email() : UUID.randomUUID().toString();
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "x-request-id: " + id;
    all[headers.length + 1] = "user-agent: " + canary.email();
    RawClient client = RawClient.connect(gateway.port());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    client.write(
        RawClient.request(method, path + "?user=" + encoded(canary.email()), key, bytes, all));
    return client.answer();
  }

  private JsonNode lineOf(RawClient.Answer answer) throws Exception {
    String id = answer.header("x-request-id");
    assertThat(id).isNotEmpty();
    String mark = "\"request_id\":\"" + id + "\"";
    Until.holds(
        Duration.ofSeconds(20), "its line is there", () -> Files.readString(log).contains(mark));
    String line =
        Files.readAllLines(log).stream().filter(each -> each.contains(mark)).findFirst().orElse("");
    return Chat.JSON.readTree(line);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
