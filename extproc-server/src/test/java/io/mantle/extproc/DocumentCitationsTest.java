package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.value.Header;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Citations of documents by character: what the model cites in the document that it read is, for
 * the client, the same passage of the document that it sent.
 */
class DocumentCitationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SENTENCES =
      List.of(
          "\ud83d\ude00 The account holder is jane.doe@corp.example. ",
          "She paid with 4111 1111 1111 1111 in \"caf\u00e9\\bar\".\n",
          "Her number is +1 415 555 0142; \ud83d\ude80 nothing else. ",
          "The end, signed by jane.doe@corp.example.");

  @Test
  void citation_whole_isOfTheClientsDocument() throws Exception {
    String document = String.join("", SENTENCES);
    Sent sent = sent(textDocument("Terms apply to all."), textDocument(document));
    List<String> citations = citations(seen(sent, 1), 1);
    String answer =
        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"See.\",\"citations\":[%s]}]}"
            .formatted(String.join(",", citations));
    JsonNode restored = JSON.readTree(sent.answer(Sent.JSON, answer)).at("/content/0/citations");
    for (int i = 0; i < SENTENCES.size(); i++) {
      assertCites(document, restored.get(i), SENTENCES.get(i));
    }
  }

  @Test
  void citation_streamedAndCutAnywhere_isOfTheClientsDocument() throws Exception {
    String document = String.join("", SENTENCES);
    Sent sent = sent(textDocument(document));
    StringBuilder stream = new StringBuilder();
    for (String citation : citations(seen(sent, 0), 0)) {
      stream.append(
          "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"citations_delta\",\"citation\":%s}}\n\n"
              .formatted(citation));
    }
    byte[] bytes = stream.toString().getBytes(UTF_8);
    for (int cut = 0; cut <= bytes.length; cut += 7) {
      int i = 0;
      for (String line : new String(sent.answer(Sent.SSE, bytes, cut), UTF_8).split("\n", -1)) {
        if (line.startsWith("data: ")) {
          JsonNode citation = JSON.readTree(line.substring(6)).at("/delta/citation");
          assertCites(document, citation, SENTENCES.get(i++));
        }
      }
      assertThat(i).isEqualTo(SENTENCES.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "-1", "1.0", "\"0\"", "null"})
  void citation_ofNoDocumentOfTheRequest_isLeft(String index) throws Exception {
    Sent sent = sent(textDocument("From jane.doe@corp.example."), textDocument("None."));
    String answer =
        "{\"content\":[{\"citations\":[{\"document_index\":%s,\"start_char_index\":20,\"end_char_index\":30}]}]}"
            .formatted(index);
    assertThat(sent.answer(Sent.JSON, answer)).isEqualTo(answer);
  }

  @Test
  void citation_otherKindsOfDocument_areCounted() throws Exception {
    String parts =
        "{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}}";
    Sent sent = sent(parts, textDocument(SENTENCES.getFirst() + "End."));
    String seen = seen(sent, 1);
    String answer = "{\"citations\":[" + citation(seen, seen.indexOf("End"), "End.", 1) + "]}";
    JsonNode restored = JSON.readTree(sent.answer(Sent.JSON, answer)).at("/citations/0");
    assertCites(SENTENCES.getFirst() + "End.", restored, "End.");
  }

  @Test
  void citation_whereSurrogatesAreLeft_isLeft() throws Exception {
    Sent sent =
        Gateway.of()
            .sendTo(
                "/v1/messages",
                request(textDocument(SENTENCES.getFirst() + "End.")),
                new Header("x-privacy-gateway-rehydrate", "false"));
    String answer =
        "{\"citations\":[{\"document_index\":0,\"start_char_index\":60,\"end_char_index\":64}]}";
    assertThat(sent.answer(Sent.JSON, answer)).isEqualTo(answer);
  }

  /** A card number alone has the shape of base64; what is said to be text is read as text. */
  @ParameterizedTest
  @ValueSource(strings = {"4111111111111111", "219-09-9999"})
  void textDocument_thatLooksLikeBase64_isMasked(String value) throws Exception {
    Sent sent = sent(textDocument(value));
    assertThat(sent.upstream()).doesNotContain(value);
    assertThat(sent.departure().call().found().entities()).doesNotContainKey("UNINSPECTED");
  }

  private static Sent sent(String... blocks) throws Exception {
    return Gateway.of().sendTo("/v1/messages", request(blocks));
  }

  private static String request(String... blocks) {
    return "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[%s,{\"type\":\"text\",\"text\":\"Who?\"}]}]}"
        .formatted(String.join(",", blocks));
  }

  private static String textDocument(String text) {
    return "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":%s},\"citations\":{\"enabled\":true}}"
        .formatted(quoted(text));
  }

  /** The document as the provider reads it. */
  private static String seen(Sent sent, int index) throws Exception {
    return JSON.readTree(sent.departure().body())
        .at("/messages/0/content/" + index + "/source/data")
        .asText();
  }

  /** The provider cites each sentence of what it read. */
  private static List<String> citations(String seen, int document) {
    assertThat(seen).doesNotContain("jane.doe", "4111", "0142");
    List<String> citations = new ArrayList<>();
    List<String> begins = List.of("\ud83d\ude00 The", "She paid", "Her number", "The end,");
    for (int i = 0; i < begins.size(); i++) {
      int start = seen.indexOf(begins.get(i));
      int end = i + 1 < begins.size() ? seen.indexOf(begins.get(i + 1)) : seen.length();
      citations.add(citation(seen, start, seen.substring(start, end), document));
    }
    return citations;
  }

  private static String citation(String seen, int start, String cited, int document) {
    int from = seen.codePointCount(0, start);
    return "{\"type\":\"char_location\",\"cited_text\":%s,\"document_index\":%d,\"start_char_index\":%d,\"end_char_index\":%d}"
        .formatted(quoted(cited), document, from, from + cited.codePointCount(0, cited.length()));
  }

  private static void assertCites(String document, JsonNode citation, String passage) {
    assertThat(citation.get("cited_text").asText()).isEqualTo(passage);
    assertThat(
            document.substring(
                document.offsetByCodePoints(0, citation.get("start_char_index").asInt()),
                document.offsetByCodePoints(0, citation.get("end_char_index").asInt())))
        .isEqualTo(passage);
  }
}
