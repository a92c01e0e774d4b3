package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Limits through the whole gateway: the exact ones of ext_proc, and Envoy's walls around it. */
@ExtendWith(SharedStack.class)
final class LimitIT {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(5);
  private static final String REQUEST = Chat.saying("hello");

  @Test
  void requests_beyondTheLimit_get429InTheCallersDialect(GatewayStack gateway) throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    String key =
        tenant(gateway, "limited-r", "{\"requests_per_minute\":3,\"tokens_per_minute\":5000}");
    RawClient.Answer first = gateway.chatAs(key, REQUEST);
    assertThat(first.status()).as(first.body()).isEqualTo(200);
    assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("3");
    assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("2");
    assertThat(first.header("x-ratelimit-reset-requests")).isEqualTo("1m0s");
    assertThat(first.header("x-ratelimit-limit-tokens")).isEqualTo("5000");
    assertThat(first.header("x-ratelimit-remaining-tokens")).isNotEmpty();
    assertThat(first.header("x-mantle-limits")).isEqualTo("node");
    for (int i = 0; i < 2; i++) {
      assertThat(gateway.chatAs(key, REQUEST).status()).isEqualTo(200);
    }

    RawClient.Answer refused = gateway.chatAs(key, REQUEST);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(Chat.isError(refused.body())).isTrue();
    JsonNode error = Chat.JSON.readTree(refused.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(error.path("type").asText()).isEqualTo("requests");
    assertLimited(refused);

    RawClient.Answer anthropic = message(gateway, key);
    assertThat(anthropic.status()).isEqualTo(429);
    assertThat(Chat.JSON.readTree(anthropic.body()).at("/error/type").asText())
        .isEqualTo("rate_limit_error");
    assertLimited(anthropic);
  }

