package io.mantle.extproc.response;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.scripted.Calls;
import io.mantle.extproc.scripted.SpokenText;
import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.ResponseHead;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.Plaintext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The response's way with a restoration made by hand: values that are awkward on purpose. */
class ResponsePipelineTest {
  private static final Dialect DIALECT = Endpoint.CHAT_COMPLETIONS.dialect();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SURROGATE = "Zoë Quist";
  private static final String AWKWARD = "Jürgen \"J\\R\" O'Neil\nHauptstraße 1\t€";
  private static final Restoration RESTORATION =
      new Restoration(
          List.of(
              new Restoration.Entry(SURROGATE, new Plaintext(AWKWARD), true),
              new Restoration.Entry("zq@mail.example", new Plaintext("j@corp.example"), true)));

  @Test
  void argumentsWhole_awkwardValue_stayAJsonTextThatSaysIt() throws Exception {
    String arguments =
        "{\"name\":\"Zoë Quist\",\"ascii\":\"Zo\\u00eb Quist\",\"k\":{\"Zoë Quist\":1}}";
    JsonNode answer =
        JSON.readTree(
            whole(
                false,
                "{\"tool_calls\":[{\"name\":\"f\",\"arguments\":" + quoted(arguments) + "}]}"));
    JsonNode restored = JSON.readTree(answer.at("/tool_calls/0/arguments").asText());
    assertThat(restored.get("name").asText()).isEqualTo(AWKWARD);
    assertThat(restored.get("ascii").asText()).isEqualTo(AWKWARD);
    assertThat(restored.get("k").get(AWKWARD).asInt()).isEqualTo(1);
  }

  /** Every pair of cuts of the arguments into chunks, among them those within an escape. */
  @Test
  void argumentsStreamed_cutAnywhere_areTheSameAsWhole() throws Exception {
    String arguments = "{\"n\":\"Zoë Quist\\nZo\\u00eb Quist\",\"q\":\"a\\\"Zoë Quist\"}";
    JsonNode wholeAnswer =
        JSON.readTree(whole(false, "{\"name\":\"f\",\"arguments\":" + quoted(arguments) + "}"));
    String expected = wholeAnswer.get("arguments").asText();
    assertThat(JSON.readTree(expected).get("n").asText()).isEqualTo(AWKWARD + "\n" + AWKWARD);
    for (int i = 0; i <= arguments.length(); i++) {
      for (int j = i; j <= arguments.length(); j++) {
        String stream =
            SpokenText.arguments(0, arguments.substring(0, i))
                + SpokenText.arguments(0, arguments.substring(i, j))
                + SpokenText.arguments(0, arguments.substring(j))
                + SpokenText.finish(0);
        assertThat(SpokenText.heard(streamed(false, stream)))
            .as("cut at %d and %d", i, j)
            .containsEntry("0.tool_calls[0].arguments", expected);
      }
    }
  }

  @Test
  void contentStreamed_cutAnywhere_isTheSameAsWhole() throws Exception {
    String content = "«Zoë Quist» Zoë Quist's zq@mail.example, Zoë Quistel; Zoë";
    String expected = content.replace("Zoë Quistel", "\0").replace(SURROGATE, AWKWARD);
    expected = expected.replace("zq@mail.example", "j@corp.example").replace("\0", "Zoë Quistel");
    for (int i = 0; i <= content.length(); i++) {
      for (int j = i; j <= content.length(); j++) {
        String stream =
            SpokenText.content(3, content.substring(0, i))
                + SpokenText.content(3, content.substring(i, j))
                + SpokenText.content(3, content.substring(j))
                + "data: [DONE]\n\n";
        assertThat(SpokenText.heard(streamed(false, stream)))
            .as("cut at %d and %d", i, j)
            .containsEntry("3.content", expected);
      }
    }
  }

  @Test
  void content_thatWasAskedForAsJson_staysJson() throws Exception {
    String content = "{\"name\":\"Zoë Quist\"}";
    JsonNode answer = JSON.readTree(whole(true, "{\"content\":" + quoted(content) + "}"));
    assertThat(JSON.readTree(answer.get("content").asText()).get("name").asText())
        .isEqualTo(AWKWARD);
    String stream =
        SpokenText.content(0, "{\"name\":\"Zoë Qu")
            + SpokenText.content(0, "ist\"}")
            + SpokenText.finish(0);
    Map<String, String> heard = SpokenText.heard(streamed(true, stream));
    assertThat(JSON.readTree(heard.get("0.content")).get("name").asText()).isEqualTo(AWKWARD);
  }

  @Test
  void unknownFields_holdSurrogates_areRestoredInBothForms() throws Exception {
    String field = "{\"note\":[\"for Zoë Quist\"],\"Zoë Quist\":{\"x\":\"zq@mail.example\"}}";
    String restored = JSON.readTree(field).toString();
    restored =
        restored.replace(SURROGATE, quoted(AWKWARD).substring(1, quoted(AWKWARD).length() - 1));
    restored = restored.replace("zq@mail.example", "j@corp.example");
    assertThat(whole(false, "{\"new\":" + field + "}")).isEqualTo("{\"new\":" + restored + "}");
    String event = "data: {\"new\":" + field + ",\"choices\":[]}\n\n";
    assertThat(new String(streamed(false, event), UTF_8))
        .isEqualTo("data: {\"new\":" + restored + ",\"choices\":[]}\n\n");
  }

