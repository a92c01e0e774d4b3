package io.mantle.cli;

import java.nio.file.Path;

/** A program that starts Envoy as a run does, prints its pid, and waits to be killed. */
final class EnvoyParent {
  private EnvoyParent() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path bootstrap = Path.of(arguments[1]);
    ChildSpec spec =
        Services.envoy(Path.of(arguments[0]), bootstrap, bootstrap.resolveSibling("envoy.log"));
    Child.start(
        spec,
        new Child.Listener() {
          @Override
          public void started(RunningProcess process) {
            System.out.println(process.pid());
          }

          @Override
          public void gaveUp(LaunchException reason) {
            System.out.println(reason.getMessage());
          }
        },
        System.out::println);
    Thread.sleep(60_000);
  }
}
