package io.mantle.deep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.deep.DeepDetector;
import io.mantle.privacy.detect.deep.DeepLimits;
import io.mantle.privacy.detect.deep.DeepTier;
import io.mantle.privacy.detect.deep.Guess;
import io.mantle.privacy.detect.deep.Pieces;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@code table.onnx}, a model of one node that looks the logits of each piece up in a table:
 * high for {@code jane}, {@code smith} and {@code ##son}, and for {@code 19}, {@code ##84}; {@code
 * john} is a given name with .48 and a surname with .17.
 */
final class OnnxClassifierTest {
  private static final String LABELS = "[\"O\", \"B-GIVEN\", \"I-FAMILY\", \"NUMBER\"]";

  @TempDir Path folder;

  @BeforeEach
  void copyModel() throws IOException {
    Resources.copy("table.onnx", folder.resolve("table.onnx"));
    Resources.copy("wordpiece-vocab.txt", folder.resolve("vocab.txt"));
  }

  @Test
  void classify_piecesOfNames_areOfTheTypeTheManifestSays() throws IOException {
    manifest(LABELS, 32);
    try (OnnxClassifier model = OnnxClassifier.load(folder)) {
      assertThat(guesses(model, "Jane Smithson called"))
          .extracting(Guess::type)
          .containsExactly(EntityType.PERSON, EntityType.PERSON, EntityType.PERSON, null, null);
      assertThat(model.piecesMax()).isEqualTo(30);
      assertThat(model.name()).isEqualTo("table");
    }
  }

  @Test
  void classify_labelsOfOneType_countTogether() throws IOException {
    manifest(LABELS, 32);
    try (OnnxClassifier model = OnnxClassifier.load(folder)) {
      Guess john = guesses(model, "john").getFirst();
      assertThat(john.type()).isEqualTo(EntityType.PERSON);
      assertThat(john.score()).isBetween(0.64, 0.66);
    }
  }

  @Test
  void classify_labelThatIsNotTaken_isNothing() throws IOException {
    manifest(LABELS, 32);
    try (OnnxClassifier model = OnnxClassifier.load(folder)) {
      assertThat(guesses(model, "1984")).containsOnly(Guess.NOTHING);
    }
  }

  @Test
  void classify_partOfAText_judgesThatPart() throws IOException {
    manifest(LABELS, 32);
    try (OnnxClassifier model = OnnxClassifier.load(folder)) {
      Pieces pieces = model.split("the jane");
      assertThat(model.classify(pieces, 1, 2)).hasSize(1);
      assertThat(model.classify(pieces, 1, 2).getFirst().type()).isEqualTo(EntityType.PERSON);
    }
  }

  @Test
  void load_labelsThatDoNotFitTheModel_isRefused() throws IOException {
    manifest("[\"O\", \"B-GIVEN\"]", 32);
    assertThatThrownBy(() -> OnnxClassifier.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("token classifier");
  }

  @Test
  void load_fileThatIsNoModel_isRefused() throws IOException {
    manifest(LABELS, 32);
    Files.writeString(folder.resolve("table.onnx"), "no model");
    assertThatThrownBy(() -> OnnxClassifier.load(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be loaded");
  }

  @Test
  void load_manifestThatIsWrong_saysWhat() throws IOException {
    assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("is missing");
    manifest("[\"O\", \"NUMBER\"]", 32);
    assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("take");
    manifest(LABELS, 3);
    assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("pieces_max");
    Files.writeString(folder.resolve(ModelFolder.MANIFEST), "{");
    assertThatThrownBy(() -> ModelFolder.read(folder)).hasMessageContaining("not JSON");
  }

  @Test
  void rampart_nameInSmallLetters_isFound() throws IOException {
    Path rampart =
        Path.of(System.getProperty("mantle.root", ""), ".mantle", "models", "rampart-1.4.0");
    assumeThat(rampart).as("fetched by ./mantle detect --deep").isDirectory();
    String text = "hey its maria gonzalez from the office, can you call me back?";
    try (DeepTier deep = new DeepTier(OnnxClassifier.load(rampart), DeepLimits.standard())) {
      List<Span> spans = new DeepDetector(Detectors.ofRules(), deep).detect(new Plaintext(text));
      assertThat(spans)
          .singleElement()
          .satisfies(
              span -> {
                assertThat(text.substring(span.start(), span.end())).isEqualTo("maria gonzalez");
                assertThat(span.type()).isEqualTo(EntityType.PERSON);
              });
    }
  }

  private static List<Guess> guesses(OnnxClassifier model, String text) {
    Pieces pieces = model.split(text);
    return model.classify(pieces, 0, pieces.count());
  }

  private void manifest(String labels, int piecesMax) throws IOException {
    Files.writeString(
        folder.resolve(ModelFolder.MANIFEST),
        """
        {"name": "table", "model": "table.onnx", "vocabulary": "vocab.txt", "lower_case": true,
         "pieces_max": %d, "labels": %s,
         "take": {"GIVEN": {"type": "PERSON", "threshold": 0.5},
                  "FAMILY": {"type": "PERSON", "threshold": 0.5}}}
        """
            .formatted(piecesMax, labels));
  }
}
