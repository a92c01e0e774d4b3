package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded exchanges with nothing to mask pass byte for byte, both ways; hard text survives. */
@NeedsSharedCases
@ExtendWith(SharedStack.class)
final class ReplayIT {
  private final GatewayStack gateway;

  ReplayIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  static List<SharedCases.Recorded> chats() throws IOException {
    return SharedCases.chatExchanges();
  }

  @ParameterizedTest
  @MethodSource("chats")
  void recordedChat_passesByteForByte(SharedCases.Recorded recorded) throws Exception {
    boolean streamed = recorded.type().startsWith("text/event-stream");
    gateway.provider().answers((_, wire) -> answer(wire, recorded, recorded.response()));

    RawClient.Answer answer = gateway.chat(recorded.request());

    String sent = gateway.provider().next().body();
    assertThat(streamed ? withoutUsageAsked(sent) : sent)
        .isEqualTo(withoutUsageAsked(recorded.request()));
    assertThat(answer.status()).isEqualTo(recorded.status());
    assertThat(answer.header("content-type")).isEqualTo(recorded.type());
    assertThat(answer.whole()).isTrue();
    assertThat(answer.body()).isEqualTo(recorded.response());
  }

  static List<SharedCases.Recorded> streamsWithoutUsage() throws IOException {
    return SharedCases.chatExchanges().stream()
        .filter(recorded -> recorded.type().startsWith("text/event-stream"))
        .filter(recorded -> !recorded.request().contains("include_usage"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("streamsWithoutUsage")
  void recordedStream_withTheUsageThatWasAddedToIt_passesWithoutIt(SharedCases.Recorded recorded)
      throws Exception {
    // What OpenAI adds to a stream that asks for its usage.
    String withUsage =
        recorded
            .response()
            .replaceAll("(?m)^(data: \\{.*)}$", "$1,\"usage\":null}")
            .replace("data: [DONE]", "data: " + Chat.usageChunk() + "\n\ndata: [DONE]");
    gateway.provider().answers((_, wire) -> answer(wire, recorded, withUsage));

    RawClient.Answer answer = gateway.chat(recorded.request());

    assertThat(gateway.provider().next().body()).contains("\"include_usage\":true");
    assertThat(answer.body()).isEqualTo(recorded.response());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void naughtyStrings_saidBackByTheProvider_comeBackUnchanged(boolean streamed) throws Exception {
    gateway
        .provider()
        .answers(
            (request, wire) -> {
              String prompt = Chat.prompt(request.body());
              if (!streamed) {
                wire.json(200, Chat.answer(prompt));
                return;
              }
              wire.beginEvents();
              for (String piece : Chat.pieces(prompt, 3)) {
                wire.event(Chat.chunk(piece));
              }
              wire.event(Chat.lastChunk());
              wire.event("[DONE]");
              wire.end();
            });
    for (String naughty : SharedCases.naughtyStrings()) {
      String body = streamed ? Chat.streaming(naughty) : Chat.saying(naughty);

      RawClient.Answer answer = gateway.chat(body);

      assertThat(answer.status()).as(naughty).isEqualTo(200);
      assertThat(streamed ? Chat.said(answer.body()) : Chat.content(answer.body()))
          .isEqualTo(naughty);
    }
  }

  private static void answer(ScriptedProvider.Wire wire, SharedCases.Recorded recorded, String body)
      throws IOException {
    wire.begin(recorded.status(), recorded.type());
    for (String piece : Chat.pieces(body, 333)) {
      wire.piece(piece.getBytes(StandardCharsets.UTF_8));
    }
    wire.end();
  }

  /** The one edit that is made to a stream's request. */
  private static String withoutUsageAsked(String request) {
    return request.replace(",\"stream_options\":{\"include_usage\":true}", "");
  }
}
