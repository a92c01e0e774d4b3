package io.mantle.extproc.usage;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One file of {@link Frame}s, written at its end. Not safe for threads, but that what was written
 * may be read by another.
 *
 * <p>Plain streams and not a {@code FileChannel}: that one closes when a thread is interrupted in
 * it, and it is an exchange's thread that writes.
 */
final class Segment {
  /** What the files of a spool are made with. */
  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String SUFFIX = ".usage";

  private final Path file;
  private final long number;
  private long bytes;
  private @Nullable FileOutputStream out;

  private Segment(Path file, long number, long bytes) {
    this.file = file;
    this.number = number;
    this.bytes = bytes;
  }

  /** Makes an empty one, which only this user may read. */
  static Segment create(Path folder, long number) throws IOException {
    Path file = folder.resolve(String.format(Locale.ROOT, "%016x", number) + SUFFIX);
    Files.createFile(file, OWNER_ONLY);
    Segment segment = new Segment(file, number, 0);
    segment.out = new FileOutputStream(file.toFile(), true);
    return segment;
  }

  /** Whether a file's name is that of a segment. */
  static boolean isOne(Path file) {
    return file.getFileName().toString().matches("[0-9a-f]{16}" + SUFFIX);
  }

  /**
   * Reads one that an earlier process left, and cuts off what follows its last whole frame.
   *
   * @param each gets the frames in order
   */
  static Segment recover(Path file, Consumer<Frame> each) throws IOException {
    String name = file.getFileName().toString();
    long number = Long.parseUnsignedLong(name.substring(0, name.length() - SUFFIX.length()), 16);
    byte[] all = Files.readAllBytes(file);
    int at = 0;
    for (Frame frame = Frame.decode(all, at); frame != null; frame = Frame.decode(all, at)) {
      each.accept(frame);
      at += frame.bytes();
    }
    if (at < all.length) {
      try (RandomAccessFile torn = new RandomAccessFile(file.toFile(), "rw")) {
        torn.setLength(at);
      }
    }
    return new Segment(file, number, at);
  }

  /**
   * Adds a frame, in one write: when this returns it outlives the process, though not the machine.
   *
   * @throws IOException if it is not, or only in part, written; nothing may be added after that
   */
  void append(byte[] frame) throws IOException {
    if (out == null) {
      throw new IOException("the segment is sealed");
    }
    out.write(frame);
    bytes += frame.length;
  }

  /** Takes no more. */
  void seal() {
    if (out != null) {
      try (FileOutputStream _ = out) {
        out = null;
      } catch (IOException e) {
        out = null; // all that was appended was written then
      }
    }
  }

  /** What lies between two places in it. */
  byte[] read(long from, long to) throws IOException {
    byte[] part = new byte[Math.toIntExact(to - from)];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(from);
      in.readFully(part);
    }
    return part;
  }

  void delete() throws IOException {
    seal();
    Files.deleteIfExists(file);
  }

  /** When it was last written to. */
  Instant writtenAt() throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }

  long number() {
    return number;
  }

  /** Whole frames in it, in bytes. */
  long bytes() {
    return bytes;
  }
}
