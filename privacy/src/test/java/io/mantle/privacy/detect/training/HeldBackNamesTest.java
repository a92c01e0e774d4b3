package io.mantle.privacy.detect.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.privacy.detect.Detectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A floor under the committed model: a clear drop fails the build, noise does not. */
class HeldBackNamesTest {
  private static final Path DATA =
      Path.of(System.getProperty("mantle.root", "."), "../shared/pii/dev");

  @Test
  void detect_documentsHeldBackFromTraining_findsHalfOfTheNames() throws IOException {
    assumeTrue(Files.isDirectory(DATA), "the labelled text is not on this machine");
    NameScore score =
        NameScore.of(Detectors.standard(), TrainNames.heldBack(TrainNames.labelled(DATA)));

    assertThat(score.leaked()).as(score.toString()).isLessThanOrEqualTo(0.5);
    assertThat(score.precision()).as(score.toString()).isGreaterThanOrEqualTo(0.68);
  }
}
