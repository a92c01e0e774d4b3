package io.mantle.cli;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;

/** The addresses of one run, as settings ({@code HOST:PORT}) and as URLs. */
record Endpoints(Listen listen, Ports ports, SocketFolder sockets) {
  String gatewayListen() {
    return hostAndPort(listen.address(), ports.gateway());
  }

  String adminListen() {
    return "127.0.0.1:" + ports.admin();
  }

  String extprocAdminListen() {
    return "127.0.0.1:" + ports.extprocAdmin();
  }

  URI gateway() {
    InetAddress reachable =
        listen.address().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : listen.address();
    String scheme = listen.tls().isPresent() ? "https://" : "http://";
    return URI.create(scheme + hostAndPort(reachable, ports.gateway()));
  }

  URI admin() {
    return URI.create("http://" + adminListen());
  }

  URI extprocAdmin() {
    return URI.create("http://" + extprocAdminListen());
  }

  URI envoyAdmin() {
    return URI.create("http://127.0.0.1:" + ports.envoyAdmin());
  }

  private static String hostAndPort(InetAddress address, int port) {
    String host = address.getHostAddress();
    return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + port;
  }
}
