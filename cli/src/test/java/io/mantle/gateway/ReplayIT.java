package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

  static List<SharedCases.Recorded> exchanges() throws IOException {
    return SharedCases.exchanges();
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void recordedExchange_passesByteForByte(SharedCases.Recorded recorded) throws Exception {
    ReplayCheck.assertPasses(gateway, recorded);
  }

  static List<SharedCases.Recorded> streamsWithoutUsage() throws IOException {
    return SharedCases.exchanges().stream()
        .filter(recorded -> recorded.path().equals("/v1/chat/completions"))
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
    gateway.provider().answers((_, wire) -> ReplayCheck.answer(wire, recorded, withUsage));

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
}
