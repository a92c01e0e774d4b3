package io.mantle.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PartProcessTest {
  @TempDir private Path folder;

  @Test
  void end_ofAProcessThatDied_saysWhichAndHowAndWhereItsLogIs() throws Exception {
    Path log = folder.resolve("part.log");
    try (PartProcess part =
        PartProcess.start("the part", new ProcessBuilder("sh", "-c", "echo why; exit 3"), log)) {
      ProcessHandle.of(part.pid()).ifPresent(process -> process.onExit().join());

      assertThat(part.end()).hasValue("the part ended with exit code 3; its log is " + log);
      assertThat(log).hasContent("why");
    }
  }

  @Test
  void end_ofAProcessThatRuns_isEmpty() throws Exception {
    PartProcess part =
        PartProcess.start(
            "the part", new ProcessBuilder("sleep", "60"), folder.resolve("part.log"));
    ProcessHandle process = ProcessHandle.of(part.pid()).orElseThrow();
    assertThat(part.end()).isEmpty();

    part.close();

    process.onExit().get(5, TimeUnit.SECONDS);
    assertThat(part.end()).isPresent();
  }
}
