package io.mantle.controlplane;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server listens. */
public sealed interface Address {

  /** A Unix socket; who may reach it is what its folder's permissions say. */
  record Unix(Path path) implements Address {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * A TCP port.
   *
   * @param host a name or a literal, IPv6 without brackets
   * @param port 0 where any free port will do
   */
  record Tcp(String host, int port) implements Address {

    private static final Pattern HOST_AND_PORT =
        Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9.-]+)):([0-9]{1,5})");

    /**
     * Reads {@code host:port}.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static Tcp parse(String text) {
      Matcher matcher = HOST_AND_PORT.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("\"" + text + "\" is not host:port");
      }
      int port = Integer.parseInt(matcher.group(3));
      if (port > 65535) {
        throw new IllegalArgumentException("port " + port + " is above 65535");
      }
      String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      return new Tcp(host, port);
    }

    boolean isLoopback() {
      try {
        return InetAddress.getByName(host).isLoopbackAddress();
      } catch (UnknownHostException e) {
        return false;
      }
    }

    @Override
    public String toString() {
      return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
  }

  /**
   * Reads {@code unix:PATH} or {@code host:port}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static Address parse(String text) {
    return text.startsWith("unix:")
        ? new Unix(Path.of(text.substring("unix:".length())).toAbsolutePath())
        : Tcp.parse(text);
  }
}
