package io.mantle.extproc.lastgood;

import com.google.crypto.tink.subtle.AesGcmJce;
import io.mantle.vault.keys.KeyProvider;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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
 * All there is in a {@link SealedFile}, and beside it, in a file of changes, what changed since: a
 * change costs what it says, not what there is. Once the changes are as long as the whole, and more
 * than {@value #CHANGES_BYTES_MIN} bytes, the whole is written again.
 *
 * <p>Security: a change is sealed with AES-256-GCM under a key that the master key wraps, for its
 * place in the row of changes of one writing of the whole; what was cut off, mixed or repeated does
 * not open, and ends the row. Not guaranteed, as with the whole: that the row is the newest. Not
 * for several threads at once.
 */
public final class SealedJournal {
  private static final Logger log = LoggerFactory.getLogger(SealedJournal.class);
  private static final byte[] FORMAT = "mantle changes 1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int ID_BYTES = 16;
  private static final int CHANGE_BYTES_MAX = 256 << 20;
  private static final long CHANGES_BYTES_MIN = 1 << 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SealedFile whole;
  private final Path changes;
  private final KeyProvider master;
  private final byte[] associatedData;
  private @Nullable WrappedKey key;
  private @Nullable Row row;

  /** The changes of one writing of the whole: how many there are, and how many more fit. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(byte[] id, long count, long bytesLeft) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Whole<T>(byte[] id, T content) {}

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

  /** Makes a change, all of it or, where it throws, nothing. */
  @FunctionalInterface
  public interface ChangeReader<T> {
    T change(T content, InputStream in) throws IOException;
  }

  /** What was kept, and as of when it was good. */
  public record Opened<T>(Instant asOf, T content) {}

  SealedJournal(SealedFile whole, Path changes, KeyProvider master) {
    this.whole = whole;
    this.changes = changes;
    this.master = master;
    this.associatedData =
        ("mantle/last-good/" + changes.getFileName()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Keeps a change, or everything: the first time, after something failed, and now and then.
   *
   * @param change what changed since the last writing, even where that failed
   * @param all what there is now; it may hold changes already that are only told next
   * @throws IOException if it cannot be written; what is kept is then what was before
   */
  public void write(Instant asOf, Content change, Content all) throws IOException {
    Row to = row;
    row = null; // until it is known that what follows is on the disk
    try {
      byte[] sealed = to == null ? null : sealed(to, asOf, change);
      row =
          to == null || sealed == null || sealed.length > to.bytesLeft()
              ? begin(asOf, all)
              : append(to, sealed);
    } catch (GeneralSecurityException e) {
      throw new IOException("sealing failed", e);
    }
  }

  private Row begin(Instant asOf, Content all) throws IOException, GeneralSecurityException {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    whole.write(
        asOf,
        out -> {
          out.write(id);
          all.writeTo(out);
        });
    Path next = changes.resolveSibling("." + changes.getFileName() + ".next");
    Files.deleteIfExists(next);
    try (DataOutputStream head =
        new DataOutputStream(
            Channels.newOutputStream(
                FileChannel.open(
                    next,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------")))))) {
      head.write(FORMAT);
      writingKey().writeTo(head);
      head.write(id);
    }
    Files.move(next, changes, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new Row(id, 0, Math.max(CHANGES_BYTES_MIN, whole.bytes()));
  }

  private Row append(Row to, byte[] sealed) throws IOException {
    ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + sealed.length);
    framed.putInt(sealed.length).put(sealed).flip();
    try (FileChannel channel =
        FileChannel.open(changes, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (framed.hasRemaining()) {
        channel.write(framed);
      }
      channel.force(false);
    }
    return new Row(to.id(), to.count() + 1, to.bytesLeft() - sealed.length);
  }

  private byte[] sealed(Row to, Instant asOf, Content change)
      throws IOException, GeneralSecurityException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(plain);
    out.writeLong(asOf.toEpochMilli());
    change.writeTo(out);
    return new AesGcmJce(writingKey().key())
        .encrypt(plain.toByteArray(), placeOf(to.id(), to.count()));
  }

  private byte[] placeOf(byte[] id, long count) {
    return ByteBuffer.allocate(associatedData.length + id.length + Long.BYTES)
        .put(associatedData)
        .put(id)
        .putLong(count)
        .array();
  }

  private WrappedKey writingKey() throws GeneralSecurityException, IOException {
    WrappedKey known = key;
    if (known == null) {
      known = WrappedKey.by(master, associatedData);
      key = known;
    }
    return known;
  }

  /**
   * What is kept, changes and all; empty, with a line in the log, where it is not whole or ours.
   */
  public <T> Optional<Opened<T>> read(Reader<T> reader, ChangeReader<T> changeReader) {
    return whole
        .read(in -> new Whole<>(in.readNBytes(ID_BYTES), reader.readFrom(in)))
        .map(opened -> changed(opened.asOf(), opened.content(), changeReader));
  }

  private <T> Opened<T> changed(Instant asOf, Whole<T> from, ChangeReader<T> reader) {
    Opened<T> now = new Opened<>(asOf, from.content());
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(changes)))) {
      if (!Arrays.equals(in.readNBytes(FORMAT.length), FORMAT)) {
        throw new IOException("of another format");
      }
      AesGcmJce opening = new AesGcmJce(WrappedKey.read(in, master, associatedData));
      if (!Arrays.equals(in.readNBytes(ID_BYTES), from.id())) {
        return now; // of an earlier whole: this one was written, and then the process ended
      }
      for (long count = 0; ; count++) {
        byte[] frame = in.readNBytes(Integer.BYTES);
        if (frame.length == 0) {
          return now;
        }
        DataInputStream plain =
            new DataInputStream(
                new ByteArrayInputStream(
                    opening.decrypt(sealedNext(frame, in), placeOf(from.id(), count))));
        Instant changedAsOf = Instant.ofEpochMilli(plain.readLong());
        now = new Opened<>(changedAsOf, reader.change(now.content(), plain));
      }
    } catch (NoSuchFileException e) {
      return now;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // Its class only: a parser's message may quote what it read.
      log.warn("{} ends in what does not open ({})", changes, e.getClass().getName());
      return now;
    }
  }

  private static byte[] sealedNext(byte[] frame, DataInputStream in) throws IOException {
    int bytes = frame.length < Integer.BYTES ? -1 : ByteBuffer.wrap(frame).getInt();
    if (bytes < 0 || bytes > CHANGE_BYTES_MAX) {
      throw new IOException("cut off");
    }
    byte[] sealed = in.readNBytes(bytes);
    if (sealed.length < bytes) {
      throw new IOException("cut off");
    }
    return sealed;
  }
}
