package io.mantle.cli;

import java.util.List;
import java.util.stream.Stream;

/**
 * What keeps a process's memory, in which is what people typed, out of every file: no heap dump, no
 * core file, no crash report, and nobody attaches to ask for one.
 *
 * <p>{@code ./mantle} and {@code compose/Dockerfile} do the same for what they start.
 */
public final class PrivateMemory {
  /**
   * Of every JVM. A crash report holds registers and the top of the stack; what is left of it is
   * the few lines that the JVM prints.
   */
  public static final List<String> JVM_FLAGS =
      List.of(
          "-XX:-HeapDumpOnOutOfMemoryError",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:ErrorFile=/dev/null",
          "-XX:+DisableAttachMechanism",
          "-XX:-UsePerfData");

  private PrivateMemory() {}

  /**
   * The command with a limit of 0 for core files, which all that it starts inherits and cannot
   * raise. It keeps its process id.
   */
  public static List<String> withoutCore(List<String> command) {
    return Stream.concat(
            Stream.of("/bin/sh", "-c", "ulimit -c 0 && exec \"$@\"", "sh"), command.stream())
        .toList();
  }
}
