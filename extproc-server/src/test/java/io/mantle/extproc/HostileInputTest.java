package io.mantle.extproc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Sent;
import io.mantle.extproc.scripted.SharedCases;
import io.mantle.extproc.scripted.SharedCases.JsonCase;
import io.mantle.extproc.value.RefusedException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Inputs made to break parsers and text handling. */
class HostileInputTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void jsonCase_asWholeBody_isRefusedWherePossible() throws Exception {
    for (JsonCase json : SharedCases.jsonCases()) {
      if (!json.expect().equals("either")) {
        // What is valid is still no chat completion request.
        RefusedException refused =
            catchThrowableOfType(RefusedException.class, () -> Gateway.of().send(json.bytes()));
        assertThat(refused).as(json.name()).isNotNull();
        assertThat(refused.refusal().status()).as(json.name()).isEqualTo(400);
      }
    }
  }

  @Test
  void jsonCase_asValueOfAnUnknownField_isRefusedOrPassesByteForByte() throws Exception {
    int accepted = 0;
    for (JsonCase json : SharedCases.jsonCases()) {
      byte[] body = asUnknownField(json.bytes());
      int refusedWith = 0;
      byte[] upstream = new byte[0];
      try {
        upstream = Gateway.of().send(body).departure().body();
      } catch (RefusedException e) {
        refusedWith = e.refusal().status();
      }
      switch (json.expect()) {
        case "accept" -> {
          accepted++;
          assertThat(refusedWith).as(json.name()).isZero();
          assertThat(upstream).as(json.name()).isEqualTo(body);
        }
        case "reject" -> assertThat(refusedWith).as(json.name()).isEqualTo(400);
        default -> {
          if (refusedWith == 0) {
            assertThat(upstream).as(json.name()).isEqualTo(body);
          }
        }
      }
    }
    assertThat(accepted).isGreaterThan(40);
  }

  /** There are surrogates to look for; none is there. */
  @Test
  void jsonCase_asAnAnswer_passesByteForByte() throws Exception {
    Sent sent =
        Gateway.of()
            .send(
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"I am jane.doe@corp.example\"}]}");
    assertThat(sent.departure().call().answer().restoration().isEmpty()).isFalse();
    for (JsonCase json : SharedCases.jsonCases()) {
      if (!Arrays.equals(new String(json.bytes(), UTF_8).getBytes(UTF_8), json.bytes())) {
        continue; // what is not UTF-8 is refused
      }
      assertThat(sent.answer(Sent.JSON, json.bytes())).as(json.name()).isEqualTo(json.bytes());
      String text = new String(json.bytes(), UTF_8);
      if (!text.contains("\n") && !text.contains("\r")) {
        byte[] event = ("data: " + text + "\n\n").getBytes(UTF_8);
        assertThat(sent.answer(Sent.SSE, event)).as(json.name()).isEqualTo(event);
      }
    }
  }

  @Test
  void naughtyString_inAMessage_comesBackIdentical() throws Exception {
    for (String naughty : SharedCases.naughtyStrings()) {
      String request =
          "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
              + JSON.writeValueAsString(naughty)
              + "}]}";
      Sent sent = Gateway.of().send(request);
      String said = JSON.readTree(sent.departure().body()).at("/messages/0/content").asText();
      if (sent.departure().call().found().entities().isEmpty()) {
        assertThat(sent.upstream()).isEqualTo(request);
      }
      String answer =
          "{\"choices\":[{\"message\":{\"content\":" + JSON.writeValueAsString(said) + "}}]}";
      assertThat(
              JSON.readTree(sent.answer(Sent.JSON, answer))
                  .at("/choices/0/message/content")
                  .asText())
          .isEqualTo(naughty);
    }
  }

  private static byte[] asUnknownField(byte[] value) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"model\":\"m\",\"messages\":[],\"unknown\":".getBytes(UTF_8));
    body.writeBytes(value);
    body.write('}');
    return body.toByteArray();
  }
}
