package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.vault.keys.LocalKeyset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what {@code docs/keys.md} says of a key that lies in a file, by the commands that stand
 * there.
 */
class KeysDocTest {
  private static final byte[] KEY = "a master key".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PLACE = "its place".getBytes(StandardCharsets.UTF_8);

  @Test
  void keyset_stepByStep_changesItsKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("master-keyset.json");
    LocalKeyset.at(file);
    isReplacedStepByStep(folder, file);
  }

  @Test
  void lines_stepByStep_changeTheirKey(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("master-key");
    run(folder, "openssl rand -base64 32 > master-key");
    isReplacedStepByStep(folder, file);
  }

  private static void isReplacedStepByStep(Path folder, Path file) throws Exception {
    List<String> steps = steps(folder.relativize(file).toString());
    LocalKeyset first = LocalKeyset.in(file);
    run(folder, steps.get(0) + steps.get(1));
    LocalKeyset bothOpen = LocalKeyset.in(file);
    assertThat(bothOpen.keyId()).as("the old one wraps").isEqualTo(first.keyId());
    run(folder, steps.get(0) + steps.get(2));
    LocalKeyset newWraps = LocalKeyset.in(file);
    run(folder, steps.get(0) + steps.get(3));
    LocalKeyset last = LocalKeyset.in(file);

    assertThat(newWraps.keyId()).isNotEqualTo(first.keyId()).isEqualTo(last.keyId());
    assertOpens(bothOpen, first);
    assertOpens(first, bothOpen);
    assertOpens(newWraps, first);
    assertOpens(bothOpen, newWraps);
    assertOpens(last, newWraps);
    assertThatThrownBy(() -> assertOpens(last, first)).isInstanceOf(GeneralSecurityException.class);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  private static void assertOpens(LocalKeyset one, LocalKeyset wrappedBy)
      throws GeneralSecurityException {
    assertThat(one.unwrap(wrappedBy.wrap(KEY, PLACE), PLACE)).isEqualTo(KEY);
  }

  /** The block about a file, cut before each step: what stands first, and steps 1, 2 and 5. */
  private static List<String> steps(String file) throws IOException {
    String block =
        List.of(ProjectFiles.text("docs/keys.md").split("```\n?", -1)).stream()
            .filter(part -> part.startsWith("umask") && part.contains("mv next " + file + "\n"))
            .findFirst()
            .orElseThrow();
    List<String> steps = List.of(block.split("(?m)^(?=# step)", -1));
    assertThat(steps).hasSize(4);
    return steps;
  }

  private static void run(Path folder, String script) throws Exception {
    assumeTrue(Tool.of("jq", "--version").runs(10), "no jq");
    assumeTrue(Tool.of("openssl", "version").runs(10), "no openssl");
    Process bash =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).as(said).isZero();
  }
}
