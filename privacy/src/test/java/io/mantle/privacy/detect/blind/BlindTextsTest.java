package io.mantle.privacy.detect.blind;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The committed texts are what the generator makes. {@code -Dmantle.write=true} writes them, which
 * is due when a new version of Datafaker, libphonenumber or the JDK brings other words or numbers.
 */
class BlindTextsTest {
  private static final Path FOLDER =
      Path.of(
          System.getProperty("mantle.root", "."),
          "privacy/src/test/resources/io/mantle/privacy/detect/blind");

  private static final int BYTES_MAX = 900_000;

  @Test
  void files_madeAgain_areThoseCommitted() throws IOException {
    Map<String, String> files = BlindTexts.files();
    long bytes = 0;
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path committed = FOLDER.resolve(file.getKey());
      if (Boolean.getBoolean("mantle.write")) {
        Files.writeString(committed, file.getValue());
      }
      assertThat(Files.readString(committed)).as(file.getKey()).isEqualTo(file.getValue());
      bytes += Files.size(committed);
    }
    assertThat(bytes).isLessThan(BYTES_MAX);
  }
}
