package io.mantle.extproc.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenTextsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"messages\":[{\"role\":\"system\",\"content\":\"Be kind\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}]} | system=Be kind;user=Hi",
        "{\"system\":[{\"type\":\"text\",\"text\":\"Be kind\"}],\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]} | system=Be kind;user=Hi",
        "{\"instructions\":\"Be kind\",\"input\":\"Hi\"} | system=Be kind;user=Hi",
        "{\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}]} | user=Hi",
        "{\"prompt\":[\"One\",\"Two\"]} | user=One;user=Two",
        "{\"input\":[1,2,3]} | ``",
        "not JSON | ``",
      })
  void request_ofAnyShape_isToldAsMessages(String body, String told) {
    assertThat(SpokenTexts.input(body.getBytes(UTF_8))).isEqualTo(messages(told));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"}}]} | assistant=Hi",
        "{\"choices\":[{\"text\":\"Hi\"}]} | assistant=Hi",
        "{\"type\":\"message\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]} | assistant=Hi",
        "{\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}]} | assistant=Hi",
        "{\"error\":{\"message\":\"no\"}} | ``",
      })
  void answer_whole_isToldAsAMessage(String body, String told) {
    assertThat(SpokenTexts.output(body.getBytes(UTF_8))).isEqualTo(messages(told));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        data: {"choices":[{"delta":{"role":"assistant","content":"H"}}]}

        data: {"choices":[{"delta":{"content":"i"}}]}

        data: [DONE]
        """,
        """
        event: content_block_delta
        data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"H"}}

        data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"i"}}

        data: {"type":"message_stop"}
        """,
        """
        data: {"type":"response.output_text.delta","delta":"H"}

        data: {"type":"response.output_text.delta","delta":"i"}

        data: {"type":"response.output_text.done","text":"Hi"}

        data: {"type":"resp
        """
      })
  void answer_inEvents_isToldAsOneMessage(String stream) {
    assertThat(SpokenTexts.output(stream.getBytes(UTF_8))).isEqualTo(messages("assistant=Hi"));
  }

  @Test
  void request_tooLong_isCut() {
    String body = "{\"prompt\":\"%s\"}".formatted("a".repeat(2 * SpokenTexts.CHARS_MAX));
    assertThat(SpokenTexts.input(body.getBytes(UTF_8)))
        .isEqualTo(messages("user=" + "a".repeat(SpokenTexts.CHARS_MAX)));
  }

  private static String messages(String told) {
    StringBuilder messages = new StringBuilder("[");
    for (String message : told.isEmpty() ? new String[0] : told.split(";", -1)) {
      String[] parts = message.split("=", 2);
      messages
          .append(messages.length() == 1 ? "" : ",")
          .append(
              "{\"role\":\"%s\",\"parts\":[{\"type\":\"text\",\"content\":\"%s\"}]}"
                  .formatted(parts[0], parts[1]));
    }
    return messages + "]";
  }
}
