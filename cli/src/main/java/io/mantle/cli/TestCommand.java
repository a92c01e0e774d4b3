package io.mantle.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Here for the help text alone: the script runs the tests itself, without a built launcher. */
@Command(name = "test", description = "The whole test suite; the last line holds the totals.")
final class TestCommand implements Callable<Integer> {
  @Override
  public Integer call() throws LaunchException {
    throw LaunchException.notStarted("test is run by the script: ./mantle test");
  }
}
