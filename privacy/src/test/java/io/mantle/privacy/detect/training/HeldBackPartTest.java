package io.mantle.privacy.detect.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.privacy.detect.evaluation.HeldBack;
import io.mantle.privacy.detect.evaluation.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is measured as held back is what training leaves out. */
class HeldBackPartTest {
  private static final Path DATA =
      Path.of(System.getProperty("mantle.root", "."), "../shared/pii/dev");

  @Test
  void holds_labelledText_isWhatTrainingLeavesOut() throws IOException {
    assumeTrue(Files.isDirectory(DATA), "the labelled text is not on this machine");
    List<Boolean> ofTraining =
        LabelledText.readAll(DATA).stream().map(LabelledText::isHeldBack).toList();
    List<Boolean> ofEvaluation = new ArrayList<>();
    try (Stream<Path> entries = Files.list(DATA)) {
      for (Path file : entries.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        try (JsonLines lines = new JsonLines(Files.newInputStream(file))) {
          for (var next = lines.next(); next != null; next = lines.next()) {
            ofEvaluation.add(HeldBack.holds(next));
          }
        }
      }
    }

    assertThat(ofEvaluation).isEqualTo(ofTraining);
  }
}
