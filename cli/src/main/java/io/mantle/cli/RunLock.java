package io.mantle.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held by the one run that owns a data folder. The system lets go of it however that run ends, so
 * it tells truly whether one lasts.
 */
final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws LaunchException when another run holds it; says which, and how to stop it
   */
  static RunLock acquire(DataFolder data) throws IOException, LaunchException {
    Optional<RunLock> lock = tryAcquire(data);
    if (lock.isPresent()) {
      return lock.get();
    }
    String where = RunFile.read(data.runFile()).map(run -> " at " + run.baseUrl()).orElse("");
    throw LaunchException.notStarted(
        "it runs already%s (data folder %s); ./mantle down stops it".formatted(where, data.root()));
  }

  /** Empty when another run holds it. */
  static Optional<RunLock> tryAcquire(DataFolder data) throws IOException {
    PrivateFiles.createFolder(data.root());
    FileChannel channel =
        FileChannel.open(data.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    }
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new RunLock(channel));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
