package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.testing.ApiContract;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the gateway answers is as {@code docs/openapi.yaml} says: statuses, headers, bodies. */
@ExtendWith(SharedStack.class)
final class DataPlaneContractIT {
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";
  private static final String HELLO = Chat.saying("hello");
  private static final String OF_ANTHROPIC = "anthropic-version: 2023-06-01";

  private final GatewayStack gateway;
  private final ApiContract contract;

  DataPlaneContractIT(GatewayStack gateway) throws Exception {
    this.gateway = gateway;
    contract =
        new ApiContract(Chat.JSON.readTree(gateway.admin("GET", "/openapi.json", "").body()));
  }

  @Test
  void answers_ofEveryKind_areAsDocumented() throws Exception {
    gateway.provider().answers(DataPlaneContractIT::answer);
    expect(200, "POST", CHAT, GatewayStack.KEY, HELLO);
    expect(200, "POST", CHAT, GatewayStack.KEY, Chat.streaming("hello"));
    expect(200, "GET", "/v1/models", GatewayStack.KEY, "");
    expect(200, "GET", "/v1/models", GatewayStack.KEY, "", OF_ANTHROPIC);
    expect(200, "GET", "/v1/models/gpt-test", GatewayStack.KEY, "");
  }

  @Test
  void refusals_ofEveryKind_areAsDocumented() throws Exception {
    gateway.provider().answers((_, wire) -> wire.reset());
    for (String path : new String[] {CHAT, MESSAGES}) {
      expect(400, "POST", path, GatewayStack.KEY, "{");
      expect(401, "POST", path, "", HELLO);
      expect(401, "POST", path, "sk-proj-somebody-elses", HELLO);
      expect(404, "POST", path, GatewayStack.KEY, HELLO.replace("gpt-test", "no such model"));
      expect(415, "POST", path, GatewayStack.KEY, HELLO, "content-encoding: gzip");
      String tooLong = Chat.saying("x".repeat(GatewayStack.BODY_BYTES_MAX));
      expect(413, "POST", path, GatewayStack.KEY, tooLong);
      expect(431, "POST", path, GatewayStack.KEY, HELLO, "x-long: " + "x".repeat(70_000));
    }
    assertThat(ask("POST", CHAT, GatewayStack.KEY, HELLO).status()).isBetween(502, 503);
    expect(404, "GET", "/v1/responses/none", GatewayStack.KEY, "");
    for (String[] headers : new String[][] {{}, {OF_ANTHROPIC}}) {
      expect(401, "GET", "/v1/models", "sk-mantle-nobodys", "", headers);
      expect(404, "GET", "/v1/models/none", GatewayStack.KEY, "", headers);
      expect(431, "GET", "/v1/models", GatewayStack.KEY, "", "x-long: " + "x".repeat(70_000));
    }
  }

  @Test
  void answersAndRefusals_ofALimitedTenant_areAsDocumented() throws Exception {
    gateway.provider().answers(DataPlaneContractIT::answer);
    String key = TestTenant.create(gateway, "contract", gateway.provider().baseUrl().toString());
    HttpResponse<String> put =
        gateway.admin(
            "PUT", "/api/v1/tenants/contract/limits", "{\"limits\":{\"requests_per_minute\":3}}");
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    String unknown = HELLO.replace("gpt-test", "no such model");

    Until.holds(
        WAIT_MAX,
        "refusals say what is left",
        () -> !ask("POST", CHAT, key, unknown).header("x-ratelimit-limit-requests").isEmpty());
    Until.holds(
        WAIT_MAX, "the limit is reached", () -> ask("POST", CHAT, key, HELLO).status() == 429);
  }

  private void expect(
      int status, String method, String path, String key, String body, String... headers)
      throws Exception {
    RawClient.Answer answer = ask(method, path, key, body, headers);
    assertThat(answer.status()).as(method + " " + path + ": " + answer.body()).isEqualTo(status);
  }

  /** Asks, and holds what is answered to the document. */
  private RawClient.Answer ask(
      String method, String path, String key, String body, String... headers) throws Exception {
    RawClient client = RawClient.connect(gateway.port());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    client.write(RawClient.request(method, path, key, bytes, headers));
    RawClient.Answer answer = client.answer();
    contract.check(
        method,
        path,
        body,
        new ApiContract.Answer(answer.status(), answer.headers(), answer.body()));
    return answer;
  }

  private static void answer(ScriptedProvider.Received request, ScriptedProvider.Wire wire)
      throws Exception {
    if (!Chat.JSON.readTree(request.body()).path("stream").asBoolean()) {
      wire.json(200, Chat.answer("hi"));
      return;
    }
    wire.beginEvents();
    for (String event : new String[] {Chat.chunk("hi"), Chat.lastChunk(), "[DONE]"}) {
      wire.event(event);
    }
    wire.end();
  }
}
