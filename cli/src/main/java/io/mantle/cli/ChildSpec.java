package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
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
    ProcessBuilder builder =
        new ProcessBuilder(PrivateMemory.withoutCore(inOwnSession(endingWithThread(command))))
            .redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("MANTLE_") && !inherits.test(variable));
    builder.environment().putAll(environment);
    return builder;
  }

  /** Ctrl-C goes to every process of a terminal's session; these are stopped in order instead. */
  static List<String> inOwnSession(List<String> command) {
    return Stream.concat(SETSID.stream(), command.stream()).toList();
  }

  /** Linux then ends the program with the thread that started it, also when that was killed. */
  private static List<String> endingWithThread(List<String> command) {
    return Stream.concat(SETPRIV.stream(), command.stream()).toList();
  }

  private static final List<String> SETSID = tool("setsid");
  private static final List<String> SETPRIV = tool("setpriv", "--pdeathsig", "TERM", "--");

  /** Both are parts of util-linux. Empty where there is none: what it does is then done later. */
  private static List<String> tool(String name, String... arguments) {
    return Stream.of(Path.of("/usr/bin", name), Path.of("/bin", name))
        .filter(file -> Files.isExecutable(file) && !isBusyBox(file))
        .limit(1)
        .flatMap(file -> Stream.concat(Stream.of(file.toString()), Stream.of(arguments)))
        .toList();
  }

  /** Its programs of these names know fewer options. */
  private static boolean isBusyBox(Path file) {
    try {
      return file.toRealPath().endsWith("busybox");
    } catch (IOException e) {
      return true;
    }
  }

  /** Values may be keys: they are not printed. */
  @Override
  public String toString() {
    return "ChildSpec[" + name + "]";
  }
}
