package io.mantle.extproc.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.value.ProviderKind;
import io.mantle.privacy.json.JsonDocument;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known to have how many tokens, and what costs how much work. */
class TokenizersTest {
  private static final Tokenizers TOKENIZERS = loaded();
  private static final Dialect CHAT = Endpoint.CHAT_COMPLETIONS.dialect();
  private static final Dialect MESSAGES = Endpoint.MESSAGES.dialect();

  private static Tokenizers loaded() {
    Tokenizers tokenizers = new Tokenizers();
    tokenizers.load(ModelFamily.OPENAI);
    tokenizers.load(ModelFamily.OPENAI_OLDER);
    return tokenizers;
  }

  /** The counts that OpenAI published with its tokenizer. */
  @ParameterizedTest
  @CsvSource({
    "tiktoken is great!, 6, 6",
    "antidisestablishmentarianism, 6, 6",
    "2 + 2 = 4, 7, 7",
    "お誕生日おめでとう, 9, 8",
    "hello world, 2, 2"
  })
  void knownText_hasThePublishedCount(String text, long older, long current) {
    assertThat(said(ModelFamily.OPENAI_OLDER, text)).isEqualTo(older);
    assertThat(said(ModelFamily.OPENAI, text)).isEqualTo(current);
  }

  @Test
  void model_isOfTheFamilyOfItsName() {
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "gpt-4")).isEqualTo(ModelFamily.OPENAI_OLDER);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "gpt-4-turbo-2024-04-09"))
        .isEqualTo(ModelFamily.OPENAI_OLDER);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "text-embedding-3-small"))
        .isEqualTo(ModelFamily.OPENAI_OLDER);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "gpt-4o-mini")).isEqualTo(ModelFamily.OPENAI);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "gpt-4.1")).isEqualTo(ModelFamily.OPENAI);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "openai/o3")).isEqualTo(ModelFamily.OPENAI);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "anthropic/claude-x"))
        .isEqualTo(ModelFamily.ANTHROPIC);
    assertThat(ModelFamily.of(ProviderKind.OPENAI, "llama")).isEqualTo(ModelFamily.UNKNOWN);
    assertThat(ModelFamily.of(ProviderKind.ANTHROPIC, "")).isEqualTo(ModelFamily.ANTHROPIC);
  }

  @Test
  void anthropicsModels_costAFifthMore() {
    assertThat(said(ModelFamily.ANTHROPIC, " one".repeat(100))).isEqualTo(120);
  }

  /** 2 of the text, 4 of each message, 3 of the answer's beginning; nothing of syntax and names. */
  @Test
  void request_countsItsTexts_notItsSyntax() {
    String message = "{\"role\":\"user\",\"content\":\"hello world\"}";
    assertThat(
            prompt(
                ModelFamily.OPENAI, CHAT, "{\"model\":\"m\",\"messages\":[%s]}".formatted(message)))
        .isEqualTo(9);
    assertThat(
            prompt(
                ModelFamily.OPENAI,
                CHAT,
                "{\"messages\":[%s, %s],\"user\":\"someone else\",\"temperature\":0.25}"
                    .formatted(message, message)))
        .isEqualTo(15);
    assertThat(
            prompt(
                ModelFamily.OPENAI,
                Endpoint.EMBEDDINGS.dialect(),
                "{\"model\":\"m\",\"input\":[\"hello world\",\"hello world\"]}"))
        .isEqualTo(4);
    assertThat(
            prompt(
                ModelFamily.OPENAI,
                Endpoint.EMBEDDINGS.dialect(),
                "{\"model\":\"m\",\"input\":[15339, 1917]}"))
        .isEqualTo(2);
  }

  @Test
  void media_isNotCounted() {
    String data = "iVBORw0KGgo".repeat(1_000);
    String image =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello world\"},"
            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,%s\"}}]}]}";
    assertThat(prompt(ModelFamily.OPENAI, CHAT, image.formatted(data))).isEqualTo(9);
    String source =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":"
            + "{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\""
            + data
            + "\"}}]}]}";
    assertThat(prompt(ModelFamily.UNKNOWN, MESSAGES, source)).isLessThan(15);
    // Of what is longer, windows are looked at.
    String large = data.repeat(100);
    assertThat(prompt(ModelFamily.OPENAI, CHAT, image.formatted(large)))
        .isLessThan(large.length() / 4 / 10);
    assertThat(PromptSample.of(bytes(image.formatted(large)), CHAT).guess())
        .isLessThan(large.length() / 4 / 10);
  }

  @Test
  void stream_isCountedByWhatItsEventsGoOnWith() throws Exception {
    List<String> events =
        List.of(
            "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"hello\"},\"logprobs\":{\"content\":[{\"token\":\"hello\"}]}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\" world\"},\"finish_reason\":\"stop\"}],\"usage\":null}");
    assertThat(growing(CHAT, events)).isEqualTo(2);
    List<String> typed =
        List.of(
            "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"delta\":\"hello world\"}",
            "{\"type\":\"response.output_text.done\",\"text\":\"hello world\"}",
            "{\"type\":\"response.completed\",\"response\":{\"output\":[{\"content\":[{\"text\":\"hello world\"}]}]}}");
    assertThat(growing(Endpoint.RESPONSES.dialect(), typed)).isEqualTo(2);
    List<String> blocks =
        List.of(
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"hello\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"EqoBCkgIARABGAIiQL8\"}}",
            "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\" world\"}}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null}}");
    assertThat(growing(MESSAGES, blocks)).isEqualTo(2);
  }

  private static long growing(Dialect dialect, List<String> events) throws Exception {
    SaidText said = new SaidText();
    for (String event : events) {
      ModelTexts.addGrowing(JsonDocument.parse(bytes(event)), dialect, said);
    }
    return TOKENIZERS.count(ModelFamily.OPENAI, said);
  }

  @Test
  void wholeAnswer_isCountedByItsTexts() throws Exception {
    SaidText said = new SaidText();
    for (String answer :
        List.of(
            "{\"id\":\"chatcmpl-1\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"hello\"},\"finish_reason\":\"stop\"}]}",
            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\" world\"}]}",
            "{\"object\":\"list\",\"data\":[{\"embedding\":[0.1,0.2]}]}")) {
      ModelTexts.addSaid(JsonDocument.parse(bytes(answer)), CHAT, said);
    }
    assertThat(TOKENIZERS.count(ModelFamily.OPENAI, said)).isEqualTo(2);
  }

  @Test
  void longText_isCountedByPartsOfIt_thatAreLikeTheRest() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < 300_000; i++) {
      text.append(" The invoice number ").append(i * 37 % 10_000).append(" was paid by Ana.");
    }
    Tokenizers tokenizers = TOKENIZERS;
    long exact = 0;
    for (int i = 0; i < text.length(); i += 2_000) {
      exact += said(ModelFamily.OPENAI, text.substring(i, Math.min(text.length(), i + 2_000)));
    }
    SaidText said = new SaidText();
    said.add(text.toString());
    assertThat(tokenizers.count(ModelFamily.OPENAI, said)).isCloseTo(exact, within(exact / 20));
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text);
    assertThat(prompt(ModelFamily.OPENAI, CHAT, body)).isCloseTo(exact, within(exact / 10));
  }

  @Test
  void work_isBounded_whateverTheText() {
    List<String> hostile =
        List.of(
            "a".repeat(1 << 20),
            "\n".repeat(1 << 20),
            "!?".repeat(1 << 19),
            "漢".repeat(1 << 20),
            "\uD83D\uDE00".repeat(1 << 19),
            "a b".repeat(1 << 19));
    for (String text : hostile) {
      Work work = new Work();
      BoundedCount counter = new BoundedCount(work::count);
      assertThat(counter.of(text)).isCloseTo(text.length(), within(8L));
      SaidText said = new SaidText();
      said.add(text);
      assertThat(said.tokens(counter)).isCloseTo(text.length(), within(8L));
      PromptSample.of(bytes("{\"prompt\":\"" + text + "\"}"), CHAT).tokens(counter);
      assertThat(work.longest).isLessThanOrEqualTo(BoundedCount.PIECE_CHARS_MAX);
      assertThat(work.chars)
          .isLessThanOrEqualTo(
              3L * (BoundedCount.CHARS_COUNTED_MAX + BoundedCount.PIECE_CHARS_MAX));
    }
    Work work = new Work();
    assertThat(new BoundedCount(work::count).of(List.of("abc ".repeat(100), "", "x")))
        .isEqualTo(401);
    Work ofMany = new Work();
    new BoundedCount(ofMany::count).of(Collections.nCopies(1 << 18, "ab"));
    assertThat(ofMany.chars)
        .isLessThanOrEqualTo(BoundedCount.CHARS_COUNTED_MAX + BoundedCount.PIECE_CHARS_MAX);
  }

  /** A tokenizer to which each character is a token. */
  private static final class Work {
    private long chars;
    private int longest;

    private int count(String piece) {
      chars += piece.length();
      longest = Math.max(longest, piece.length());
      return piece.length();
    }
  }

  @Test
  void whatIsNotThereYet_isEstimatedByBytes_andWaitsForNothing() {
    SaidText said = new SaidText();
    said.add("tiktoken is great!");
    assertThat(new Tokenizers().count(ModelFamily.OPENAI_OLDER, said)).isEqualTo(5);
  }

  @Test
  void specialTokens_areTextLikeAnyOther() {
    assertThat(said(ModelFamily.OPENAI, "<|endoftext|>")).isGreaterThan(1);
  }

  private static long said(ModelFamily family, String text) {
    SaidText said = new SaidText();
    said.add(text);
    return TOKENIZERS.count(family, said);
  }

  private static long prompt(ModelFamily family, Dialect dialect, String body) {
    byte[] bytes = bytes(body);
    long tokens = TOKENIZERS.count(family, PromptSample.of(bytes, dialect));
    assertThat(TOKENIZERS.count(family, PromptSample.of(ByteBuffer.wrap(bytes), dialect)))
        .isEqualTo(tokens);
    return tokens;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
