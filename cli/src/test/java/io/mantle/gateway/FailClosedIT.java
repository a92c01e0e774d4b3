package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.gateway.FaultyRelay.Fault;
import io.mantle.gateway.FaultyRelay.Point;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever becomes of the ext_proc server, whenever it does: the provider sees no private value,
 * and the client sees an error or a broken stream, never what could be taken for an answer.
 */
@ExtendWith(SharedStack.class)
final class FailClosedIT {
  private static final Map<String, String> SHORT_TIMES =
      Map.of("MANTLE_MESSAGE_TIMEOUT_MILLIS", "500", "MANTLE_STREAM_IDLE_TIMEOUT_SECONDS", "1");

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static GatewayStack gateway;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static FailClosedCheck check;

  @BeforeAll
  static void start(TestDatabase database) throws Exception {
    gateway = GatewayStack.start(database, GatewayStack.ExtProc.BEHIND_RELAY, SHORT_TIMES);
    check = new FailClosedCheck(gateway);
  }

  @AfterEach
  void behave() {
    gateway.relay().behave();
  }

  @AfterAll
  static void noLogHoldsACanary() throws Exception {
    try (GatewayStack last = gateway) {
      assertThat(check.canaries()).isNotEmpty();
      String said = last.everythingSaid();
      String books = String.join("\n", last.usage("usage::text"));
      for (Canary canary : check.canaries()) {
        for (String trace : canary.ownTraces()) {
          assertThat(said).doesNotContain(trace);
          assertThat(books).doesNotContain(trace);
        }
      }
      assertThat(said).doesNotContain(Canary.NAME, GatewayStack.KEY);
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of(Point.values())
        .flatMap(
            point ->
                Stream.of(Fault.values())
                    .flatMap(
                        fault ->
                            Stream.of(false, true)
                                .map(streamed -> Arguments.of(fault, point, streamed))));
  }

  @ParameterizedTest(name = "{0} at {1}, streamed: {2}")
  @MethodSource("faults")
  void extProcFails_atAnyMessage_nothingPrivateLeavesAndNothingLooksWhole(
      Fault fault, Point point, boolean streamed) throws Exception {
    check.assertFailsClosed(fault, point, streamed, body -> gateway.chat(body));
  }

  static Stream<Arguments> endsOfItsStream() {
    return faults()
        .filter(
            fault -> List.of(Fault.CRASH, Fault.CLEAN_CLOSE, Fault.ERROR).contains(fault.get()[0]));
  }

  @ParameterizedTest(name = "{0} at {1}, streamed: {2}")
  @MethodSource("endsOfItsStream")
  void extProcFails_inHttp2_nothingPrivateLeavesAndNothingLooksWhole(
      Fault fault, Point point, boolean streamed) throws Exception {
    check.assertFailsClosed(
        fault,
        point,
        streamed,
        body -> {
          try (Http2Client client = new Http2Client(gateway.port())) {
            return client.send(
                Http2Client.chatHeaders(GatewayStack.KEY), body.getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  @ParameterizedTest(name = "streamed: {0}")
  @ValueSource(booleans = {false, true})
  void extProc_behaves_answerIsWholeAndRestored(boolean streamed) throws Exception {
    check.assertRestored(streamed);
  }

  @Test
  void extProcProcess_killedAndStoppedInMidStream_streamBreaksAndComesBackAfterwards(
      TestDatabase database) throws Exception {
    try (GatewayStack own =
        GatewayStack.start(database, GatewayStack.ExtProc.OWN_PROCESS, SHORT_TIMES)) {
      Canary canary = check.hatch();

      // SIGKILL between two chunks.
      assertBrokenInMidStream(own, canary, "-KILL");
      RawClient.Answer away = own.chat(Chat.saying(canary.prompt()));
      assertThat(away.status()).isEqualTo(503);
      assertThat(Chat.isError(away.body())).isTrue();
      own.restartExtProc();
      own.awaitReady();

      // SIGSTOP between two chunks; meanwhile a new request fails too; SIGCONT, and all is well.
      assertBrokenInMidStream(own, canary, "-STOP");
      RawClient.Answer stopped = own.chat(Chat.saying(canary.prompt()));
      assertThat(stopped.status()).isGreaterThanOrEqualTo(500);
      assertThat(Chat.isError(stopped.body())).isTrue();
      signal(own.extProcProcess(), "-CONT");
      own.awaitReady();

      String said = own.everythingSaid();
      assertThat(said).doesNotContain(canary.ownTraces().toArray(String[]::new));
    }
  }

  private static void assertBrokenInMidStream(GatewayStack own, Canary canary, String signal)
      throws Exception {
    own.provider()
        .answers(
            (request, wire) -> {
              wire.beginEvents();
              List<String> pieces = Chat.pieces(Chat.prompt(request.body()), 8);
              wire.event(Chat.chunk(pieces.getFirst()));
              boolean left = wire.isLeft(Duration.ofMillis(300)); // the first is on its way
              assertThat(left).isFalse();
              signal(own.extProcProcess(), signal);
              for (String piece : pieces.subList(1, pieces.size())) {
                wire.event(Chat.chunk(piece));
              }
              wire.event(Chat.lastChunk());
              wire.event("[DONE]");
              wire.end();
            });
    RawClient.Answer broken = own.chat(Chat.streaming(canary.prompt()));
    String upstream = own.provider().everyByte();
    assertThat(upstream).isNotEmpty().doesNotContain(canary.traces().toArray(String[]::new));
    FailClosedCheck.assertFailed(broken);
    FailClosedCheck.assertNoSurrogate(broken, upstream);
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }
}
