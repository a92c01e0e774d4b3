package io.mantle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DemoProviderTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROMPT = "Zoë Fischer 🦊, zoe@example.org";

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final HttpClient client = HttpClient.newHttpClient();
  private final DemoProvider provider;

  DemoProviderTest() throws IOException {
    provider =
        DemoProvider.start(
            (_, body) -> received.add(new String(body, StandardCharsets.UTF_8)), Duration.ZERO);
  }

  @AfterEach
  void stop() {
    client.close();
    provider.close();
  }

  @Test
  void complete_whole_repeatsThePrompt() throws Exception {
    JsonNode answer = JSON.readTree(post(request("")).body());

    assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
    assertThat(answer.at("/choices/0/message/content").asText()).endsWith(PROMPT);
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.at("/usage/total_tokens").asInt()).isPositive();
    assertThat(received).containsExactly(request(""));
  }

  @Test
  void complete_streamed_isTheWholeTextInOpenAisChunks() throws Exception {
    HttpResponse<String> response = post(request(",\"stream\":true"));
    List<String> data = data(response.body());
    List<JsonNode> chunks = chunks(data);

    assertThat(response.headers().firstValue("content-type"))
        .get()
        .asString()
        .contains("event-stream");
    assertThat(data).last().isEqualTo("[DONE]");
    assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(chunks.getLast().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(chunks)
        .allSatisfy(
            chunk -> {
              assertThat(chunk.path("object").asText()).isEqualTo("chat.completion.chunk");
              assertThat(chunk.path("id").asText()).startsWith("chatcmpl-");
              assertThat(chunk.path("created").isIntegralNumber()).isTrue();
              assertThat(chunk.path("model").asText()).isEqualTo("demo");
              assertThat(chunk.has("system_fingerprint")).isTrue();
              assertThat(chunk.has("usage")).isFalse();
            });
    assertThat(text(chunks)).endsWith(PROMPT);
    assertThat(chunks).noneMatch(chunk -> chunk.toString().contains("Fischer"));
  }

  @Test
  void complete_streamedWithUsage_hasItNullThenInAChunkOfItsOwn() throws Exception {
    String body = request(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    List<JsonNode> chunks = chunks(data(post(body).body()));

    assertThat(chunks.subList(0, chunks.size() - 1))
        .allSatisfy(chunk -> assertThat(chunk.get("usage").isNull()).isTrue());
    assertThat(chunks.getLast().path("choices")).isEmpty();
    assertThat(chunks.getLast().at("/usage/prompt_tokens").asInt()).isPositive();
  }

  @Test
  void complete_contentParts_areJoined() throws Exception {
    String body =
        """
        {"model":"demo","messages":[{"role":"user","content":[
          {"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"x"}},
          {"type":"text","text":"two"}]}]}""";

    assertThat(JSON.readTree(post(body).body()).at("/choices/0/message/content").asText())
        .endsWith("one\ntwo");
  }

  @Test
  void complete_longPrompt_staysAShortStream() throws Exception {
    String prompt = "word ".repeat(20_000);
    String body = request(",\"stream\":true").replace(PROMPT, prompt);
    List<JsonNode> chunks = chunks(data(post(body).body()));

    assertThat(chunks).hasSizeLessThan(2_000);
    assertThat(text(chunks)).endsWith(prompt);
  }

  @Test
  void complete_notARequest_is400InOpenAisShape() throws Exception {
    for (String body : List.of("", "{", "[]", "{\"messages\":[]}")) {
      HttpResponse<String> response = post(body);
      assertThat(response.statusCode()).as(body).isEqualTo(400);
      assertThat(JSON.readTree(response.body()).at("/error/type").asText())
          .isEqualTo("invalid_request_error");
    }
  }

  @Test
  void models_list_hasTheDemoModel() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(url("/models")).build();
    String body = client.send(request, HttpResponse.BodyHandlers.ofString()).body();

    assertThat(JSON.readTree(body).at("/data/0/id").asText()).isEqualTo("demo");
  }

  @Test
  void anyOtherPath_is404() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(url("/other")).build();

    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(404);
  }

  private static String request(String more) {
    return """
        {"model":"demo","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"%s"}]%s}"""
        .formatted(PROMPT, more);
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url("/chat/completions"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI url(String path) {
    return URI.create(provider.baseUrl() + path);
  }

  private static List<String> data(String stream) {
    return stream
        .lines()
        .filter(line -> !line.isEmpty())
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  private static List<JsonNode> chunks(List<String> data) throws IOException {
    List<JsonNode> chunks = new ArrayList<>();
    for (String each : data.subList(0, data.size() - 1)) {
      chunks.add(JSON.readTree(each));
    }
    return chunks;
  }

  private static String text(List<JsonNode> chunks) {
    StringBuilder text = new StringBuilder();
    chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText("")));
    return text.toString();
  }
}
