package io.mantle.extproc.lastgood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.vault.keys.LocalKeyset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedFileTest {
  private static final Instant AS_OF = Instant.parse("2026-11-21T10:15:30.123Z");

  @TempDir Path folder;

  @Test
  void content_written_isReadAgainWithItsTimeAndByNobodyElse() throws Exception {
    SealedFile file = lastGood().file("policies");
    write(file, "credential-1");
    write(file, "credential-2");

    assertThat(read(lastGood().file("policies")))
        .contains(new SealedJournal.Opened<>(AS_OF, "credential-2"));
    Path sealed = folder.resolve("last-good").resolve("policies");
    assertThat(Files.readString(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("credential");
    assertThat(permissions(sealed)).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("last-good"))).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve("last-good-key"))).isEqualTo("rw-------");
  }

  @Test
  void file_thatIsNotThere_isNone() throws Exception {
    assertThat(read(lastGood().file("policies"))).isEmpty();
  }

  @Test
  void content_longerThanASegment_isReadAgain() throws Exception {
    String longer = "x".repeat(3_000_000);
    SealedFile file = lastGood().file("policies");
    write(file, longer);
    assertThat(read(file).orElseThrow().content()).isEqualTo(longer);

    Path sealed = folder.resolve("last-good").resolve("policies");
    byte[] bytes = Files.readAllBytes(sealed);
    Files.write(sealed, Arrays.copyOf(bytes, bytes.length - (1 << 20)));
    assertThat(read(file)).isEmpty();
  }

  @Test
  void file_cutOrChangedAnywhere_isNone() throws Exception {
    SealedFile file = lastGood().file("policies");
    write(file, "credential");
    Path sealed = folder.resolve("last-good").resolve("policies");
    byte[] whole = Files.readAllBytes(sealed);
    for (int at = 0; at < whole.length; at++) {
      Files.write(sealed, Arrays.copyOf(whole, at));
      assertThat(read(file)).as("cut at %d", at).isEmpty();
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(sealed, changed);
      assertThat(read(file)).as("changed at %d", at).isEmpty();
    }
    Files.write(sealed, Arrays.copyOf(whole, whole.length + 1));
    assertThat(read(file)).isEmpty();
  }

  @Test
  void file_ofAnotherKeyOrName_isNone() throws Exception {
    write(LastGoodFolder.in(folder, LocalKeyset.ephemeral()).file("policies"), "theirs");
    assertThat(read(lastGood().file("policies"))).isEmpty();

    write(lastGood().file("other"), "ours");
    Path sealed = folder.resolve("last-good");
    Files.delete(sealed.resolve("policies"));
    Files.move(sealed.resolve("other"), sealed.resolve("policies"));
    assertThat(read(lastGood().file("policies"))).isEmpty();
  }

  @Test
  void content_thatItsReaderDoesNotTake_isNone() throws Exception {
    SealedFile file = lastGood().file("policies");
    write(file, "credential");
    assertThat(
            file.read(
                _ -> {
                  throw new IOException("not what I know");
                }))
        .isEmpty();
    assertThat(file.read(InputStream::read)).as("a part of it").isEmpty();
  }

  @Test
  void key_thatIsNone_isSaid() throws Exception {
    Files.writeString(folder.resolve("last-good-key"), "hunter2");
    assertThatThrownBy(this::lastGood)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("last-good-key")
        .hasMessageNotContaining("hunter2");
  }

  private LastGoodFolder lastGood() throws IOException {
    return LastGoodFolder.withKeyOfItsOwn(folder);
  }

  private static void write(SealedFile file, String content) throws IOException {
    file.write(AS_OF, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
  }

  private static Optional<SealedJournal.Opened<String>> read(SealedFile file) {
    return file.read(in -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
