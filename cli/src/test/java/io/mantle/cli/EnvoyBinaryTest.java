package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvoyBinaryTest {
  @TempDir Path folder;

  @Test
  void given_envoyVariable_winsOverPath() throws Exception {
    Path named = executable("named/envoy", "");
    Path onPath = executable("bin/envoy", "");

    assertThat(
            EnvoyBinary.given(
                Map.of("ENVOY", named.toString(), "PATH", folder.resolve("bin").toString())))
        .contains(named);
    assertThat(EnvoyBinary.given(Map.of("PATH", "/absent:" + folder.resolve("bin"))))
        .contains(onPath);
    assertThat(EnvoyBinary.given(Map.of("PATH", ""))).isEmpty();
  }

  @Test
  void given_envoyVariableThatIsNoProgram_isNamed() {
    assertThatThrownBy(() -> EnvoyBinary.given(Map.of("ENVOY", folder.toString())))
        .hasMessageContaining("ENVOY")
        .hasMessageContaining(folder.toString());
  }

  @Test
  void version_envoysAnswer_isItsNumber() throws Exception {
    Path envoy =
        executable("envoy", "echo; echo 'envoy  version: a1b2/1.40.3/Clean/RELEASE/BoringSSL'");

    assertThat(EnvoyBinary.version(envoy)).isEqualTo("1.40.3");
  }

  @Test
  void version_anotherProgram_isRefused() throws Exception {
    Path other = executable("envoy", "echo hello");

    assertThatThrownBy(() -> EnvoyBinary.version(other)).isInstanceOf(LaunchException.class);
  }

  private Path executable(String name, String script) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    PrivateFiles.makeExecutable(file);
    return file;
  }
}
