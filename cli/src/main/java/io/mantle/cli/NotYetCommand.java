package io.mantle.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Stands for each command whose name is fixed and that is not built yet: says so, never half. */
@Command
final class NotYetCommand implements Callable<Integer> {
  private static final Map<String, String> COMMANDS =
      new TreeMap<>(
          Map.of(
              "mask", "Text through the engine.",
              "unmask", "Masked text back to the original."));

  private final String name;

  @Unmatched private List<String> arguments = new ArrayList<>();

  private NotYetCommand(String name) {
    this.name = name;
  }

  static void addTo(CommandLine commandLine) {
    COMMANDS.forEach(
        (name, description) -> {
          CommandLine command = new CommandLine(new NotYetCommand(name));
          command.getCommandSpec().usageMessage().description(description + " (not yet)");
          commandLine.addSubcommand(name, command);
        });
  }

  @Override
  public Integer call() throws LaunchException {
    String asked = arguments.isEmpty() ? name : name + " " + arguments.getFirst();
    throw LaunchException.notStarted(asked + ": not yet");
  }
}