  @Test
  void stream_pieceThatCannotBecomeASurrogate_leavesAtOnce() throws Exception {
    ResponsePipeline pipeline = begin(Calls.restoring(RESTORATION), "text/event-stream");
    for (String piece : List.of("Dear ", "reader, ", "Anna ", "x. ")) {
      String event = SpokenText.content(0, piece);
      assertThat(new String(pipeline.accept(event.getBytes(UTF_8)), UTF_8)).isEqualTo(event);
    }
    String held = new String(pipeline.accept(utf8(SpokenText.content(0, "and Zo"))), UTF_8);
    assertThat(SpokenText.heard(utf8(held))).containsEntry("0.content", "and ");
    assertThat(SpokenText.heard(pipeline.accept(utf8(SpokenText.content(0, "o")))))
        .containsEntry("0.content", "Zoo");
  }

  @Test
  void stream_escapedHalvesOfOneCharacter_passUntouched() throws Exception {
    String stream =
        """
        data: {"choices":[{"delta":{"content":"\\ud83d"}}]}

        data: {"choices":[{"delta":{"content":"\\ude00 Zoë Quist."}}]}

        """;
    String client = new String(streamed(false, stream), UTF_8);
    assertThat(client)
        .startsWith("data: {\"choices\":[{\"delta\":{\"content\":\"\\ud83d\"}}]}\n\n");
    assertThat(SpokenText.heard(utf8(client)).get("0.content")).endsWith(" " + AWKWARD + ".");
  }

  @Test
  void stream_nonJsonDataWithLineEnds_staysOneEvent() throws Exception {
    String client = new String(streamed(false, "data: say Zoë Quist\n\n"), UTF_8);
    assertThat(client).isEqualTo("data: say " + AWKWARD.replace("\n", "\ndata: ") + "\n\n");
  }

  @Test
  void stream_eventTooLarge_isRefused() throws Exception {
    ResponsePipeline pipeline = begin(Calls.restoring(RESTORATION), "text/event-stream");
    byte[] megabyte = new byte[1 << 20];
    Arrays.fill(megabyte, (byte) 'x');
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> {
              for (int i = 0; i < 18; i++) {
                pipeline.accept(megabyte);
              }
            });
    assertThat(refused.refusal().code()).isEqualTo("event_too_large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "identity, gzip", "x"})
  void begin_encodedAnswer_isRefused(String encoding) {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () ->
                ResponsePipeline.begin(
                    Calls.restoring(RESTORATION),
                    DIALECT,
                    new ResponseHead(200, "application/json", encoding, true)));
    assertThat(refused.refusal().status()).isEqualTo(502);
  }

  @Test
  void plainText_notUtf8_isRefused() throws Exception {
    ResponsePipeline pipeline = begin(Calls.restoring(RESTORATION), "text/html");
    pipeline.accept(new byte[] {'a', (byte) 0xC3});
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> pipeline.accept(new byte[] {'b'}));
    assertThat(refused.refusal().code()).isEqualTo("unreadable_answer");
  }

  @Test
  void plainText_endsWithinACharacter_isRefused() throws Exception {
    ResponsePipeline pipeline = begin(Calls.restoring(RESTORATION), "text/html");
    pipeline.accept(new byte[] {'a', (byte) 0xC3});
    assertThat(catchThrowableOfType(RefusedException.class, pipeline::finish)).isNotNull();
  }

  @Test
  void headers_sayWhatWasDone() throws Exception {
    assertThat(begin(Calls.restoring(RESTORATION), "application/json").headers())
        .containsExactly(
            new Header("x-request-id", "r-1"),
            new Header("x-mantle-conversation", "c-1"),
            new Header("x-mantle-provider", "demo"),
            new Header("x-mantle-entities", "PERSON=1,EMAIL=2"));
  }

  private static String whole(boolean contentIsJson, String body) throws Exception {
    ResponsePipeline pipeline =
        begin(Calls.restoring(RESTORATION, contentIsJson), "application/json");
    assertThat(pipeline.accept(utf8(body))).isEmpty();
    return new String(pipeline.finish(), UTF_8);
  }

  private static byte[] streamed(boolean contentIsJson, String body) throws Exception {
    ResponsePipeline pipeline =
        begin(Calls.restoring(RESTORATION, contentIsJson), "text/event-stream");
    String out = new String(pipeline.accept(utf8(body)), UTF_8);
    return utf8(out + new String(pipeline.finish(), UTF_8));
  }

  private static ResponsePipeline begin(Call call, String contentType) throws Exception {
    return ResponsePipeline.begin(call, DIALECT, new ResponseHead(200, contentType, "", true));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
