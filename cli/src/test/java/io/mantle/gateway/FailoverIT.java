package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A route with two providers: the second is asked where the first fails, with the same masked body,
 * and each with its own credential, path, host and name for the model alone.
 */
@ExtendWith(SharedStack.class)
final class FailoverIT {
  private final GatewayStack gateway;
  private final Canary canary = Canary.hatch();

  @SuppressWarnings("NullAway.Init") // beforeEach
  private ScriptedProvider first;

  @SuppressWarnings("NullAway.Init") // beforeEach
  private ScriptedProvider second;

  FailoverIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @BeforeEach
  void startProviders() throws IOException {
    first = ScriptedProvider.start();
    second = ScriptedProvider.start();
    second.answers(
        (request, wire) -> wire.json(200, Chat.answer("2: " + Chat.prompt(request.body()))));
  }

  @AfterEach
  void stopProviders() throws IOException {
    first.close();
    second.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503, 429})
  void first_answersWithThat_secondIsAskedWithItsOwnKey(int status) throws Exception {
    ChainTenant tenant = chain("/a/v1", "/b/v1").routed();
    first.answers((_, wire) -> wire.json(status, "{\"error\":{\"message\":\"no\"}}"));

    RawClient.Answer answer = tenant.chat(Chat.saying(canary.prompt()));

    assertAnsweredBySecond(answer);
    ScriptedProvider.Received one = first.next();
    ScriptedProvider.Received other = second.next();
    assertThat(one.head()).startsWith("POST /a/v1/chat/completions ");
    assertThat(other.head()).startsWith("POST /b/v1/chat/completions ");
    assertThat(one.header("host")).isEqualTo("127.0.0.1:" + first.port());
    assertThat(other.header("host")).isEqualTo("127.0.0.1:" + second.port());
    assertThat(other.body()).isEqualTo(one.body());
    for (ScriptedProvider.Received received : List.of(one, other)) {
      assertThat(received.headerNames())
          .containsExactlyInAnyOrder(
              "host", "content-type", "content-length", "accept", "authorization");
    }
    assertOwnKeysAlone();
  }

  @Test
  void first_refusesConnections_secondIsAsked() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.close();

    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));

    assertThat(second.everyByte()).doesNotContain(ChainTenant.credential(0), "mantle");
    assertThat(booked(tenant)).isEqualTo("COMPLETED|200|" + tenant.provider(1));
  }

  @Test
  void first_breaksOffBeforeItsAnswer_secondIsAsked() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.answers((_, wire) -> wire.reset());

    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));
  }

  @Test
  void stream_ofTheSecond_isRestored() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.answers((_, wire) -> wire.json(500, "{}"));
    second.answers((request, wire) -> stream(wire, Chat.prompt(request.body())));

    RawClient.Answer answer = tenant.chat(Chat.streaming(canary.prompt()));

    assertThat(answer.whole()).isTrue();
    assertThat(Chat.said(answer.body())).isEqualTo(canary.prompt());
    assertOwnKeysAlone();
  }

  @Test
  void stream_thatBreaksAfterItsFirstByte_isNotTriedAgain() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.answers(
        (_, wire) -> {
          wire.beginEvents();
          wire.event(Chat.chunk("Once upon a time "));
          wire.reset();
        });

    RawClient.Answer answer = tenant.chat(Chat.streaming(canary.prompt()));

    FailClosedCheck.assertFailed(answer);
    assertThat(second.everyByte()).isEmpty();
  }

  @Test
  void both_fail_clientGetsTheLastErrorInItsDialect() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.answers((_, wire) -> wire.json(500, "{\"error\":{\"message\":\"first\"}}"));
    second.answers((_, wire) -> wire.json(503, "{\"error\":{\"message\":\"second\"}}"));

    RawClient.Answer answered = tenant.chat(Chat.saying(canary.prompt()));
    assertOwnKeysAlone();
    first.answers((_, wire) -> wire.reset());
    second.answers((_, wire) -> wire.reset());
    RawClient.Answer away = tenant.chat(Chat.saying(canary.prompt()));

    assertThat(answered.status()).isEqualTo(503);
    assertThat(answered.body()).contains("second");
    assertThat(booked(tenant)).isEqualTo("PROVIDER_ERROR|503|" + tenant.provider(1));
    assertThat(away.status()).isEqualTo(503);
    assertThat(Chat.isError(away.body())).isTrue();
    assertThat(away.body()).doesNotContain("127.0.0.1", "sk-upstream");
  }

  @Test
  void oneEndpoint_withTwoCredentials_isAskedWithEach() throws Exception {
    String url = "http://127.0.0.1:" + first.port() + "/v1";
    ChainTenant tenant = ChainTenant.of(gateway, url, url).routed();
    first.answers(
        (request, wire) -> {
          boolean limited = request.header("authorization").contains(ChainTenant.credential(0));
          wire.json(limited ? 429 : 200, Chat.answer("2: " + Chat.prompt(request.body())));
        });

    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));
  }

  @Test
  void models_mappedForEach_areAskedForByTheirOwnNames() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1");
    ObjectNode route = Chat.JSON.createObjectNode();
    route
        .putObject("model_mapping")
        .put(tenant.provider(0), "a-model-with-a-longer-name")
        .put(tenant.provider(1), "b");
    tenant.routed(route);
    first.answers((_, wire) -> wire.json(500, "{}"));

    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));

    ScriptedProvider.Received one = first.next();
    ScriptedProvider.Received other = second.next();
    assertThat(one.body()).contains("\"model\":\"a-model-with-a-longer-name\"");
    assertThat(other.body())
        .isEqualTo(one.body().replace("\"a-model-with-a-longer-name\"", "\"b\""));
    assertOwnKeysAlone();
  }

  @Test
  void retries_none_isOneAttempt() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed(Chat.JSON.createObjectNode().put("retries", 0));
    first.answers((_, wire) -> wire.json(500, "{\"error\":{\"message\":\"first\"}}"));

    RawClient.Answer answer = tenant.chat(Chat.saying(canary.prompt()));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(second.everyByte()).isEmpty();
    assertThat(booked(tenant)).isEqualTo("PROVIDER_ERROR|500|" + tenant.provider(0));
  }

  @Test
  void firstByte_doesNotComeInTheRoutesTime_secondIsAsked() throws Exception {
    ChainTenant tenant =
        chain("/v1", "/v1")
            .routed(Chat.JSON.createObjectNode().put("first_byte_timeout_seconds", 1));
    first.answers((_, wire) -> wire.isLeft(Duration.ofSeconds(10)));

    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));
  }

  @Test
  void credentials_showNowhereInEnvoy() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.answers((_, wire) -> wire.json(500, "{}"));
    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));

    assertThat(gateway.everythingSaid())
        .doesNotContain(ChainTenant.credential(0), ChainTenant.credential(1));
  }

  @Test
  void metricsOfEnvoy_sayTheEndpointInALabel_andHoldNoPartOfAHostInNames() throws Exception {
    ChainTenant tenant = chain("/v1", "/v1").routed();
    first.answers((_, wire) -> wire.json(500, "{}"));
    assertAnsweredBySecond(tenant.chat(Chat.saying(canary.prompt())));

    List<String> samples =
        gateway
            .envoyAdmin("/stats/prometheus")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();
    String label =
        "mantle_endpoint=\"http_127.0.0.1_%d,http_127.0.0.1_%d\"} 1"
            .formatted(first.port(), second.port());
    assertThat(samples)
        .filteredOn(sample -> sample.startsWith("envoy_cluster_upstream_rq_retry{"))
        .anyMatch(sample -> sample.endsWith(label));
    assertThat(samples)
        .filteredOn(sample -> sample.contains("127.0.0.1_" + second.port()))
        .allMatch(sample -> sample.matches("\\w+\\{.*mantle_endpoint=\"[^\"]*127[^\"]*\".*}.*"));
    assertThat(samples)
        .map(sample -> sample.split("[{ ]", 2)[0])
        .noneMatch(name -> name.contains("0_0_1") || name.contains("" + second.port()));
  }

  private static void stream(ScriptedProvider.Wire wire, String text) throws IOException {
    wire.beginEvents();
    for (String piece : Chat.pieces(text, 8)) {
      wire.event(Chat.chunk(piece));
    }
    wire.event(Chat.lastChunk());
    wire.event("[DONE]");
    wire.end();
  }

  private String booked(ChainTenant tenant) throws Exception {
    String sql =
        "SELECT concat_ws('|', outcome, status, provider_id) FROM usage WHERE tenant_id = '"
            + tenant.id()
            + "'";
    Until.holds(
        Duration.ofSeconds(10),
        "a usage row",
        () -> !TestDatabase.query(gateway.database(), sql).isEmpty());
    return TestDatabase.query(gateway.database(), sql + " ORDER BY started_at").getFirst();
  }

  private void assertAnsweredBySecond(RawClient.Answer answer) throws Exception {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(Chat.content(answer.body())).isEqualTo("2: " + canary.prompt());
    assertThat(answer.header("x-mantle-provider")).isEqualTo("p1");
  }

  private void assertOwnKeysAlone() {
    assertThat(first.everyByte())
        .contains("Bearer " + ChainTenant.credential(0) + "\r\n")
        .doesNotContain(ChainTenant.credential(1), "mantle")
        .doesNotContain(canary.traces().toArray(String[]::new));
    assertThat(second.everyByte())
        .contains("Bearer " + ChainTenant.credential(1) + "\r\n")
        .doesNotContain(ChainTenant.credential(0), "mantle")
        .doesNotContain(canary.traces().toArray(String[]::new));
  }

  private ChainTenant chain(String firstPath, String secondPath) throws Exception {
    return ChainTenant.of(
        gateway,
        "http://127.0.0.1:" + first.port() + firstPath,
        "http://127.0.0.1:" + second.port() + secondPath);
  }
}
