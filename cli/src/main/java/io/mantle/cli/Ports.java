package io.mantle.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The TCP ports of one run. The first two are what people asked for; the last two are any that are
 * free.
 */
record Ports(int gateway, int admin, int envoyAdmin, int extprocAdmin) {
  static final String GATEWAY_FLAG = "--port";
  static final String ADMIN_FLAG = "--admin-port";

  /**
   * Checks that the ports can be had, and chooses one for each 0. All are held at once while
   * choosing, so they differ; they are free again on return.
   *
   * @param gatewayAddress where the gateway listens; the others listen on loopback
   * @throws LaunchException names the taken port and the flag that changes it
   */
  static Ports choose(InetAddress gatewayAddress, int gateway, int admin) throws LaunchException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket first = bind(gatewayAddress, gateway, GATEWAY_FLAG);
        ServerSocket second = bind(loopback, admin, ADMIN_FLAG);
        ServerSocket third = bind(loopback, 0, "");
        ServerSocket fourth = bind(loopback, 0, "")) {
      return new Ports(
          first.getLocalPort(), second.getLocalPort(), third.getLocalPort(), fourth.getLocalPort());
    } catch (IOException e) {
      throw LaunchException.notStarted("no free port: " + e.getMessage());
    }
  }

  private static ServerSocket bind(InetAddress address, int port, String flag)
      throws IOException, LaunchException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(address, port));
      return socket;
    } catch (IOException e) {
      socket.close();
      if (port == 0) {
        throw e;
      }
      throw LaunchException.notStarted(
          "port %d on %s cannot be had (%s); choose another with %s N (0 picks a free one)"
              .formatted(port, address.getHostAddress(), e.getMessage(), flag));
    }
  }
}
