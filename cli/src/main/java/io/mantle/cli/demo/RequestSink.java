package io.mantle.cli.demo;

/** Gets each request body that a {@link DemoProvider} received, before the answer is begun. */
@FunctionalInterface
public interface RequestSink {
  void received(String path, byte[] body);
}
