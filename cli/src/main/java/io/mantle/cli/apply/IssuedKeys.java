package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where the secrets of new proxy keys go, which the control plane shows once: the key's own file,
 * else one file for all, else a terminal that was asked for. Files are readable by their owner
 * alone from the moment they exist.
 */
public final class IssuedKeys {
  private final Optional<Path> file;
  private final Optional<Consumer<String>> shown;

  private IssuedKeys(Optional<Path> file, Optional<Consumer<String>> shown) {
    this.file = file;
    this.shown = shown;
  }

  /** Only keys that have a file of their own can be made. */
  public static IssuedKeys toTheirFiles() {
    return new IssuedKeys(Optional.empty(), Optional.empty());
  }

  /** Those without a file of their own are appended to this one, a line of JSON each. */
  public static IssuedKeys appendedTo(Path file) {
    return new IssuedKeys(Optional.of(file.toAbsolutePath()), Optional.empty());
  }

  /** Those without a file of their own are shown, a line of JSON each. */
  public static IssuedKeys shownBy(Consumer<String> lines) {
    return new IssuedKeys(Optional.empty(), Optional.of(lines));
  }

  /**
   * Why a key could not be put away if it were made now; empty where it could.
   *
   * @param own its own file
   */
  Optional<String> whyNot(Optional<Path> own) {
    Optional<Path> target = own.or(() -> file);
    if (target.isEmpty()) {
      return shown.isPresent()
          ? Optional.empty()
          : Optional.of("a new key needs a place for its secret: secret_file here, or --keys-out");
    }
    Path folder = target.get().toAbsolutePath().resolveSibling(".");
    return Files.isDirectory(folder) && Files.isWritable(folder) && !Files.isDirectory(target.get())
        ? Optional.empty()
        : Optional.of("its secret cannot be written: no folder that can be written to");
  }

  /**
   * Puts a secret away.
   *
   * @param own its own file, which is replaced
   */
  void store(String tenant, String name, String secret, Optional<Path> own) throws IOException {
    if (own.isPresent()) {
      // A temporary file is its owner's alone.
      Path target = own.get().toAbsolutePath();
      Path next = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".next");
      Files.writeString(next, secret + "\n");
      Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    String line =
        JsonNodeFactory.instance
            .objectNode()
            .put("tenant", tenant)
            .put("name", name)
            .put("key", secret)
            .toString();
    if (file.isPresent()) {
      append(file.get(), line);
    } else {
      shown.ifPresent(lines -> lines.accept(line));
    }
  }

  private static void append(Path file, String line) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
  }
}
