package io.mantle.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
  private static final String WITH_LENGTH =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nserver: x\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 503 No\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";

  @Test
  void answer_cutAnywhere_isTheSame() throws WrongAnswerException {
    for (String answer : new String[] {WITH_LENGTH, CHUNKED}) {
      for (int cut = 0; cut <= answer.length(); cut++) {
        AnswerReader reader = new AnswerReader();
        reader.begin();
        reader.accept(bytes(answer.substring(0, cut)));
        assertThat(reader.isDone()).isEqualTo(cut == answer.length());
        reader.accept(bytes(answer.substring(cut)));
        assertThat(reader.isDone()).isTrue();
        assertThat(new String(reader.body(), 0, reader.bodyLength(), ISO_8859_1))
            .isEqualTo("hello");
      }
    }
  }

  @Test
  void reader_usedAgain_readsTheNextAnswer() throws WrongAnswerException {
    AnswerReader reader = new AnswerReader();
    reader.begin();
    reader.accept(bytes(WITH_LENGTH));
    assertThat(reader.status()).isEqualTo(200);
    reader.begin();
    reader.accept(bytes(CHUNKED));
    assertThat(reader.status()).isEqualTo(503);
    assertThat(reader.bodyLength()).isEqualTo(5);
  }

  @Test
  void bytesAfterTheEnd_areRefused() throws WrongAnswerException {
    AnswerReader reader = new AnswerReader();
    reader.begin();
    reader.accept(bytes(WITH_LENGTH));
    assertThatThrownBy(() -> reader.accept(bytes("x"))).isInstanceOf(WrongAnswerException.class);
  }

  private static ByteBuffer bytes(String latin) {
    return ByteBuffer.wrap(latin.getBytes(ISO_8859_1));
  }
}
