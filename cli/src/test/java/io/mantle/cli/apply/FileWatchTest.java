package io.mantle.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FileWatchTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir private Path folder = Path.of("");

  @Test
  void change_endsTheWaiting_alsoOfAFileThatComesAndGoes() throws Exception {
    Path file = folder.resolve("mantle.yaml");
    FileWatch watch = new FileWatch(file, Duration.ofMillis(1));

    Files.writeString(file, "one");
    watch.await(LONG);
    Files.writeString(file, "two");
    watch.await(LONG);
    Files.delete(file);
    watch.await(LONG);

    assertThat(file).doesNotExist();
  }

  @Test
  void link_thatLeadsElsewhere_isAChange() throws Exception {
    Path one = Files.writeString(folder.resolve("one"), "one");
    Path two = Files.writeString(folder.resolve("two"), "two");
    Path link = Files.createSymbolicLink(folder.resolve("link"), one);
    FileWatch watch = new FileWatch(link, Duration.ofMillis(1));

    Files.delete(link);
    Files.createSymbolicLink(link, two);
    watch.await(LONG);

    assertThat(link).hasContent("two");
  }

  @Test
  void waiting_withoutAChange_endsAfterItsTime() throws Exception {
    Path file = Files.writeString(folder.resolve("mantle.yaml"), "one");

    new FileWatch(file, Duration.ofMillis(1)).await(Duration.ofMillis(20));

    assertThat(file).hasContent("one");
  }
}
