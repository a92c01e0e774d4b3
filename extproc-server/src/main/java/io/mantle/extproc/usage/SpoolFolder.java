package io.mantle.extproc.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a spool's files are: one process's alone, until it closes it or ends however it does. */
final class SpoolFolder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpoolFolder.class);

  private final Path path;
  private final FileChannel lock;

  private SpoolFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder, where there is none, for this user alone.
   *
   * @throws IOException if it cannot be used, or another process does
   */
  static SpoolFolder open(Path path) throws IOException {
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel lock =
        FileChannel.open(
            path.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            Segment.OWNER_ONLY);
    try {
      if (isLocked(lock)) {
        return new SpoolFolder(path, lock);
      }
      throw new IOException("another process uses the usage spool " + path);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel lock) throws IOException {
    try {
      return Optional.ofNullable(lock.tryLock()).isPresent();
    } catch (OverlappingFileLockException e) {
      return false; // by this very process
    }
  }

  /** Its segments, oldest first. */
  List<Path> segments() throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(Segment::isOne).sorted().toList();
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("the usage spool stays locked until the process ends");
    }
  }
}
