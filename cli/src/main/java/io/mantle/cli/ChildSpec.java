package io.mantle.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A program that a run keeps going.
 *
 * @param name in {@code run.json}, such as {@code control_plane}
 * @param label in messages, such as {@code control plane}
 * @param environment is added to what is inherited
 * @param inherits which of this process's {@code MANTLE_} variables the child may see; all others
 *     are inherited
 */
record ChildSpec(
    String name,
    String label,
    List<String> command,
    Map<String, String> environment,
    Predicate<String> inherits,
    Path log) {
  ChildSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  ProcessBuilder processBuilder() {
    ProcessBuilder builder = new ProcessBuilder(inOwnSession(command)).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("MANTLE_") && !inherits.test(variable));
    builder.environment().putAll(environment);
    return builder;
  }

  /** Ctrl-C goes to every process of a terminal's session; these are stopped in order instead. */
  static List<String> inOwnSession(List<String> command) {
    return SETSID.isEmpty() ? command : Stream.concat(SETSID.stream(), command.stream()).toList();
  }

  private static final List<String> SETSID =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .filter(file -> Path.of(file).toFile().canExecute())
          .limit(1)
          .toList();

  /** Values may be keys: they are not printed. */
  @Override
  public String toString() {
    return "ChildSpec[" + name + "]";
  }
}
