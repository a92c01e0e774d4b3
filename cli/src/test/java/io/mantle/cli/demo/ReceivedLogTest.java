package io.mantle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReceivedLogTest {
  @TempDir Path folder;

  @Test
  void received_bodies_standInTheFileAfterALineThatSaysWhatItIs() throws IOException {
    Path file = folder.resolve("demo.log");
    ReceivedLog log = new ReceivedLog(file);
    log.received("/v1/chat/completions", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    log.received("/v1/chat/completions", "{\"b\":2}".getBytes(StandardCharsets.UTF_8));

    assertThat(Files.readAllLines(file)).hasSize(5).contains("{\"a\":1}", "{\"b\":2}");
    assertThat(Files.readAllLines(file).getFirst()).startsWith("# What the demo provider received");
  }

  @Test
  void received_longBody_isCutAndSaysSo() throws IOException {
    Path file = folder.resolve("demo.log");
    new ReceivedLog(file)
        .received("/v1/chat/completions", new byte[ReceivedLog.BODY_BYTES_MAX + 1]);

    assertThat(Files.size(file)).isLessThan(ReceivedLog.BODY_BYTES_MAX + 1_000L);
    assertThat(Files.readString(file)).contains("(cut; " + (ReceivedLog.BODY_BYTES_MAX + 1));
  }

  @Test
  void received_manyBodies_keepTheFileWithinItsLimit() throws IOException {
    Path file = folder.resolve("demo.log");
    ReceivedLog log = new ReceivedLog(file);
    for (int i = 0; i < 40; i++) {
      log.received("/v1/chat/completions", new byte[ReceivedLog.BODY_BYTES_MAX]);
    }

    assertThat(Files.size(file))
        .isLessThan(ReceivedLog.FILE_BYTES_MAX + ReceivedLog.BODY_BYTES_MAX + 1_000L);
    assertThat(folder.resolve("demo.log.1")).exists();
  }
}
