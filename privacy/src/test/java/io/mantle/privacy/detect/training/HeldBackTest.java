package io.mantle.privacy.detect.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A floor under the committed model: a clear drop fails the build, noise does not. */
class HeldBackTest {
  private static final Path DATA =
      Path.of(System.getProperty("mantle.root", "."), "../shared/pii/dev");

  private static final Detector DETECTOR = Detectors.standard();

  private static List<LabelledText> heldBack = List.of();

  @BeforeAll
  static void read() throws IOException {
    assumeTrue(Files.isDirectory(DATA), "the labelled text is not on this machine");
    heldBack = LabelledText.readAll(DATA).stream().filter(LabelledText::isHeldBack).toList();
  }

  @Test
  void detect_privateData_isMostlyFound() {
    assertAtLeast(List.of("presidio_", "nannigalaxy"), 0.13, 0.90);
  }

  @Test
  void detect_names_areMostlyFound() {
    assertAtLeast(List.of("wnut17", "btc_twitter", "wikigold"), 0.30, 0.74);
  }

  @Test
  void detect_germanNames_areMostlyFound() {
    assertAtLeast(List.of("germeval2014"), 0.32, 0.62);
  }

  private static void assertAtLeast(List<String> sources, double leakedMax, double precisionMin) {
    DetectionScore score =
        DetectionScore.of(
            DETECTOR,
            heldBack.stream()
                .filter(text -> sources.stream().anyMatch(text.source()::startsWith))
                .toList());

    assertThat(score.leaked()).as(score.toString()).isLessThanOrEqualTo(leakedMax);
    assertThat(score.precision()).as(score.toString()).isGreaterThanOrEqualTo(precisionMin);
  }
}
