package io.mantle.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The file that shows what the demo provider received. It is the one log of Mantle that holds
 * request bodies, and that is its purpose; it only ever gets what arrives at the demo provider.
 *
 * <p>Never longer than {@link #FILE_BYTES_MAX} plus one body: the full file becomes {@code NAME.1},
 * replacing the last. Safe for threads.
 */
public final class ReceivedLog implements RequestSink {
  static final int FILE_BYTES_MAX = 4 << 20;
  static final int BODY_BYTES_MAX = 256 << 10;

  private static final String FIRST_LINE =
      "# What the demo provider received, byte for byte: if Mantle works, no real name, address or number is in here.\n";

  private final Path file;

  /** Starts a new file; one from an earlier run becomes {@code NAME.1}. */
  public ReceivedLog(Path file) throws IOException {
    this.file = file;
    startAgain();
  }

  @Override
  public synchronized void received(String path, byte[] body) {
    int length = Math.min(body.length, BODY_BYTES_MAX);
    String cut = length < body.length ? " (cut; %d bytes in all)".formatted(body.length) : "";
    String line =
        "# %s POST %s%s%n".formatted(Instant.now().truncatedTo(ChronoUnit.MILLIS), path, cut);
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        startAgain();
      }
      append(line.getBytes(StandardCharsets.UTF_8), line.length());
      append(body, length);
      append(new byte[] {'\n'}, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startAgain() throws IOException {
    if (Files.exists(file)) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(file, FIRST_LINE);
  }

  private void append(byte[] bytes, int length) throws IOException {
    try (var out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(bytes, 0, length);
    }
  }
}
