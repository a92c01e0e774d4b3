package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenTest {

  @Test
  void of_nothing_isLoopbackWithoutTls() throws LaunchException {
    Listen listen = Listen.of(null, false, null, null);

    assertThat(listen.address().isLoopbackAddress()).isTrue();
    assertThat(listen.tls()).isEmpty();
  }

  @Test
  void of_listenAlone_namesWhatIsNeeded() {
    assertThatThrownBy(() -> Listen.of("0.0.0.0", false, null, null))
        .hasMessageContaining("--insecure")
        .hasMessageContaining("--tls-cert");
  }

  @Test
  void of_listenInsecure_isTaken() throws LaunchException {
    assertThat(Listen.of("0.0.0.0", true, null, null).address().isAnyLocalAddress()).isTrue();
  }

  @Test
  void of_listenName_isRefused() {
    assertThatThrownBy(() -> Listen.of("example.com", true, null, null))
        .hasMessageContaining("IP address");
  }

  @Test
  void of_certificateThatIsNone_isRefused(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("x.pem"), "no certificate");

    assertThatThrownBy(() -> Listen.of("0.0.0.0", false, file, null))
        .hasMessageContaining("go together");
    assertThatThrownBy(() -> Listen.of("0.0.0.0", false, file, file))
        .hasMessageContaining("holds no certificate");
  }
}
