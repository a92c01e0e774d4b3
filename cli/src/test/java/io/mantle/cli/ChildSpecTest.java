package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChildSpecTest {
  @Test
  void processBuilder_environment_holdsOnlyTheSettingsMeantForIt() {
    ProcessBuilder builder =
        new ChildSpec(
                "it",
                "it",
                List.of("true"),
                Map.of("MANTLE_DATA_DIR", "/data"),
                variable -> false,
                Path.of("it.log"))
            .processBuilder();

    assertThat(builder.environment()).containsEntry("MANTLE_DATA_DIR", "/data").containsKey("PATH");
    assertThat(builder.environment().keySet().stream().filter(name -> name.startsWith("MANTLE_")))
        .containsExactly("MANTLE_DATA_DIR");
  }

  @Test
  void toString_spec_holdsNoValueOfTheEnvironment() {
    ChildSpec spec =
        new ChildSpec(
            "it", "it", List.of("true"), Map.of("K", "sk-secret"), name -> true, Path.of("l"));

    assertThat(spec.toString()).doesNotContain("sk-secret");
  }
}
