package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.gateway.FaultyRelay.Fault;
import io.mantle.gateway.FaultyRelay.Point;
import io.mantle.gateway.ScriptedProvider.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends a canary through a gateway whose ext_proc server fails at a point, and sees that nothing of
 * it reaches the provider and that the client cannot take what it gets for an answer.
 */
final class FailClosedCheck {
  private static final Duration CHUNK_WAIT_MAX = Duration.ofMillis(150);

  private final GatewayStack gateway;
  private final List<Canary> canaries = new ArrayList<>();

  FailClosedCheck(GatewayStack gateway) {
    this.gateway = gateway;
  }

  /** All that were sent. */
  List<Canary> canaries() {
    return canaries;
  }

  /** Sends a request's body and reads the answer. */
  @FunctionalInterface
  interface Client {
    RawClient.Answer chat(String body) throws Exception;
  }

  void assertFailsClosed(Fault fault, Point point, boolean streamed, Client client)
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

  /** A prompt comes back as it was, and the provider saw nothing of it. */
  void assertRestored(boolean streamed) throws Exception {
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

  Canary hatch() {
    Canary canary = Canary.hatch();
    canaries.add(canary);
    return canary;
  }

  /** Says the prompt back in several pieces, each after the one before was seen. */
  private void echo(ScriptedProvider.Received request, Wire wire, boolean streamed)
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
  private void awaitSeen(int chunks) throws InterruptedException {
    long end = System.nanoTime() + CHUNK_WAIT_MAX.toNanos();
    while (gateway.relay().chunksSeen() < chunks
        && !gateway.relay().hasFailed()
        && System.nanoTime() < end) {
      Thread.sleep(2);
    }
  }

  /** Cut off, or an error with its status, or one in the place of what was to come. */
  static void assertFailed(RawClient.Answer answer) {
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

  static void assertNoSurrogate(RawClient.Answer answer, String upstream) {
    Matcher surrogate =
        Pattern.compile("e-mail is (\\S+) and my card is ([0-9 ]+)\\.").matcher(upstream);
    if (surrogate.find()) {
      assertThat(answer.body()).doesNotContain(surrogate.group(1), surrogate.group(2));
    }
  }
}
