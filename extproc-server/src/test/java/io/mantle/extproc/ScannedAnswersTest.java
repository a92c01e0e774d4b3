package io.mantle.extproc;

import static io.mantle.extproc.scripted.SpokenText.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.request.ConversationMemory;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.SpokenText;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.tenant.AnswerPolicy;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.Header;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.vault.Vault;
import io.mantle.vault.store.StoreLimits;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a model says of its own, where the tenant wants that masked, beside what is restored: in
 * what tools are called with, whole and streamed, and in answers that the provider stored.
 */
class ScannedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAIL = "jane.doe@corp.example";
  private static final String OWN = "tk4711.box@hooli-mail.com";
  private static final String ANSWER_ID = "resp_0fc4d8a1b2c3d4e5f6a7b8c9d0e1f2a3";
  private static final TenantPolicy MASKING =
      Tenants.answering(
          Tenants.acme(),
          new AnswerPolicy(RestorationPolicy.DEFAULT, Map.of(), AnswerPolicy.Produced.MASK));

  @Test
  void toolInput_whole_keepsWhatIsRestoredAndMasksTheRest() throws Exception {
    Sent sent = sentMessage();
    String input = input(mailIn(sent));
    String whole =
        "{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":%s}]}"
            .formatted(input);
    assertThat(JSON.readTree(sent.answer(Sent.JSON, whole)).at("/content/0/input"))
        .isEqualTo(masked());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void toolInput_streamed_isWhatItIsWhole(long seed) throws Exception {
    Sent sent = sentMessage();
    StringBuilder stream =
        new StringBuilder(
            event(
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
                    + "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}"));
    for (String piece : SpokenText.pieces(input(mailIn(sent)), new Random(seed), 5)) {
      stream.append(
          event(
              "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\","
                  + "\"partial_json\":%s}}".formatted(quoted(piece))));
    }
    stream.append(event("{\"type\":\"content_block_stop\",\"index\":0}"));
    StringBuilder heard = new StringBuilder();
    for (String line : sent.answer(Sent.SSE, stream.toString()).split("\n", -1)) {
      if (line.startsWith("data: ")) {
        heard.append(JSON.readTree(line.substring(6)).at("/delta/partial_json").asText());
      }
    }
    assertThat(JSON.readTree(heard.toString())).isEqualTo(masked());
  }

  private static Sent sentMessage() throws Exception {
    return Gateway.of(MASKING)
        .sendTo(
            "/v1/messages",
            """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Mail %s"}],\
            "tools":[{"name":"f","input_schema":{"type":"object"}}]}"""
                .formatted(MAIL));
  }

  /** A tool's input with the client's address and another, also in a JSON text within it. */
  private static String input(String mail) {
    String inner = "{\"to\":\"%s\",\"cc\":\"%s\"}".formatted(mail, OWN);
    return "{\"to\":\"%s\",\"cc\":\"%s\",\"card\":4012888888881881,\"body\":%s}"
        .formatted(mail, OWN, quoted(inner));
  }

  private static JsonNode masked() throws Exception {
    return JSON.readTree(input(MAIL).replace(OWN, "[EMAIL]").replace("4012888888881881", "0"));
  }

  @Test
  void storedAnswer_fetched_isScannedAndItsDeclaredToolsGetValues() throws Exception {
    try (Vault vault = Vault.inMemory(StoreLimits.STANDARD)) {
      Gateway gateway = Gateway.remembering(ConversationMemory.of(vault), MASKING);
      Sent sent =
          gateway.sendTo(
              "/v1/responses", "{\"model\":\"m\",\"input\":\"Mail %s\"}".formatted(MAIL));
      gateway.tell(sent, stored("", ""));

      String surrogate = mailIn(sent);
      assertThat(fetch(gateway).answer(Sent.JSON, stored(surrogate, OWN)))
          .isEqualTo(
              stored(MAIL, "[EMAIL]")
                  .replace(
                      "\"undeclared\",\"arguments\":" + quoted(arguments(MAIL)),
                      "\"undeclared\",\"arguments\":" + quoted(arguments(surrogate))));
      Header left = new Header("x-privacy-gateway-rehydrate", "false");
      assertThat(fetch(gateway, left).answer(Sent.JSON, stored(surrogate, OWN)))
          .isEqualTo(stored(surrogate, "[EMAIL]"));
    }
  }

  private static Sent fetch(Gateway gateway, Header... headers) throws Exception {
    return gateway.sendWithoutBody(
        Gateway.head("GET", "/v1/responses/" + ANSWER_ID, false, headers));
  }

  private static String stored(String mail, String own) {
    String call = "{\"type\":\"function_call\",\"name\":\"%s\",\"arguments\":%s}";
    String arguments = quoted(arguments(mail));
    return """
        {"id":"%s","object":"response","output":[{"type":"message","content":[{"type":"output_text",\
        "text":"to %s from %s"}]},%s,%s],"tools":[{"type":"function","name":"mail","parameters":{}}]}"""
        .formatted(
            ANSWER_ID,
            mail,
            own,
            call.formatted("mail", arguments),
            call.formatted("undeclared", arguments));
  }

  private static String arguments(String mail) {
    return "{\"to\":\"%s\"}".formatted(mail);
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static String mailIn(Sent sent) {
    Matcher mail = Pattern.compile("Mail ([^\"]+)\"").matcher(sent.upstream());
    assertThat(mail.find()).isTrue();
    assertThat(mail.group(1)).isNotEqualTo(MAIL);
    return mail.group(1);
  }
}
