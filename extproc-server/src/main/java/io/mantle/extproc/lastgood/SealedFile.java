package io.mantle.extproc.lastgood;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.mantle.vault.keys.KeyProvider;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that only its writer's master key opens, with the moment as of which its content was good.
 *
 * <p>Security: each process makes a key of 256 bits, wrapped by the master key once, and under it
 * each writing is one authenticated stream (Tink's AES256_GCM_HKDF_1MB): what was cut, mixed,
 * renamed or written by others does not open. Only its owner may read it. It is replaced whole:
 * whoever reads finds the content of before or of after. Not guaranteed: that it is the newest. Who
 * may write to the folder can put an older file back, with its older moment.
 */
public final class SealedFile {
  private static final Logger log = LoggerFactory.getLogger(SealedFile.class);
  private static final byte[] FORMAT = "mantle sealed 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_BYTES = 32;
  private static final int WRAPPED_KEY_BYTES_MAX = 4096;
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private final KeyProvider master;
  private final byte[] associatedData;
  private @Nullable WrappedKey writing;

  /** A key, and the same as it stands in the file. A master key may be far away: it wraps once. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record WrappedKey(byte[] key, byte[] wrapped) {
    @Override
    public String toString() {
      return "WrappedKey";
    }
  }

  /** Writes what is to be kept. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Reads all of what was kept. What it made is used only if all of the stream is genuine. */
  @FunctionalInterface
  public interface Reader<T> {
    T readFrom(InputStream in) throws IOException;
  }

  /** What was kept, and as of when it was good. */
  public record Opened<T>(Instant asOf, T content) {}

  SealedFile(Path file, KeyProvider master) {
    this.file = file;
    this.master = master;
    this.associatedData =
        ("mantle/last-good/" + file.getFileName()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Replaces the file. Not for several threads at once.
   *
   * @throws IOException if it cannot be written; it is then as it was
   */
  public void write(Instant asOf, Content content) throws IOException {
    Path next = file.resolveSibling("." + file.getFileName() + ".next");
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      DataOutputStream head = new DataOutputStream(Channels.newOutputStream(channel));
      WrappedKey key = writingKey();
      head.write(FORMAT);
      head.writeInt(key.wrapped().length);
      head.write(key.wrapped());
      // Not closed: what closes the stream would close the channel before all of it is on the disk.
      OutputStream sealed =
          streaming(key.key()).newEncryptingStream(new Unclosed(head), associatedData);
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(sealed, BUFFER_BYTES))) {
        out.writeLong(asOf.toEpochMilli());
        content.writeTo(out);
      }
      channel.force(true);
    } catch (GeneralSecurityException e) {
      throw new IOException("sealing failed", e);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private WrappedKey writingKey() throws GeneralSecurityException, IOException {
    WrappedKey known = writing;
    if (known == null) {
      byte[] key = new byte[KEY_BYTES];
      RANDOM.nextBytes(key);
      known = new WrappedKey(key, master.wrap(key, associatedData));
      writing = known;
    }
    return known;
  }

  /** What the file holds; empty, with a line in the log, where it is not whole or not ours. */
  public <T> Optional<Opened<T>> read(Reader<T> reader) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
      if (!Arrays.equals(in.readNBytes(FORMAT.length), FORMAT)) {
        throw new IOException("of another format");
      }
      int wrappedBytes = in.readInt();
      if (wrappedBytes < 0 || wrappedBytes > WRAPPED_KEY_BYTES_MAX) {
        throw new IOException("of another format");
      }
      byte[] key = master.unwrap(in.readNBytes(wrappedBytes), associatedData);
      try (DataInputStream opened =
          new DataInputStream(streaming(key).newDecryptingStream(in, associatedData))) {
        Instant asOf = Instant.ofEpochMilli(opened.readLong());
        T content = reader.readFrom(opened);
        if (opened.read() != -1) {
          throw new IOException("longer than its content");
        }
        return Optional.of(new Opened<>(asOf, content));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // Its class only: a parser's message may quote what it read.
      log.warn(
          "{} does not open ({}): it is as if it were not there", file, e.getClass().getName());
      return Optional.empty();
    }
  }

  private static AesGcmHkdfStreaming streaming(byte[] key) throws GeneralSecurityException {
    return new AesGcmHkdfStreaming(key, "HmacSha256", KEY_BYTES, SEGMENT_BYTES, 0);
  }

  /** Hands on all but the end. */
  private static final class Unclosed extends OutputStream {
    private final OutputStream to;

    private Unclosed(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int one) throws IOException {
      to.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      to.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      to.flush();
    }
  }
}