  @Test
  void tokens_asTheProviderCountsThem_areWhatIsCharged(GatewayStack gateway) throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi"))); // 18 tokens
    String key = tenant(gateway, "limited-t", "{\"tokens_per_minute\":1000}");
    RawClient.Answer first = gateway.chatAs(key, REQUEST);
    long estimate = 1000 - Long.parseLong(first.header("x-ratelimit-remaining-tokens"));
    RawClient.Answer second = gateway.chatAs(key, REQUEST);
    assertThat(1000 - Long.parseLong(second.header("x-ratelimit-remaining-tokens")))
        .isEqualTo(18 + estimate);
  }

  @Test
  void streams_thatClientsLeave_areFreeAgain(GatewayStack gateway) throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    gateway
        .provider()
        .answers(
            (_, wire) -> {
              wire.beginEvents();
              wire.event(Chat.chunk("one"));
              left.await();
            });
    String key = tenant(gateway, "limited-s", "{\"concurrent_streams\":1}");
    byte[] body = Chat.streaming("hello").getBytes(StandardCharsets.UTF_8);
    try (RawClient stream = RawClient.chat(gateway.port(), key, body)) {
      assertThat(stream.readHead()).isEqualTo(200);
      RawClient.Answer refused = gateway.chatAs(key, REQUEST);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body()).contains("too_many_streams");
    }
    left.countDown();
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    Until.holds(
        IN_FORCE_MAX,
        "the stream's place is free",
        () -> gateway.chatAs(key, REQUEST).status() == 200);
  }

  @Test
  void envoysLadder_outlivesExtProcAndPushes(TestDatabase database, @TempDir Path spool)
      throws Exception {
    Map<String, String> settings = Map.of("MANTLE_USAGE_SPOOL_DIR", spool.toString());
    try (GatewayStack gateway =
        GatewayStack.start(database, GatewayStack.ExtProc.OWN_PROCESS, settings)) {
      gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
      String key = tenant(gateway, "laddered", "{\"requests_per_minute\":60}");
      List<RawClient.Answer> first = chats(gateway, key, 62);
      assertThat(first).filteredOn(answer -> answer.status() == 429).isNotEmpty();
      assertThat(first)
          .filteredOn(answer -> answer.status() == 429)
          .allMatch(answer -> !answer.header("x-mantle-limits").isEmpty(), "refused by ext_proc");

      // ext_proc forgets what it counted; Envoy does not, though it is pushed another tenant.
      gateway.extProcProcess().destroyForcibly().waitFor();
      gateway.restartExtProc();
      TestTenant.insert(gateway, "another", gateway.provider().baseUrl().toString());
      Until.holds(
          Duration.ofSeconds(30),
          "ext_proc is back",
          () -> gateway.chatAs(key, REQUEST).status() != 503);
      RawClient.Answer refused = gateway.chatAs(key, REQUEST);
      for (int i = 0; i < 50 && refused.status() != 429; i++) {
        refused = gateway.chatAs(key, REQUEST);
      }
      assertThat(refused).as("in OpenAI's words").matches(LimitIT::isOfTheLadder);
      assertThat(Chat.isError(refused.body())).as(refused.body()).isTrue();
      assertThat(refusedMessage(gateway, key)).matches(LimitIT::isOfTheLadder);
      assertThat(refused.header("x-mantle-provider")).isEmpty();
      assertRefusalsBooked(
          gateway, 2 + first.stream().filter(answer -> answer.status() == 429).count());
      assertThat(gateway.chat(REQUEST).status()).as("others are not touched").isEqualTo(200);
    }
  }

  /**
   * Every 429 of the tenant "laddered" is booked as a request that was sent to nobody, whoever said
   * it.
   */
  private static void assertRefusalsBooked(GatewayStack gateway, long refusedMin) throws Exception {
    String ofTenant = " FROM usage WHERE tenant_id = 'laddered' AND ";
    Until.holds(
        Duration.ofSeconds(30),
        "the refusals are in the books",
        () ->
            Long.parseLong(
                    TestDatabase.query(
                            gateway.database(), "SELECT count(*)" + ofTenant + "status = 429")
                        .getFirst())
                >= refusedMin);
    assertThat(
            TestDatabase.query(
                gateway.database(),
                "SELECT DISTINCT outcome, attempts, prompt_tokens, cost_nano_usd"
                    + ofTenant
                    + "status = 429"))
        .containsExactly("REFUSED|0|null|0");
    assertThat(
            TestDatabase.query(
                gateway.database(),
                "SELECT outcome, status, attempts" + ofTenant + "status = 0 AND attempts > 0"))
        .as("left by nobody: each was answered")
        .isEmpty();
  }

  private static List<RawClient.Answer> chats(GatewayStack gateway, String key, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> {
              try {
                return gateway.chatAs(key, REQUEST);
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
        .toList();
  }

  /** Envoy has a request a second to give, so it refuses one of a few. */
  private static RawClient.Answer refusedMessage(GatewayStack gateway, String key)
      throws Exception {
    RawClient.Answer answer = message(gateway, key);
    for (int i = 0; i < 8 && answer.status() != 429; i++) {
      answer = message(gateway, key);
    }
    JsonNode body = Chat.JSON.readTree(answer.body());
    assertThat(body.path("type").asText()).as(answer.body()).isEqualTo("error");
    assertThat(body.at("/error/type").asText()).isEqualTo("rate_limit_error");
    assertThat(body.path("error").has("code")).isFalse();
    return answer;
  }

  private static RawClient.Answer message(GatewayStack gateway, String key) throws Exception {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(
          RawClient.request(
              "POST",
              "/v1/messages",
              key,
              "{\"model\":\"claude-test\",\"max_tokens\":5,\"messages\":[]}"
                  .getBytes(StandardCharsets.UTF_8),
              "anthropic-version: 2023-06-01"));
      return client.answer();
    }
  }

  private static boolean isOfTheLadder(RawClient.Answer answer) {
    return answer.status() == 429
        && answer.header("x-mantle-limits").isEmpty()
        && answer.header("retry-after").equals("5")
        && answer.header("x-ratelimit-limit-requests").equals("60")
        && answer.header("x-ratelimit-remaining-requests").equals("0")
        && answer.header("x-ratelimit-reset-requests").equals("1m0s")
        && answer.body().contains("rate_limit_exceeded");
  }

  private static void assertLimited(RawClient.Answer refused) {
    assertThat(Long.parseLong(refused.header("retry-after"))).isBetween(1L, 61L);
    assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(refused.header("x-should-retry")).isEmpty();
  }

  /** A tenant with limits, in force; returns its key. */
  private static String tenant(GatewayStack gateway, String id, String limits) throws Exception {
    created(gateway, "/api/v1/tenants", "{\"id\":\"%s\",\"name\":\"T\"}".formatted(id));
    String tenant = "/api/v1/tenants/" + id;
    HttpResponse<String> put =
        gateway.admin("PUT", tenant + "/limits", "{\"limits\":%s}".formatted(limits));
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    for (String kind : List.of("openai", "anthropic")) {
      String provider =
          created(
                  gateway,
                  tenant + "/providers",
                  "{\"name\":\"%s\",\"kind\":\"%s\",\"base_url\":\"%s\",\"models\":[\"gpt-test\",\"claude-test\"]}"
                      .formatted(kind, kind, gateway.provider().baseUrl()))
              .path("id")
              .asText();
      created(
          gateway,
          tenant + "/routes",
          "{\"model_pattern\":\"%s\",\"providers\":[\"%s\"]}"
              .formatted(kind.equals("openai") ? "gpt-*" : "claude-*", provider));
    }
    // Last, so that the policy that has the key has all else too.
    String key = created(gateway, tenant + "/keys", "{}").path("key").asText();
    Until.holds(IN_FORCE_MAX, id + " is in force", () -> TestTenant.models(gateway, key) == 200);
    return key;
  }

  private static JsonNode created(GatewayStack gateway, String path, String body) throws Exception {
    HttpResponse<String> answer = gateway.admin("POST", path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Chat.JSON.readTree(answer.body());
  }
}
