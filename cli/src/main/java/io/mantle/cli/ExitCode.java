package io.mantle.cli;

/** What {@code ./mantle} exits with. */
public enum ExitCode {
  OK(0),
  /** Something was started or tried, and failed. */
  FAILED(1),
  /** Wrong usage, something missing, or a command that is not built yet. */
  NOT_STARTED(2),
  /** {@code status}: nothing runs, or what runs is not ready. */
  NOT_RUNNING(3),
  /** {@code apply --dry-run --exit-code}: there is a difference. */
  DIFFERENT(4);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  public int value() {
    return value;
  }
}
