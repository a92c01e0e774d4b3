package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A short private folder (0700) for Unix sockets, new for each run: whoever can open a socket in it
 * speaks to the services without a password.
 */
record SocketFolder(Path path) {
  private static final String PREFIX = "mantle-";

  /** A socket's whole path may have about 107 bytes; this leaves room for the file's name. */
  private static final int PATH_BYTES_MAX = 85;

  static SocketFolder create() throws IOException {
    String runtime = System.getenv().getOrDefault(Variable.XDG_RUNTIME_DIR.name(), "");
    Path preferred = Path.of(runtime.isEmpty() ? System.getProperty("java.io.tmpdir") : runtime);
    boolean usable =
        preferred.isAbsolute()
            && Files.isWritable(preferred)
            && preferred.toString().length() + PREFIX.length() + 20 <= PATH_BYTES_MAX;
    return new SocketFolder(
        Files.createTempDirectory(usable ? preferred : Path.of("/tmp"), PREFIX));
  }

  Path xds() {
    return path.resolve("xds.sock");
  }

  Path ads() {
    return path.resolve("ads.sock");
  }

  Path extproc() {
    return path.resolve("extproc.sock");
  }

  /** Removes the sockets and the folder; nothing else can be in it. */
  void delete() throws IOException {
    if (!path.getFileName().toString().startsWith(PREFIX) || !Files.isDirectory(path)) {
      return;
    }
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(path);
  }
}
