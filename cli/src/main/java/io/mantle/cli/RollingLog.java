package io.mantle.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The log of one child: at most two files of {@link #FILE_BYTES_MAX}, {@code NAME.log} and the one
 * before it, {@code NAME.log.1}.
 */
final class RollingLog {
  static final int FILE_BYTES_MAX = 16 << 20;

  private static final int BUFFER_BYTES = 16 << 10;
  private static final int TAIL_BYTES_MAX = 16 << 10;

  private final Path file;

  RollingLog(Path file) throws IOException {
    this.file = file;
    Files.createDirectories(file.toAbsolutePath().getParent());
    roll();
  }

  /** Copies what a child says until it says no more. */
  void drain(InputStream from) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int length = from.read(buffer);
    while (length >= 0) {
      long written = Files.exists(file) ? Files.size(file) : 0;
      try (OutputStream to =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (length >= 0 && written < FILE_BYTES_MAX) {
          to.write(buffer, 0, length);
          written += length;
          length = from.read(buffer);
        }
      }
      if (written >= FILE_BYTES_MAX) {
        roll();
      }
    }
  }

  private void roll() throws IOException {
    if (Files.exists(file)) {
      Path last = file.resolveSibling(file.getFileName() + ".1");
      Files.move(file, last, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createFile(file); // a log that is named in a message is there, even if empty
  }

  /** The last lines of a log, for a message; none when there is no log. */
  static List<String> tail(Path log, int linesMax) {
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(Math.max(0, Files.size(log) - TAIL_BYTES_MAX));
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - linesMax), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
