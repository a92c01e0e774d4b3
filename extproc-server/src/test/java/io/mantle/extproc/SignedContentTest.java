package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.value.Header;
import io.mantle.privacy.detect.DetectionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider signed: delivered as it is, and taken back only as it was delivered. */
class SignedContentTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MESSAGES = "/v1/messages";
  private static final String EMAIL = "jane.doe@corp.example";
  private static final String ASKED =
      "{\"model\":\"claude-test\",\"messages\":[{\"role\":\"user\",\"content\":\"Mail "
          + EMAIL
          + "\"}";

  private final Gateway gateway = Gateway.of();

  @Test
  void thinking_whole_isDeliveredUnrestoredAndGoesBackAsItWas() throws Exception {
    Sent sent = gateway.sendTo(MESSAGES, ASKED + "]}");
    String surrogate = surrogate(sent);
    JsonNode content =
        JSON.readTree(sent.answer(Sent.JSON, answer("Mail " + surrogate, "c2ln"))).get("content");
    assertThat(content.at("/0/thinking").asText()).isEqualTo("Mail " + surrogate);
    assertThat(content.at("/0/signature").asText()).startsWith("c2ln.");
    assertThat(content.at("/1/data").asText()).startsWith("b3BhcXVl.");
    assertThat(content.at("/2/text").asText()).isEqualTo("Mailed " + EMAIL);

    String upstream = gateway.sendTo(MESSAGES, nextTurn(content.toString())).upstream();
    assertThat(JSON.readTree(upstream).at("/messages/1/content"))
        .isEqualTo(
            JSON.readTree(answer("Mail " + surrogate, "c2ln").replace(EMAIL, surrogate))
                .get("content"));
  }

  @Test
  void thinking_streamed_bearsTheSameMark() throws Exception {
    Sent sent = gateway.sendTo(MESSAGES, ASKED + "],\"stream\":true}");
    String surrogate = surrogate(sent);
    String thought = "Mail " + surrogate;
    String stream =
        delta("thinking_delta", "thinking", thought.substring(0, 9))
            + delta("thinking_delta", "thinking", thought.substring(9))
            + delta("signature_delta", "signature", "c2ln")
            + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n";
    String client = sent.answer(Sent.SSE, stream);
    String whole = sent.answer(Sent.JSON, answer(thought, "c2ln"));
    String marked = JSON.readTree(whole).at("/content/0/signature").asText();
    assertThat(client).isEqualTo(stream.replace("\"c2ln\"", quoted(marked)));
  }

  @ParameterizedTest
  @CsvSource({
    "Mail, Post",
    "c2ln., c2lm.",
    "'\"thinking\":', '\"thinking\":\"x\",\"thinking\":'",
    "'{\"type\":\"thinking\"', '{\"type\":\"thinking\",\"type\":\"thinking\"'",
    "b3BhcXVl., b3BhcXVm."
  })
  void signed_changedByTheClient_isRefused(String was, String is) throws Exception {
    Sent sent = gateway.sendTo(MESSAGES, ASKED + "]}");
    String content =
        JSON.readTree(sent.answer(Sent.JSON, answer("Mail", "c2ln"))).get("content").toString();
    assertThat(gateway.sendTo(MESSAGES, nextTurn(content)).upstream()).contains("\"c2ln\"");
    String changed = content.replaceFirst(java.util.regex.Pattern.quote(was), is);
    assertThat(gateway.refusalAt(MESSAGES, nextTurn(changed)).code()).isEqualTo("signed_elsewhere");
  }

  @Test
  void signed_neverDeliveredHere_isRefusedAndNamed() {
    String content = "[{\"type\":\"thinking\",\"thinking\":\"Mail\",\"signature\":\"c2ln\"}]";
    assertThat(gateway.refusalAt(MESSAGES, nextTurn(content)).param())
        .isEqualTo("messages[1].content[0].signature");
  }

  @Test
  void signed_underDetectOnly_passesAndIsNotTakenForMaskedText() throws Exception {
    Gateway observing =
        Gateway.of(Tenants.detecting(Tenants.acme(), DetectionPolicy.STANDARD, true));
    String own = "[{\"type\":\"thinking\",\"thinking\":\"Mail\",\"signature\":\"c2ln\"}]";
    assertThat(observing.sendTo(MESSAGES, nextTurn(own)).upstream()).contains(own);
    Sent sent = observing.sendTo(MESSAGES, ASKED + "]}");
    String content =
        JSON.readTree(sent.answer(Sent.JSON, answer("Mail", "c2ln"))).get("content").toString();
    assertThat(observing.sendTo(MESSAGES, nextTurn(content)).upstream()).contains("\"c2ln\"");
    assertThat(gateway.refusalAt(MESSAGES, nextTurn(content)).code()).isEqualTo("signed_elsewhere");
  }

  @Test
  void thinking_unsigned_isATextLikeAnyOther() throws Exception {
    String content =
        "[{\"type\":\"thinking\",\"thinking\":\"Mail " + EMAIL + "\",\"signature\":\"\"}]";
    assertThat(gateway.sendTo(MESSAGES, nextTurn(content)).upstream()).doesNotContain(EMAIL);
  }

  @Test
  void compaction_signedAndSealed_goesBackAsItWas() throws Exception {
    Sent sent = gateway.sendTo(MESSAGES, ASKED + "]}");
    String block =
        "{\"type\":\"compaction\",\"content\":\"Mail %s\",\"signature\":\"c2ln\",\"encrypted_content\":\"b3Bh\"}"
            .formatted(surrogate(sent));
    String delivered = sent.answer(Sent.JSON, "{\"content\":[" + block + "]}");
    String content = JSON.readTree(delivered).get("content").toString();
    assertThat(gateway.sendTo(MESSAGES, nextTurn(content)).upstream()).contains(block);
    String smuggled =
        content.replaceFirst(
            "\"encrypted_content\":\"[^\"]*\"", "\"encrypted_content\":[\"" + EMAIL + "\"]");
    assertThat(gateway.sendTo(MESSAGES, nextTurn(smuggled)).upstream()).doesNotContain(EMAIL);

    Sent streaming = gateway.sendTo(MESSAGES, ASKED + "],\"stream\":true}");
    String stream =
        "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"compaction_delta\",\"content\":\"Mail %s\",\"encrypted_content\":\"b3Bh\"}}\n\n"
            .formatted(surrogate(sent));
    assertThat(streaming.answer(Sent.SSE, stream + delta("signature_delta", "signature", "c2ln")))
        .contains(JSON.readTree(content).at("/0/encrypted_content").toString())
        .contains(JSON.readTree(content).at("/0/signature").toString());
  }

  @Test
  void surrogatesAskedFor_signatureBearsAMarkAllTheSame() throws Exception {
    Sent sent =
        gateway.sendTo(MESSAGES, ASKED + "]}", new Header("x-privacy-gateway-rehydrate", "false"));
    assertThat(sent.answer(Sent.JSON, answer("Mail", "c2ln"))).contains("\"c2ln.");
  }

  @Test
  void reasoning_encrypted_goesBackAsItWas() throws Exception {
    String responses = "/v1/responses";
    Sent sent = gateway.sendTo(responses, "{\"model\":\"gpt-test\",\"input\":\"Hi\"}");
    String item =
        "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"gAAAAAB\"}";
    String delivered = sent.answer(Sent.JSON, "{\"output\":[" + item + "]}");
    JsonNode output = JSON.readTree(delivered).get("output");
    assertThat(output.at("/0/encrypted_content").asText()).startsWith("gAAAAAB.");
    assertThat(
            gateway
                .sendTo(responses, "{\"model\":\"gpt-test\",\"input\":" + output + "}")
                .upstream())
        .contains(item);
    assertThat(
            gateway
                .refusalAt(responses, "{\"model\":\"gpt-test\",\"input\":[" + item + "]}")
                .code())
        .isEqualTo("signed_elsewhere");
  }

  private static String answer(String thought, String signature) {
    return "{\"content\":[{\"type\":\"thinking\",\"thinking\":%s,\"signature\":%s},{\"type\":\"redacted_thinking\",\"data\":\"b3BhcXVl\"},{\"type\":\"text\",\"text\":%s}]}"
        .formatted(quoted(thought), quoted(signature), quoted(thought.replace("Mail ", "Mailed ")));
  }

  private static String delta(String type, String member, String text) {
    return "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"%s\",\"%s\":%s}}\n\n"
        .formatted(type, member, quoted(text));
  }

  private static String nextTurn(String content) {
    return ASKED + ",{\"role\":\"assistant\",\"content\":" + content + "}]}";
  }

  private static String surrogate(Sent sent) throws Exception {
    String said = JSON.readTree(sent.upstream()).at("/messages/0/content").asText();
    return said.substring("Mail ".length());
  }
}
