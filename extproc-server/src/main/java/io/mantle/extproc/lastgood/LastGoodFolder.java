package io.mantle.extproc.lastgood;

import io.mantle.vault.keys.KeyProvider;
import io.mantle.vault.keys.LocalKeyset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The folder (0700) of the sealed files, and the key that opens them. */
public final class LastGoodFolder {
  private static final String NAME = "last-good";
  private static final String KEY_FILE = "last-good-key";
  private static final int KEY_BYTES = 32;

  private final Path folder;
  private final KeyProvider master;

  private LastGoodFolder(Path folder, KeyProvider master) {
    this.folder = folder;
    this.master = master;
  }

  /**
   * The folder within a data folder, made where it is not there.
   *
   * @throws IOException if it cannot be made
   */
  public static LastGoodFolder in(Path data, KeyProvider master) throws IOException {
    Path folder = data.resolve(NAME);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new LastGoodFolder(folder, master);
  }

  /**
   * The same where nobody gave a key: it is made once, and kept in the data folder in a file that
   * only its owner may read. Not guaranteed: who has all of the data folder has what is sealed.
   *
   * @throws IOException if something cannot be made, or the key that is there is none
   */
  public static LastGoodFolder withKeyOfItsOwn(Path data) throws IOException {
    Files.createDirectories(
        data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return in(data, localKey(data.resolve(KEY_FILE)));
  }

  /** What is kept under that name, which need not be there. */
  public SealedJournal journal(String name) {
    return new SealedJournal(file(name), folder.resolve(name + ".changes"), master);
  }

  SealedFile file(String name) {
    return new SealedFile(folder.resolve(name), master);
  }

  private static LocalKeyset localKey(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      Path next =
          Files.createTempFile(
              file.toAbsolutePath().getParent(),
              "." + file.getFileName(),
              ".next",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(next, Base64.getEncoder().encodeToString(key) + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      return LocalKeyset.parse(Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no usable key: " + e.getMessage(), e);
    }
  }
}
