package io.mantle.cli.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Tells when a file has other content. It looks at the content, so it does not matter whether the
 * file is written, replaced, or behind a link that comes to lead elsewhere, as a mounted ConfigMap
 * is. A change counts once the content has been the same at two looks, so that nothing is read
 * while it is being written.
 */
public final class FileWatch {
  private static final byte[] UNREADABLE = {};

  private final Path file;
  private final Duration between;
  private byte[] known;

  /**
   * From what the file is now.
   *
   * @param between how long it rests between looks
   */
  public FileWatch(Path file, Duration between) {
    this.file = file;
    this.between = between;
    this.known = look();
  }

  /** Waits for other content, at most for a time. */
  public void await(Duration atMost) throws InterruptedException {
    long start = System.nanoTime();
    byte[] last = known;
    while (System.nanoTime() - start < atMost.toNanos()) {
      Thread.sleep(between);
      byte[] now = look();
      if (Arrays.equals(now, last) && !Arrays.equals(now, known)) {
        known = now;
        return;
      }
      last = now;
    }
  }

  private byte[] look() {
    try {
      return Files.size(file) > LocatedYaml.TEXT_CHARS_MAX
          ? UNREADABLE
          : MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    } catch (IOException e) {
      return UNREADABLE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
