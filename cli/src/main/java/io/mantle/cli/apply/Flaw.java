package io.mantle.cli.apply;

import java.util.Comparator;

/**
 * Something in the file that has to be mended before anything is changed. Its words repeat no value
 * of the file, which may come from the environment and be secret.
 *
 * @param place where in the file
 * @param path which value: {@code tenants[0].providers[1].kind}; empty for the file as a whole
 */
public record Flaw(Place place, String path, String reason) {
  static final Comparator<Flaw> IN_ORDER =
      Comparator.comparingInt((Flaw flaw) -> flaw.place().line())
          .thenComparingInt(flaw -> flaw.place().column())
          .thenComparing(Flaw::path)
          .thenComparing(Flaw::reason);

  /** A line and a column, both from 1. */
  public record Place(int line, int column) {
    static final Place START = new Place(1, 1);
  }

  /** {@code 12:7: tenants[0].name: it is missing}, as editors and compilers have it. */
  @Override
  public String toString() {
    String named = path.isEmpty() ? "" : path + ": ";
    return place.line() + ":" + place.column() + ": " + named + reason;
  }
}
