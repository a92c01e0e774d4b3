package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} to the code; {@code -Dmantle.write=true} writes it anew. */
class ConfigurationDocTest {
  private static final Path DOC = ProjectRoot.path().resolve("docs/configuration.md");

  @Test
  void configurationDoc_everyVariable_isAsTheCodeReadsIt() throws IOException {
    if (Boolean.getBoolean("mantle.write")) {
      Files.writeString(DOC, doc());
    }
    assertThat(Files.readString(DOC)).isEqualTo(doc());
  }

  private static String doc() {
    return """
    # Configuration

    Every environment variable that is read, as the code has it; a test makes this page. What is set wrong is named, all of
    it at once, and the process ends with exit code 2. `./mantle up` sets those of the two servers itself, and hands on those
    that you set for it.

    ## The launcher

    | variable | meaning |
    |---|---|
    %s

    ## The control plane

    | variable | default | meaning |
    |---|---|---|
    %s

    ## The ext_proc server

    | variable | default | meaning |
    |---|---|---|
    %s
    """
        .formatted(
            Arrays.stream(Variable.values())
                .map(v -> "| `%s` | %s |".formatted(v, sentence(v.description())))
                .collect(Collectors.joining("\n")),
            Arrays.stream(io.mantle.controlplane.Setting.values())
                .map(s -> row(s.name(), s.fallback(), s.description()))
                .collect(Collectors.joining("\n")),
            Arrays.stream(io.mantle.extproc.Setting.values())
                .map(s -> row(s.name(), s.defaultValue(), s.description()))
                .collect(Collectors.joining("\n")));
  }

  private static String row(String name, @Nullable String defaultValue, String description) {
    String shown =
        defaultValue == null
            ? "must be set"
            : defaultValue.isEmpty() ? "" : "`" + defaultValue + "`";
    return "| `%s` | %s | %s |".formatted(name, shown, sentence(description));
  }

  private static String sentence(String description) {
    return description.endsWith(".") ? description : description + ".";
  }
}
