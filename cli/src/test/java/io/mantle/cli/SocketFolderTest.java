package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketFolderTest {
  @Test
  void create_folder_isPrivateAndShort() throws IOException {
    SocketFolder sockets = SocketFolder.create();
    try {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets.path())))
          .isEqualTo("rwx------");
      assertThat(sockets.extproc().toString().length()).isLessThan(100);
    } finally {
      sockets.delete();
    }
    assertThat(sockets.path()).doesNotExist();
  }

  @Test
  void delete_folderOfAnotherName_leavesIt(@TempDir Path other) throws IOException {
    new SocketFolder(Files.createDirectory(other.resolve("precious"))).delete();

    assertThat(other.resolve("precious")).exists();
  }
}
