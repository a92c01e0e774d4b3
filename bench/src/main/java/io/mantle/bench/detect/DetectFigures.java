package io.mantle.bench.detect;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a run measured.
 *
 * @param rounds of ordinary texts of 1 KB, in order
 * @param presidio the same texts' rounds, each right after one of ours; empty if it was not run
 * @param presidioWords what it is, or why it was not run
 * @param lengths of one text, in order
 * @param hostile texts made to be slow
 */
record DetectFigures(
    List<Timing> rounds,
    List<Timing> presidio,
    String presidioWords,
    List<Length> lengths,
    List<Hostile> hostile,
    LoadProbe.Figures loading) {

  DetectFigures {
    rounds = List.copyOf(rounds);
    presidio = List.copyOf(presidio);
    lengths = List.copyOf(lengths);
    hostile = List.copyOf(hostile);
  }

  /** The cost of an ordinary text of a length, in CPU time. */
  record Length(int chars, double millisPerKb) {}

  /**
   * The cost of a text made to be slow, in CPU time.
   *
   * @param millisPerKb at {@link DetectBench#HOSTILE_CHARS}
   * @param growth how many times more a KB costs in a text sixteen times as long; null if the
   *     shorter one was so slow that this was not tried
   */
  record Hostile(String name, double millisPerKb, @Nullable Double growth) {}

  /** The cost of an ordinary text as long as the hostile ones. */
  double ordinaryMillisPerKb() {
    return lengths.stream()
        .filter(length -> length.chars() == DetectBench.HOSTILE_CHARS)
        .mapToDouble(Length::millisPerKb)
        .findFirst()
        .orElseThrow();
  }

  static Timing together(List<Timing> rounds) {
    Timing all = new Timing();
    rounds.forEach(all::add);
    return all;
  }

  /**
   * How often Mantle's median CPU time fits into Presidio's: over all, least and most of a round.
   */
  double[] ratios() {
    double[] byRound = new double[rounds.size()];
    for (int i = 0; i < byRound.length; i++) {
      byRound[i] = presidio.get(i).cpuMillisAt(50) / rounds.get(i).cpuMillisAt(50);
    }
    java.util.Arrays.sort(byRound);
    double all = together(presidio).cpuMillisAt(50) / together(rounds).cpuMillisAt(50);
    return new double[] {all, byRound[0], byRound[byRound.length - 1]};
  }
}
