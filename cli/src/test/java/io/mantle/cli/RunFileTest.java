package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFileTest {
  private static final RunFile RUN =
      new RunFile(
          "http://127.0.0.1:8080/v1",
          "http://127.0.0.1:8080",
          "http://127.0.0.1:8081",
          "sk-mantle-1",
          "mantle-admin-1",
          "http://127.0.0.1:9901",
          "http://127.0.0.1:9902",
          Map.of("envoy", 12L, "mantle", 10L));

  @TempDir Path folder;

  @Test
  void write_file_hasTheNamesScriptsRelyOn() throws IOException {
    Path file = folder.resolve("run.json");
    RUN.write(file);

    JsonNode json = new ObjectMapper().readTree(Files.readString(file));
    assertThat(json.properties())
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "base_url",
            "anthropic_base_url",
            "admin_url",
            "api_key",
            "admin_token",
            "envoy_admin_url",
            "extproc_admin_url",
            "pids");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void read_written_isTheSame() throws IOException {
    Path file = folder.resolve("run.json");
    RUN.write(file);

    assertThat(RunFile.read(file)).contains(RUN);
  }

  @Test
  void read_absentOrBroken_isEmpty() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"base_url\":");
    Path partial = Files.writeString(folder.resolve("partial.json"), "{\"base_url\":\"x\"}");

    assertThat(RunFile.read(folder.resolve("absent.json"))).isEmpty();
    assertThat(RunFile.read(broken)).isEmpty();
    assertThat(RunFile.read(partial)).isEmpty();
  }

  @Test
  void toString_run_holdsNoKey() {
    assertThat(RUN.toString()).doesNotContain("sk-mantle", "mantle-admin");
  }
}
