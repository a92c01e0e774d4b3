package io.mantle.cli;

import io.mantle.deep.OnnxClassifier;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.deep.DeepDetector;
import io.mantle.privacy.detect.deep.DeepLimits;
import io.mantle.privacy.detect.deep.DeepTier;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.detect.tagger.Tagger;
import io.mantle.privacy.detect.tagger.TaggerModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--recall",
      paramLabel = "high|balanced|precise",
      description = "Rather false alarms or rather misses (balanced; with --deep: high).")
  private @Nullable String recall;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A model of the tagger that was just trained, in place of the built-in one.")
  private @Nullable Path model;

  private final DataFolder data = new DataOption().folder();

  Detector detector() throws LaunchException, InterruptedException {
    Detector fast = fastTiers();
    if (!deep) {
      return fast;
    }
    Path folder = DeepModel.locate(data.root(), Progress.to(System.err));
    try {
      return new DeepDetector(fast, new DeepTier(OnnxClassifier.load(folder), LIMITS));
    } catch (IOException e) {
      throw LaunchException.failed("the deep tier's model cannot be used: " + e.getMessage());
    }
  }

  private Detector fastTiers() throws LaunchException {
    if (rules) {
      return Detectors.ofRules();
    }
    if (model == null) {
      return Detectors.standard(bias());
    }
    try (InputStream in = Files.newInputStream(model)) {
      return Detectors.with(new Tagger(TaggerModel.read(in), bias()));
    } catch (NoSuchFileException e) {
      throw LaunchException.notStarted(model + ": no such file");
    } catch (IOException e) {
      throw LaunchException.failed(model + ": " + e.getMessage());
    }
  }

  private Recall bias() throws LaunchException {
    if (recall == null) {
      return deep ? Recall.HIGH : Recall.BALANCED;
    }
    try {
      return Recall.valueOf(recall.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw LaunchException.notStarted("--recall is high, balanced or precise");
    }
  }
}
