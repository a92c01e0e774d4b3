package io.mantle.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The door: {@code ./mantle COMMAND}. Exit codes are those of {@link ExitCode}. */
@Command(
    name = "mantle",
    description = "Drop-in privacy for LLM traffic.",
    mixinStandardHelpOptions = true,
    version = "0.1.0-SNAPSHOT",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      TestCommand.class,
      BenchCommand.class,
      EvalCommand.class,
      DetectCommand.class,
      TrainCommand.class,
      ApplyCommand.class,
      AuditCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, something missing or not yet built, 3 not running,",
      "  4 a difference (apply --dry-run --exit-code)."
    })
public final class Mantle {
  private Mantle() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Mantle());
    NotYetCommand.addTo(commandLine);
    handleFailures(commandLine);
    return commandLine;
  }

  /** A failure that is known is a line on standard error and an exit code, never a stack trace. */
  static void handleFailures(CommandLine commandLine) {
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof LaunchException known) {
            command.getErr().println("mantle: " + known.getMessage());
            command.getErr().flush();
            return known.exitCode().value();
          }
          if (failure instanceof IOException file) {
            command.getErr().println("mantle: " + file);
            command.getErr().flush();
            return ExitCode.FAILED.value();
          }
          throw failure;
        });
  }
}
