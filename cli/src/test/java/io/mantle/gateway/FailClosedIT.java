package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.gateway.FaultyRelay.Fault;
import io.mantle.gateway.FaultyRelay.Point;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Duration CHUNK_WAIT_MAX = Duration.ofMillis(150);
  private static final List<Canary> CANARIES = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static GatewayStack gateway;

  @BeforeAll
  static void start(TestDatabase database) throws Exception {
    gateway = GatewayStack.start(database, GatewayStack.ExtProc.BEHIND_RELAY, SHORT_TIMES);
  }

  @AfterEach
  void behave() {
    gateway.relay().behave();
  }

  @AfterAll
  static void noLogHoldsACanary() throws Exception {
    try (GatewayStack last = gateway) {
      assertThat(CANARIES).isNotEmpty();
      String said = last.everythingSaid();
      String books = String.join("\n", last.usage("usage::text"));
      for (Canary canary : CANARIES) {
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
    assertFailsClosed(fault, point, streamed, body -> gateway.chat(body));
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
    assertFailsClosed(
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

  /** Sends a request's body and reads the answer. */
  @FunctionalInterface
  private interface Client {
    RawClient.Answer chat(String body) throws Exception;
  }

  private static void assertFailsClosed(Fault fault, Point point, boolean streamed, Client client)
      throws Exception {
    Canary canary = hatch();
    gateway.provider().answers((request, wire) -> echo(request, wire, streamed));
    gateway.relay().fail(fault, point);

    RawClient.Answer answer =
        client.chat(streamed ? Chat.streaming(canary.prompt()) : Chat.saying(canary.prompt()));

    assertThat(gateway.relay().hasFailed()).isTrue();
    String upstream = gateway.provider().everyByte();
    assertThat(upstream).doesNotContain(canary.traces().toArray(String[]::new));
    switch (point) {
      case REQUEST_HEADERS, REQUEST_BODY -> {
        assertThat(upstream).as("what the provider received").isEmpty();
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
      }
      case RESPONSE_HEADERS, FIRST_CHUNK, LATER_CHUNK, LAST_WORD ->
          assertThat(upstream).isNotEmpty();
    }
    assertFailed(answer);
    assertNoSurrogate(answer, upstream);
  }

  @ParameterizedTest(name = "streamed: {0}")
  @ValueSource(booleans = {false, true})
  void extProc_behaves_answerIsWholeAndRestored(boolean streamed) throws Exception {
    Canary canary = hatch();
    gateway.provider().answers((request, wire) -> echo(request, wire, streamed));

    RawClient.Answer answer =
        gateway.chat(streamed ? Chat.streaming(canary.prompt()) : Chat.saying(canary.prompt()));

    assertThat(gateway.provider().everyByte())
        .isNotEmpty()
        .doesNotContain(canary.traces().toArray(String[]::new));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.whole()).isTrue();
    String said = streamed ? Chat.said(answer.body()) : Chat.content(answer.body());
    assertThat(said).isEqualTo(canary.prompt());
  }

  @Test
  void extProcProcess_killedAndStoppedInMidStream_streamBreaksAndComesBackAfterwards(
      TestDatabase database) throws Exception {
    try (GatewayStack own =
        GatewayStack.start(database, GatewayStack.ExtProc.OWN_PROCESS, SHORT_TIMES)) {
      Canary canary = hatch();

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
    assertFailed(broken);
    assertNoSurrogate(broken, upstream);
  }

  private static void signal(Process process, String signal)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
  }

  private static Canary hatch() {
    Canary canary = Canary.hatch();
    CANARIES.add(canary);
    return canary;
  }

  /** Says the prompt back in several pieces, each after the one before was seen. */
  private static void echo(ScriptedProvider.Received request, Wire wire, boolean streamed)
      throws Exception {
    String prompt = Chat.prompt(request.body());
    if (!streamed) {
      wire.begin(200, "application/json");
      int sent = 0;
      for (String piece : Chat.pieces(Chat.answer(prompt), 120)) {
        wire.piece(piece);
        awaitSeen(++sent);
      }
      wire.end();
      return;
    }
    wire.beginEvents();
    int sent = 0;
    for (String piece : Chat.pieces(prompt, 30)) {
      wire.event(Chat.chunk(piece));
      awaitSeen(++sent);
    }
    wire.event(Chat.lastChunk());
    wire.event("[DONE]");
    wire.end();
  }

  /** After a fault nothing is seen any more, so this waits for a while only. */
  private static void awaitSeen(int chunks) throws InterruptedException {
    long end = System.nanoTime() + CHUNK_WAIT_MAX.toNanos();
    while (gateway.relay().chunksSeen() < chunks
        && !gateway.relay().hasFailed()
        && System.nanoTime() < end) {
      Thread.sleep(2);
    }
  }

  /** Cut off, or an error with its status, or one in the place of what was to come. */
  private static void assertFailed(RawClient.Answer answer) {
    if (!answer.whole()) {
      return;
    }
    assertThat(answer.body()).doesNotContain("[DONE]");
    if (answer.status() >= 400) {
      assertThat(Chat.isError(answer.body())).as("an error: " + answer.body()).isTrue();
    } else {
      assertThat(answer.body()).contains("event: error\ndata: {\"error\":{\"message\"");
    }
  }

  private static void assertNoSurrogate(RawClient.Answer answer, String upstream) {
    Matcher surrogate =
        Pattern.compile("e-mail is (\\S+) and my card is ([0-9 ]+)\\.").matcher(upstream);
    if (surrogate.find()) {
      assertThat(answer.body()).doesNotContain(surrogate.group(1), surrogate.group(2));
    }
  }
}
