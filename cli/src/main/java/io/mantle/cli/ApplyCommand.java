package io.mantle.cli;

import io.mantle.cli.apply.AdminApi;
import io.mantle.cli.apply.Change;
import io.mantle.cli.apply.FileWatch;
import io.mantle.cli.apply.Flaw;
import io.mantle.cli.apply.InvalidFileException;
import io.mantle.cli.apply.IssuedKeys;
import io.mantle.cli.apply.MantleFile;
import io.mantle.cli.apply.Reconciler;
import io.mantle.cli.apply.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes a control plane what a file says: once, as a preview, or each time the file changes. */
@Command(
    name = "apply",
    description = {
      "Tenants, keys, providers, routes and privacy policies from YAML.",
      "The file is judged as a whole before anything changes; the same file again changes nothing."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: OPENAI_API_KEY=... ./mantle apply -f mantle.yaml --dry-run",
      "The file: docs/control-plane.md, docs/mantle.yaml, docs/mantle.schema.json.",
      "Exit codes: 0 done or nothing to do, 1 failed, perhaps after some changes (it says which),",
      "  2 the file or the usage is wrong and nothing was changed,",
      "  4 with --dry-run --exit-code: there is a difference."
    })
final class ApplyCommand implements Callable<Integer> {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration RETRY_MIN = Duration.ofSeconds(5);
  private static final Duration RETRY_MAX = Duration.ofMinutes(1);
  private static final Duration NO_RETRY = Duration.ofDays(1);

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file, such as docs/mantle.yaml.")
  private Path file = Path.of("mantle.yaml");

  @Option(names = "--dry-run", description = "Prints the difference and changes nothing.")
  private boolean dryRun;

  @Option(
      names = "--exit-code",
      description = "With --dry-run: exits with 4 where there is a difference.")
  private boolean exitCode;

  @Option(
      names = "--prune",
      description = {
        "Removes routes, providers, keys and prices that the file does not name,",
        "of tenants and in sections that it names."
      })
  private boolean prune;

  @Option(names = "--watch", description = "Goes on, and applies each change of the file.")
  private boolean watch;

  @Option(
      names = "--keys-out",
      paramLabel = "FILE",
      description = {
        "Where the secrets of new keys without a secret_file are appended, a line of JSON",
        "each (0600); - for standard output."
      })
  private @Nullable String keysOut;

  @Mixin private AdminTarget target = new AdminTarget();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Map<String, String> environment;

  ApplyCommand() {
    this(System.getenv());
  }

  ApplyCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws LaunchException {
    if (dryRun && watch) {
      throw new ParameterException(spec.commandLine(), "--watch applies; --dry-run does not");
    }
    if (exitCode && !dryRun) {
      throw new ParameterException(spec.commandLine(), "--exit-code goes with --dry-run");
    }
    try {
      return (watch ? watch() : once()).value();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.OK.value(); // asked to end
    }
  }

  /** Goes on whatever happens; what may pass by itself is tried again, ever more slowly. */
  private ExitCode watch() throws InterruptedException {
    FileWatch changes = new FileWatch(file, LOOK_EVERY);
    Duration retry = RETRY_MIN;
    while (true) {
      ExitCode result;
      try {
        result = once();
      } catch (LaunchException e) {
        say(spec.commandLine().getErr(), "mantle: " + e.getMessage());
        result = e.exitCode();
      }
      boolean mayPass = result == ExitCode.FAILED;
      say(
          spec.commandLine().getErr(),
          "watching " + file + (mayPass ? "; trying again in " + retry.toSeconds() + " s" : ""));
      changes.await(mayPass ? retry : NO_RETRY);
      Duration twice = retry.multipliedBy(2);
      retry = !mayPass ? RETRY_MIN : twice.compareTo(RETRY_MAX) < 0 ? twice : RETRY_MAX;
    }
  }

  private ExitCode once() throws LaunchException, InterruptedException {
    MantleFile read;
    try {
      read = MantleFile.read(file, environment);
    } catch (InvalidFileException e) {
      return invalid(e);
    } catch (IOException e) {
      throw LaunchException.notStarted(file + ": cannot be read");
    }
    AdminTarget.Resolved at = target.resolve(environment);
    try (AdminApi api = new AdminApi(at.server(), at.token())) {
      Reconciler reconciler = new Reconciler(api, issuedKeys(), prune);
      return dryRun ? preview(reconciler, read) : apply(reconciler, read);
    } catch (InvalidFileException e) {
      return invalid(e);
    }
  }

  private ExitCode preview(Reconciler reconciler, MantleFile read)
      throws InvalidFileException, LaunchException, InterruptedException {
    List<Change> changes;
    try {
      changes = reconciler.difference(read);
    } catch (RefusedException e) {
      throw LaunchException.failed(e.reason());
    } catch (IOException e) {
      throw LaunchException.failed(String.valueOf(e.getMessage()));
    }
    PrintWriter out = spec.commandLine().getOut();
    changes.forEach(change -> say(out, change.toString()));
    say(out, changes.isEmpty() ? "nothing to change" : "would be: " + counts(changes));
    return exitCode && !changes.isEmpty() ? ExitCode.DIFFERENT : ExitCode.OK;
  }

  private ExitCode apply(Reconciler reconciler, MantleFile read)
      throws InvalidFileException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Reconciler.Outcome outcome =
        reconciler.apply(read, planned -> planned.forEach(change -> say(out, change.toString())));
    if (outcome.reason().isEmpty()) {
      say(out, outcome.done().isEmpty() ? "nothing to change" : "done: " + counts(outcome.done()));
      return ExitCode.OK;
    }
    outcome.done().forEach(change -> say(err, "done:     " + change));
    outcome.failed().ifPresent(change -> say(err, "failed:   " + change));
    outcome.notDone().forEach(change -> say(err, "not done: " + change));
    say(err, "mantle: " + outcome.reason().get());
    say(
        err,
        outcome.done().isEmpty()
            ? "mantle: nothing was changed"
            : "mantle: " + counts(outcome.done()) + "; applying the file again does the rest");
    return ExitCode.FAILED;
  }

  private ExitCode invalid(InvalidFileException e) {
    PrintWriter err = spec.commandLine().getErr();
    for (Flaw flaw : e.flaws()) {
      say(err, file + ":" + flaw);
    }
    say(err, "mantle: " + e.getMessage() + " in " + file + "; nothing was changed");
    return ExitCode.NOT_STARTED;
  }

  private IssuedKeys issuedKeys() {
    if (keysOut == null) {
      return IssuedKeys.toTheirFiles();
    }
    return keysOut.equals("-")
        ? IssuedKeys.shownBy(line -> say(spec.commandLine().getOut(), line))
        : IssuedKeys.appendedTo(Path.of(keysOut));
  }

  private static String counts(List<Change> changes) {
    return "%d added, %d changed, %d removed"
        .formatted(
            count(changes, Change.Kind.ADD),
            count(changes, Change.Kind.CHANGE),
            count(changes, Change.Kind.REMOVE));
  }

  private static long count(List<Change> changes, Change.Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }

  private static void say(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
