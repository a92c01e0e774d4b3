package io.mantle.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Trains the model of the tagger, in a JVM of its own: this one compiles for a quick start, not for
 * hours of work.
 */
@Command(
    name = "train",
    description =
        "Trains the tagger: --data DIR --lists DIR --sources DIR --out FILE [--all true].")
final class TrainCommand implements Callable<Integer> {
  private static final String MAIN = "io.mantle.privacy.detect.training.TrainTagger";

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Services.java(MAIN));
    command.addAll(arguments);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
