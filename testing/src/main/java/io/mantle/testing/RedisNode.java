package io.mantle.testing;

/** A real Redis that listens on a port of loopback until it is closed. */
public sealed interface RedisNode extends AutoCloseable permits RedisServer, RedisContainer {
  int port();

  default String url() {
    return "redis://127.0.0.1:" + port();
  }

  @Override
  void close();
}
