package io.mantle.cli;

/**
 * A reason to stop that the person at the terminal can act on: its message is printed as it is,
 * with no stack trace, and the exit code goes with it. It never holds a key, a token or a prompt.
 */
public final class LaunchException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private LaunchException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** Something was started or tried, and failed. */
  public static LaunchException failed(String message) {
    return new LaunchException(ExitCode.FAILED, message);
  }

  /** Nothing was started: an option, a port or a program has to change first. */
  public static LaunchException notStarted(String message) {
    return new LaunchException(ExitCode.NOT_STARTED, message);
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
