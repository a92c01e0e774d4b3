package io.mantle.privacy.detect.evaluation;

import java.util.SortedMap;

/**
 * How well a detector did on labelled text.
 *
 * @param documents how many texts
 * @param strict same start, end and type, all types together
 * @param leaks entities that were not or not wholly covered, all types together
 * @param overlap characters, whatever their types
 * @param likely where leaked rate and overlap precision would lie in other samples
 * @param types the same for each type that was marked or found
 */
public record Score(
    int documents,
    Strict strict,
    Leaks leaks,
    Overlap overlap,
    Likely likely,
    SortedMap<String, OfType> types) {

  /**
   * The figures of one type.
   *
   * @param found characters found as this type, whatever they were marked as
   */
  public record OfType(Strict strict, Leaks leaks, Found found, Likely likely) {}

  /** The 95 % intervals of two figures. */
  public record Likely(Interval leakedRate, Interval precision) {}

  /**
   * What was found as one type, in code points, without what lies on ignored entities.
   *
   * @param characters all of it
   * @param marked of these, those that lie in an entity of any type
   */
  public record Found(long characters, long marked) {

    public double precision() {
      return ratio(marked, characters, 1);
    }
  }

  /**
   * Exact matches.
   *
   * @param right found and marked
   * @param wrong found, not marked
   * @param missing marked, not found
   */
  public record Strict(long right, long wrong, long missing) {

    public double precision() {
      return ratio(right, right + wrong, 0);
    }

    public double recall() {
      return ratio(right, right + missing, 0);
    }

    public double f1() {
      return f(1);
    }

    public double f2() {
      return f(2);
    }

    private double f(double beta) {
      double p = precision();
      double r = recall();
      double square = beta * beta;
      return p + r > 0 ? (1 + square) * p * r / (square * p + r) : 0;
    }
  }

  /**
   * Marked entities that stay readable.
   *
   * @param entities how many are marked
   * @param leaked those with any letter or digit that nothing found covers
   * @param missed those of which no letter or digit is covered
   */
  public record Leaks(long entities, long leaked, long missed) {

    Leaks plus(Leaks more) {
      return new Leaks(entities + more.entities, leaked + more.leaked, missed + more.missed);
    }

    public double leakedRate() {
      return ratio(leaked, entities, 0);
    }

    public double missedRate() {
      return ratio(missed, entities, 0);
    }
  }

  /**
   * Characters, in code points.
   *
   * @param marked in an entity
   * @param found in what was found; without those of ignored types
   * @param both in both
   */
  public record Overlap(long marked, long found, long both) {

    public double precision() {
      return ratio(both, found, 1);
    }

    public double recall() {
      return ratio(both, marked, 1);
    }
  }

  private static double ratio(long part, long whole, double ofNothing) {
    return whole > 0 ? (double) part / whole : ofNothing;
  }
}
