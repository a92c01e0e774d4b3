package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streaming is streaming: what can be said is said at once, however the provider cuts it. */
@ExtendWith(SharedStack.class)
final class StreamingIT {
  private static final String PROMPT =
      "Grüße von Jürgen, ich heiße Maria Garcia \ud83d\ude00 (maria.garcia@müller-söhne.example.org,"
          + " m.garcia@nowhere.org), Karte 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00,"
          + " \u6771\u4eac +1 415 555 0142. Maria Garcia.";

  private final GatewayStack gateway;

  StreamingIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @Test
  void eachEvent_reachesTheClientBeforeTheProviderSendsTheNext() throws Exception {
    List<String> lines =
        Stream.of("one", "two", "three", "four", "five").map(n -> n + ".\n").toList();
    Semaphore read = new Semaphore(0);
    gateway
        .provider()
        .answers(
            (_, wire) -> {
              wire.beginEvents();
              for (String line : lines) {
                wire.event(Chat.chunk(line));
                if (!read.tryAcquire(10, TimeUnit.SECONDS)) {
                  wire.reset();
                  return;
                }
              }
              wire.event("[DONE]");
              wire.end();
            });

    byte[] body = Chat.streaming(PROMPT).getBytes(StandardCharsets.UTF_8);
    try (RawClient client = RawClient.chat(gateway.port(), GatewayStack.KEY, body)) {
      assertThat(client.readHead()).isEqualTo(200);
      for (String line : lines) {
        assertThat(Chat.said(readEvent(client))).isEqualTo(line);
        read.release();
      }
      assertThat(client.answer().whole()).isTrue();
    }
  }

  @Test
  void head_reachesTheClientBeforeTheFirstEvent() throws Exception {
    Semaphore read = new Semaphore(0);
    gateway
        .provider()
        .answers(
            (_, wire) -> {
              wire.beginEvents();
              if (read.tryAcquire(10, TimeUnit.SECONDS)) {
                wire.event("[DONE]");
                wire.end();
              }
            });

    byte[] body = Chat.streaming(PROMPT).getBytes(StandardCharsets.UTF_8);
    try (RawClient client = RawClient.chat(gateway.port(), GatewayStack.KEY, body)) {
      assertThat(client.readHead()).isEqualTo(200);
      read.release();
      assertThat(client.answer().whole()).isTrue();
    }
  }

  static Stream<Arguments> cuts() {
    // Characters of text in an event, and bytes in a chunk of the network.
    return Stream.of(1, 2, 3, 5, 17, 1_000)
        .flatMap(
            characters ->
                Stream.of(1, 2, 7, 64, 100_000).map(bytes -> Arguments.of(characters, bytes)));
  }

  @ParameterizedTest(name = "{0} characters an event, {1} bytes a chunk")
  @MethodSource("cuts")
  void text_cutAnywhere_isRestoredAsAWhole(int characters, int bytes) throws Exception {
    gateway
        .provider()
        .answers(
            (request, wire) -> {
              ByteArrayOutputStream stream = new ByteArrayOutputStream();
              for (String piece : Chat.pieces(Chat.prompt(request.body()), characters)) {
                stream.writeBytes(event(Chat.chunk(piece)));
              }
              stream.writeBytes(event(Chat.lastChunk()));
              stream.writeBytes(event("[DONE]"));
              wire.beginEvents();
              byte[] all = stream.toByteArray();
              for (int at = 0; at < all.length; at += bytes) {
                wire.piece(Arrays.copyOfRange(all, at, Math.min(all.length, at + bytes)));
              }
              wire.end();
            });

    RawClient.Answer answer = gateway.chat(Chat.streaming(PROMPT));

    String masked = Chat.prompt(gateway.provider().next().body());
    assertThat(masked).doesNotContain("Garcia", "nowhere.org", "4111", "DE89", "0142");
    assertThat(answer.whole()).isTrue();
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    assertThat(Chat.said(answer.body())).isEqualTo(PROMPT);
  }

  @Test
  void wholeAnswer_isWhatTheStreamSays() throws Exception {
    gateway
        .provider()
        .answers((request, wire) -> wire.json(200, Chat.answer(Chat.prompt(request.body()))));

    RawClient.Answer answer = gateway.chat(Chat.saying(PROMPT));

    assertThat(Chat.content(answer.body())).isEqualTo(PROMPT);
  }

  @Test
  void rehydrateFalse_leavesSurrogates() throws Exception {
    gateway
        .provider()
        .answers((request, wire) -> wire.json(200, Chat.answer(Chat.prompt(request.body()))));

    RawClient.Answer answer =
        gateway.chat(Chat.saying(PROMPT), "X-Privacy-Gateway-Rehydrate: false");

    assertThat(Chat.content(answer.body()))
        .isEqualTo(Chat.prompt(gateway.provider().next().body()))
        .doesNotContain("Garcia");
  }

  private static byte[] event(String data) {
    return ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Reads until an event is whole. */
  private static String readEvent(RawClient client) throws Exception {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    while (!event.toString(StandardCharsets.UTF_8).endsWith("\n\n")) {
      byte[] piece = client.readPiece();
      assertThat(piece).as("the stream goes on").isNotNull();
      if (piece != null) {
        event.writeBytes(piece);
      }
    }
    return event.toString(StandardCharsets.UTF_8);
  }
}
