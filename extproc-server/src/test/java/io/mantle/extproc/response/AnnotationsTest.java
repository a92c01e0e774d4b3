package io.mantle.extproc.response;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.scripted.Calls;
import io.mantle.extproc.value.ResponseHead;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.Plaintext;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Annotations cite characters of a text: after it was restored, the same ones. */
class AnnotationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SAID = "Zoë Quist met [1] Zoë Quist.";
  private static final Restoration RESTORATION =
      new Restoration(
          List.of(new Restoration.Entry("Zoë Quist", new Plaintext("Joanna Prentiss"), true)));
  private static final String RESTORED = RESTORATION.restoreText(SAID);

  @Test
  void response_whole_citesTheSame() throws Exception {
    String part =
        "{\"type\":\"output_text\",\"text\":\"%s\",\"annotations\":[%s,%s]}"
            .formatted(SAID, cited(14, 17), cited(18, 27));
    JsonNode answer = JSON.readTree(answer(Endpoint.RESPONSES, "application/json", part));
    assertThat(citedBy(answer.at("/annotations/0"))).isEqualTo("[1]");
    assertThat(citedBy(answer.at("/annotations/1"))).isEqualTo("Joanna Prentiss");
  }

  @Test
  void response_streamed_citesTheSame() throws Exception {
    String indexes = "\"output_index\":0,\"content_index\":0";
    StringBuilder stream = new StringBuilder();
    for (String piece : List.of("Zoë Qu", "ist met [1]", " Zoë Quist.")) {
      stream.append(
          "data: {\"type\":\"response.output_text.delta\",%s,\"delta\":\"%s\"}\n\n"
              .formatted(indexes, piece));
    }
    stream.append(
        "data: {\"type\":\"response.output_text.annotation.added\",%s,\"annotation\":%s}\n\n"
            .formatted(indexes, cited(14, 17)));
    assertThat(
            citedBy(
                last(
                    answer(Endpoint.RESPONSES, "text/event-stream", stream.toString()),
                    "/annotation")))
        .isEqualTo("[1]");
  }

  @Test
  void chat_wholeAndStreamed_citeTheSame() throws Exception {
    String annotations =
        "\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":" + cited(14, 17) + "}]";
    String message = "{\"content\":\"" + SAID + "\"," + annotations + "}";
    JsonNode whole = JSON.readTree(answer(Endpoint.CHAT_COMPLETIONS, "application/json", message));
    assertThat(citedBy(whole.at("/annotations/0/url_citation"))).isEqualTo("[1]");
    String stream =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}\n\n".formatted(SAID)
            + "data: {\"choices\":[{\"index\":0,\"delta\":{%s}}]}\n\n".formatted(annotations);
    assertThat(
            citedBy(
                last(
                    answer(Endpoint.CHAT_COMPLETIONS, "text/event-stream", stream),
                    "/choices/0/delta/annotations/0/url_citation")))
        .isEqualTo("[1]");
  }

  private static String cited(int start, int end) {
    return "{\"type\":\"url_citation\",\"start_index\":%d,\"end_index\":%d,\"title\":\"x\"}"
        .formatted(start, end);
  }

  private static String citedBy(JsonNode annotation) {
    return RESTORED.substring(
        annotation.get("start_index").asInt(), annotation.get("end_index").asInt());
  }

  private static JsonNode last(String stream, String pointer) throws Exception {
    JsonNode found = JSON.missingNode();
    for (String line : stream.split("\n", -1)) {
      if (line.startsWith("data: {")) {
        JsonNode event = JSON.readTree(line.substring("data: ".length()));
        found = event.at(pointer).isMissingNode() ? found : event.at(pointer);
      }
    }
    return found;
  }

  private static String answer(Endpoint endpoint, String contentType, String body)
      throws Exception {
    ResponsePipeline pipeline =
        ResponsePipeline.begin(
            Calls.restoring(RESTORATION),
            endpoint.dialect(),
            new ResponseHead(200, contentType, "", true));
    return new String(pipeline.accept(body.getBytes(UTF_8)), UTF_8)
        + new String(pipeline.finish(), UTF_8);
  }
}
