package io.mantle.cli.apply;

import java.util.List;

/** A file that cannot be applied, with all that is wrong with it; nothing was changed. */
public final class InvalidFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Flaw> flaws;

  InvalidFileException(List<Flaw> flaws) {
    super(flaws.size() + (flaws.size() == 1 ? " error" : " errors"));
    this.flaws = flaws.stream().distinct().sorted(Flaw.IN_ORDER).toList();
  }

  /** In the order of their places. */
  public List<Flaw> flaws() {
    return flaws;
  }
}
