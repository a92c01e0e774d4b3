package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class PortsTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @Test
  void choose_zeros_givesFourDifferentPorts() throws LaunchException {
    Ports ports = Ports.choose(LOOPBACK, 0, 0);

    assertThat(new int[] {ports.gateway(), ports.admin(), ports.envoyAdmin(), ports.extprocAdmin()})
        .doesNotContain(0)
        .doesNotHaveDuplicates();
  }

  @Test
  void choose_takenPort_isNamedWithItsFlag() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> Ports.choose(LOOPBACK, port, 0))
          .hasMessageContaining("port " + port)
          .hasMessageContaining("--port N");
      assertThatThrownBy(() -> Ports.choose(LOOPBACK, 0, port))
          .hasMessageContaining("port " + port)
          .hasMessageContaining("--admin-port N");
    }
  }
}
