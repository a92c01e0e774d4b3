package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.gateway.SharedCases.Recorded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An exchange with nothing to mask passes byte for byte, both ways. */
final class ReplayCheck {
  private static final String WHOLE = "application/json";
  private static final String STREAM = "text/event-stream; charset=utf-8";

  private ReplayCheck() {}

  /** Sends the request, has the provider answer as it did, and compares both. */
  static void assertPasses(GatewayStack gateway, Recorded recorded) throws Exception {
    boolean streamed = recorded.type().startsWith("text/event-stream");
    gateway.provider().answers((_, wire) -> answer(wire, recorded, recorded.response()));

    RawClient.Answer answer = ask(gateway, recorded);

    ScriptedProvider.Received received = gateway.provider().next();
    assertThat(received.head()).startsWith("POST " + recorded.path() + " HTTP/1.1");
    assertThat(streamed ? withoutUsageAsked(received.body()) : received.body())
        .isEqualTo(withoutUsageAsked(recorded.request()));
    assertThat(answer.status()).isEqualTo(recorded.status());
    assertThat(answer.header("content-type")).isEqualTo(recorded.type());
    assertThat(answer.whole()).isTrue();
    assertThat(answer.body()).isEqualTo(recorded.response());
  }

  static RawClient.Answer ask(GatewayStack gateway, Recorded recorded) throws IOException {
    RawClient client = RawClient.connect(gateway.port());
    byte[] body = recorded.request().getBytes(StandardCharsets.UTF_8);
    client.write(RawClient.request("POST", recorded.path(), GatewayStack.KEY, body));
    return client.answer();
  }

  static void answer(ScriptedProvider.Wire wire, Recorded recorded, String body)
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

  /** Exchanges as Anthropic documents them, for a model named {@code model}. */
  static List<Recorded> anthropic(String model) {
    String asked =
        "{\"model\": \"%s\", \"max_tokens\": 64,%s \"messages\": [{\"role\": \"user\", \"content\": \"Count to two.\"}]}";
    String answer =
        """
        {"id":"msg_01","type":"message","role":"assistant","model":"%s","content":[{"type":"text","text":"One, two."}],
         "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":11,"output_tokens":6}}"""
            .formatted(model);
    String events =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"%s","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":11,"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: ping
        data: {"type": "ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"One, two."}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":6}}

        event: message_stop
        data: {"type":"message_stop"}

        """
            .formatted(model);
    String overloaded =
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}";
    String whole = asked.formatted(model, "");
    String streamed = asked.formatted(model, " \"stream\": true,");
    return List.of(
        new Recorded("messages", "/v1/messages", whole, 200, WHOLE, answer),
        new Recorded("messages-streaming", "/v1/messages", streamed, 200, STREAM, events),
        new Recorded("messages-overloaded", "/v1/messages", whole, 529, WHOLE, overloaded),
        new Recorded(
            "count-tokens",
            "/v1/messages/count_tokens",
            whole.replace("\"max_tokens\": 64, ", ""),
            200,
            WHOLE,
            "{\"input_tokens\":11}"));
  }
}
