package io.mantle.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The same Envoy as Mantle's, with nothing in it but a listener, a route and a cluster. */
final class PlainEnvoy implements AutoCloseable {
  private static final Duration START_TIME_MAX = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 20;

  private final Process process;
  private final int port;

  private PlainEnvoy(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  static PlainEnvoy start(Path binary, int providerPort, Path folder)
      throws IOException, InterruptedException {
    int port = freePort();
    Path configuration = folder.resolve("envoy-alone.yaml");
    Files.writeString(configuration, configuration(port, providerPort));
    Process process =
        new ProcessBuilder(
                binary.toString(),
                "--config-path",
                configuration.toString(),
                "--disable-hot-restart",
                "--log-level",
                "warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("envoy-alone.log").toFile())
            .start();
    PlainEnvoy envoy = new PlainEnvoy(process, port);
    envoy.awaitListening();
    return envoy;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  private void awaitListening() throws IOException, InterruptedException {
    long end = System.nanoTime() + START_TIME_MAX.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        Thread.sleep(POLL_MILLIS);
      }
    }
    throw new IOException("Envoy alone does not listen; see envoy-alone.log");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String configuration(int port, int providerPort) {
    return """
        static_resources:
          listeners:
          - name: plain
            address: { socket_address: { address: 127.0.0.1, port_value: %d } }
            filter_chains:
            - filters:
              - name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: plain
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: { prefix: / }
                        route: { cluster: provider, timeout: 0s }
                  http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
          clusters:
          - name: provider
            type: STATIC
            connect_timeout: 5s
            load_assignment:
              cluster_name: provider
              endpoints:
              - lb_endpoints:
                - endpoint:
                    address: { socket_address: { address: 127.0.0.1, port_value: %d } }
        """
        .formatted(port, providerPort);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
