package io.mantle.extproc.lastgood;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import io.mantle.vault.keys.KeyProvider;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
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
final class SealedFile {
  private static final Logger log = LoggerFactory.getLogger(SealedFile.class);
  private static final byte[] FORMAT = "mantle sealed 2\n".getBytes(StandardCharsets.US_ASCII);
  private static final int SEGMENT_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final KeyProvider master;
  private final byte[] associatedData;
  private @Nullable WrappedKey writing;

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
  void write(Instant asOf, SealedJournal.Content content) throws IOException {
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
      key.writeTo(head);
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
      known = WrappedKey.by(master, associatedData);
      writing = known;
    }
    return known;
  }

  /** How long it is; 0 where it is not there. */
  long bytes() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** What the file holds; empty, with a line in the log, where it is not whole or not ours. */
  <T> Optional<SealedJournal.Opened<T>> read(SealedJournal.Reader<T> reader) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
      if (!Arrays.equals(in.readNBytes(FORMAT.length), FORMAT)) {
        throw new IOException("of another format");
      }
      byte[] key = WrappedKey.read(in, master, associatedData);
      try (DataInputStream opened =
          new DataInputStream(streaming(key).newDecryptingStream(in, associatedData))) {
        Instant asOf = Instant.ofEpochMilli(opened.readLong());
        T content = reader.readFrom(opened);
        if (opened.read() != -1) {
          throw new IOException("longer than its content");
        }
        return Optional.of(new SealedJournal.Opened<>(asOf, content));
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
    return new AesGcmHkdfStreaming(key, "HmacSha256", WrappedKey.KEY_BYTES, SEGMENT_BYTES, 0);
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
