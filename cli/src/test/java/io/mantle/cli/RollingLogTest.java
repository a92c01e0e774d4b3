package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RollingLogTest {
  @TempDir Path folder;

  @Test
  void drain_shortOutput_isInTheFile() throws IOException {
    Path file = folder.resolve("it.log");
    drain(new RollingLog(file), "one\ntwo\nthree\n".getBytes(StandardCharsets.UTF_8));

    assertThat(file).hasContent("one\ntwo\nthree\n");
    assertThat(RollingLog.tail(file, 2)).containsExactly("two", "three");
  }

  @Test
  void drain_longOutput_keepsTwoFilesWithinTheLimit() throws IOException {
    Path file = folder.resolve("it.log");
    drain(new RollingLog(file), new byte[RollingLog.FILE_BYTES_MAX * 2 + 100]);

    assertThat(Files.size(file)).isLessThan(RollingLog.FILE_BYTES_MAX + (64 << 10));
    assertThat(Files.size(folder.resolve("it.log.1")))
        .isBetween((long) RollingLog.FILE_BYTES_MAX, RollingLog.FILE_BYTES_MAX + (64L << 10));
  }

  @Test
  void create_fileOfAnEarlierRun_isKeptOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("it.log"), "earlier");
    drain(new RollingLog(file), new byte[] {'x'});

    assertThat(file).hasContent("x");
    assertThat(folder.resolve("it.log.1")).hasContent("earlier");
  }

  @Test
  void tail_noFile_isEmpty() {
    assertThat(RollingLog.tail(folder.resolve("absent"), 5)).isEmpty();
  }

  private static void drain(RollingLog log, byte[] bytes) throws IOException {
    log.drain(new ByteArrayInputStream(bytes));
  }
}
