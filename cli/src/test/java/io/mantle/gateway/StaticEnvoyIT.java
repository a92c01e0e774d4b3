package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.gateway.FaultyRelay.Fault;
import io.mantle.gateway.FaultyRelay.Point;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ext_proc server behind an Envoy that the control plane knows nothing of, as in a mesh: with
 * {@code envoy/static-example.yaml} it restores as ever, and stays closed.
 */
@ExtendWith(SharedStack.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StaticEnvoyIT {
  private static final String ANTHROPIC_MODEL = "claude-test";

  @SuppressWarnings("NullAway.Init") // beforeAll
  private GatewayStack gateway;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private FailClosedCheck check;

  /** A gateway with the Envoy to try. */
  GatewayStack newGateway(
      TestDatabase database, GatewayStack.ExtProc extProc, Map<String, String> settings)
      throws Exception {
    return GatewayStack.startBehindStaticEnvoy(database, extProc, settings);
  }

  @BeforeAll
  void start(TestDatabase database) throws Exception {
    gateway =
        newGateway(
            database,
            GatewayStack.ExtProc.BEHIND_RELAY,
            Map.of(
                "MANTLE_MESSAGE_TIMEOUT_MILLIS", "500",
                "MANTLE_STREAM_IDLE_TIMEOUT_SECONDS", "1",
                "MANTLE_DEMO_ANTHROPIC_MODELS", ANTHROPIC_MODEL));
    check = new FailClosedCheck(gateway);
  }

  @AfterEach
  void behave() {
    gateway.relay().behave();
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
  }

  @ParameterizedTest(name = "streamed: {0}")
  @ValueSource(booleans = {false, true})
  void extProc_behaves_answerIsWholeAndRestored(boolean streamed) throws Exception {
    check.assertRestored(streamed);
  }

  static Stream<Arguments> endsOfItsStream() {
    return Stream.of(Point.values())
        .flatMap(
            point ->
                Stream.of(Fault.CLEAN_CLOSE, Fault.CRASH)
                    .flatMap(
                        fault ->
                            Stream.of(false, true)
                                .map(streamed -> Arguments.of(fault, point, streamed))));
  }

  @ParameterizedTest(name = "{0} at {1}, streamed: {2}")
  @MethodSource("endsOfItsStream")
  void extProcEnds_atAnyMessage_nothingPrivateLeavesAndNothingLooksWhole(
      Fault fault, Point point, boolean streamed) throws Exception {
    check.assertFailsClosed(fault, point, streamed, gateway::chat);
  }

  @Test
  void client_namesARouteItself_isNotRouted() throws Exception {
    Canary canary = check.hatch();
    gateway.provider().answers((_, wire) -> wire.json(200, "{}"));
    gateway.relay().fail(Fault.CLEAN_CLOSE, Point.REQUEST_BODY);

    RawClient.Answer answer =
        gateway.chat(
            Chat.saying(canary.prompt()),
            "x-mantle-internal-tenant: demo",
            "x-mantle-internal-route: " + gateway.demoRoute());

    assertThat(answer.status()).isEqualTo(503);
    assertThat(Chat.isError(answer.body())).isTrue();
    assertThat(gateway.provider().everyByte()).isEmpty();
  }

  @Test
  void request_thatNoRouteOfEnvoysTakes_isRefused_andBookedAsSentToNobody() throws Exception {
    String key = TestTenant.create(gateway, "unrouted", gateway.provider().baseUrl().toString());

    RawClient.Answer answer = gateway.chatAs(key, Chat.saying("hello"));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("x-request-id")).isNotEmpty();
    assertThat(Chat.isError(answer.body())).isTrue();
    Until.holds(
        Duration.ofSeconds(10),
        "the refusal is in the books",
        () ->
            TestDatabase.query(
                    gateway.database(),
                    "SELECT outcome, status, attempts, prompt_tokens, cost_nano_usd, provider_id"
                        + " FROM usage WHERE tenant_id = 'unrouted'")
                .equals(List.of("REFUSED|503|0|null|0|null")));
  }

  @Test
  void provider_away_isAnErrorInTheCallersWords() throws Exception {
    gateway.provider().answers((_, wire) -> wire.reset());

    RawClient.Answer answer = gateway.chat(Chat.saying("hello"));

    assertThat(answer.status()).isBetween(500, 599);
    assertThat(Chat.isError(answer.body())).isTrue();
  }

  @Test
  void accessLog_ofTheExample_hasALineForEachAndNothingOfTheClients() throws Exception {
    new AccessLogCheck(gateway).assertLinesAreThereAndHoldNothingPrivate();
  }

  @NeedsSharedCases
  @ParameterizedTest
  @MethodSource("exchanges")
  void recordedExchange_passesByteForByte(SharedCases.Recorded recorded) throws Exception {
    ReplayCheck.assertPasses(gateway, recorded);
  }

  static List<SharedCases.Recorded> exchanges() throws Exception {
    return SharedCases.exchanges();
  }

  @ParameterizedTest
  @MethodSource("anthropicExchanges")
  void anthropicExchange_passesByteForByte(SharedCases.Recorded recorded) throws Exception {
    ReplayCheck.assertPasses(gateway, recorded);
  }

  static List<SharedCases.Recorded> anthropicExchanges() {
    return ReplayCheck.anthropic(ANTHROPIC_MODEL);
  }
}
