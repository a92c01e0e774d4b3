package io.mantle.cli;

import io.mantle.deep.OnnxClassifier;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.deep.DeepDetector;
import io.mantle.privacy.detect.deep.DeepLimits;
import io.mantle.privacy.detect.tagger.Recall;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which tiers look, shared by the commands that detect. */
final class DetectorOption {
  /** A file is worked through, however long it takes; nobody waits for an answer. */
  private static final DeepLimits LIMITS = new DeepLimits(600_000, 64 << 20, 1, 126, 32);

  @Option(names = "--rules", description = "The rules alone, without the model that finds names.")
  private boolean rules;

  @Option(
      names = "--deep",
      description = {
        "The deep tier too: a neural model over what the others leave uncertain, fetched once.",
        "The others then rather give false alarms than miss."
      })
  private boolean deep;

  private final DataFolder data = new DataOption().folder();

  Detector detector() throws LaunchException, InterruptedException {
    if (!deep) {
      return rules ? Detectors.ofRules() : Detectors.standard();
    }
    Path folder = DeepModel.locate(data.root(), Progress.to(System.err));
    try {
      return new DeepDetector(
          rules ? Detectors.ofRules() : Detectors.standard(Recall.HIGH),
          OnnxClassifier.load(folder),
          LIMITS);
    } catch (IOException e) {
      throw LaunchException.failed("the deep tier's model cannot be used: " + e.getMessage());
    }
  }
}
