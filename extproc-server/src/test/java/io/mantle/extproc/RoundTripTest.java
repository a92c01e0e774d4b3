package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.SpokenText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random mixes of private values and prose, repeated by the provider, come back as they were: whole
 * and streamed, as prose and as a tool call's arguments. And nothing of them left.
 */
class RoundTripTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RUNS = 60;

  /** Values that rules find wherever they stand between spaces. */
  private static final List<String> PRIVATE =
      List.of(
          "jane.doe@corp.example",
          "JANE.DOE@corp.example",
          "m.müller+x@mail.example.org",
          "4111 1111 1111 1111",
          "5500-0055-5555-5559",
          "DE89 3704 0044 0532 0130 00",
          "GB82WEST12345698765432",
          "+1 415 555 0142",
          "+49 30 901820",
          "219-09-9999",
          "203.0.113.77",
          "AKIAIOSFODNN7EXAMPLF",
          "AB123456C",
          "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
          "111.444.777-35",
          "1EG4-TE5-MK73",
          "\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11",
          "jane.roe%40corp.example",
          "4222\u200b222222222",
          "ZW1haWwgamFuZUBleGFtcGxlLmNvbSBwbGVhc2U=");

  private static final List<String> PROSE =
      List.of(
          "Hello",
          "and",
          "or",
          "the \"quoted\" word",
          "back\\slash",
          "naïve",
          "👩‍🚀",
          "日本語",
          "line\nend",
          "tab\there",
          "100 %",
          "{a:1}",
          "Maria",
          "Jane Smith",
          "Keller's",
          "Dr. Weber",
          "<b>",
          "\u0007",
          "\u2028",
          "e\u0301",
          "[x](y)",
          "...",
          "Boston",
          "2024-05-06",
          "it's",
          "I");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void echo_ofAnyMix_isWhatTheClientSaid(long seed) throws Exception {
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      List<String> used = new ArrayList<>();
      String text = mix(random, used);
      String arguments = "{\"to\":" + quoted(mix(random, used)) + ",\"n\":[" + quoted(text) + "]}";
      Sent sent = Gateway.of().send(request(text, arguments));

      assertNothingLeft(sent, used);
      JsonNode messages = JSON.readTree(sent.departure().body()).get("messages");
      String seenText = messages.at("/0/content").asText();
      String seenArguments = messages.at("/1/tool_calls/0/function/arguments").asText();

      assertWhole(sent, seenText, seenArguments, text, arguments);
      assertStreamed(sent, seenText, seenArguments, text, arguments, random);
    }
  }

  private static String mix(Random random, List<String> used) {
    StringBuilder text = new StringBuilder();
    int words = random.nextInt(1, 14);
    boolean afterPrivate = false;
    for (int i = 0; i < words; i++) {
      boolean isPrivate = !afterPrivate && random.nextInt(3) == 0;
      afterPrivate = isPrivate; // two numbers side by side are another matter: of detection
      List<String> from = isPrivate ? PRIVATE : PROSE;
      String word = from.get(random.nextInt(from.size()));
      if (isPrivate) {
        used.add(word);
      }
      text.append(i == 0 ? "" : random.nextInt(8) == 0 ? ", " : " ").append(word);
    }
    return text.toString();
  }

  private static String request(String text, String arguments) {
    return """
    {"model":"m","messages":[{"role":"user","content":%s},{"role":"assistant","tool_calls":[\
    {"type":"function","function":{"name":"f","arguments":%s}}]}],\
    "tools":[{"type":"function","function":{"name":"f"}}]}"""
        .formatted(quoted(text), quoted(arguments));
  }

  private static void assertNothingLeft(Sent sent, List<String> used) {
    for (String value : used) {
      assertThat(sent.upstream()).doesNotContain(value);
    }
  }

  private static void assertWhole(
      Sent sent, String seenText, String seenArguments, String text, String arguments)
      throws Exception {
    String answer =
        """
        {"choices":[{"message":{"content":%s,"tool_calls":[{"function":{"name":"f","arguments":%s}}]}}]}"""
            .formatted(quoted(seenText), quoted(seenArguments));
    JsonNode message = JSON.readTree(sent.answer(Sent.JSON, answer)).at("/choices/0/message");
    assertThat(message.get("content").asText()).isEqualTo(text);
    assertThat(message.at("/tool_calls/0/function/arguments").asText()).isEqualTo(arguments);
  }

  private static void assertStreamed(
      Sent sent,
      String seenText,
      String seenArguments,
      String text,
      String arguments,
      Random random)
      throws Exception {
    int charsMax = random.nextInt(1, 30);
    List<String> said = SpokenText.pieces(seenText, random, charsMax);
    List<String> called = SpokenText.pieces(seenArguments, random, charsMax);
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < Math.max(said.size(), called.size()); i++) {
      if (i < said.size()) {
        stream.append(SpokenText.content(0, said.get(i)));
      }
      if (i < called.size()) {
        stream.append(SpokenText.arguments(1, called.get(i)));
      }
    }
    stream.append(SpokenText.finish(1)).append(SpokenText.finish(0)).append("data: [DONE]\n\n");
    byte[] bytes = stream.toString().getBytes(UTF_8);
    int[] cuts = random.ints(random.nextInt(0, 30), 0, bytes.length + 1).sorted().toArray();
    byte[] client = sent.answer(Sent.SSE, bytes, cuts);
    assertThat(SpokenText.heard(client))
        .containsEntry("0.content", text)
        .containsEntry("1.tool_calls[0].arguments", arguments);
  }
}
