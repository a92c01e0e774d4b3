package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.training.LabelledText.Entity;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * How well names of people are found.
 *
 * @param names how many there are
 * @param leaked the share of them of which a letter or digit stayed uncovered
 * @param precision the share of the covered characters that belong to a name of a person
 * @param sources the leaked share of each source, in words
 */
record NameScore(int names, double leaked, double precision, String sources) {
  static NameScore of(Detector detector, List<LabelledText> texts) {
    int covered = 0;
    int right = 0;
    TreeMap<String, int[]> bySource = new TreeMap<>();
    for (LabelledText text : texts) {
      BitSet found = new BitSet();
      for (Span span : detector.detect(new Plaintext(text.text()))) {
        if (span.type() == EntityType.PERSON) {
          found.set(span.start(), span.end());
        }
      }
      String source = text.id().substring(0, text.id().indexOf('/'));
      int[] counts = bySource.computeIfAbsent(source, _ -> new int[2]);
      BitSet gold = new BitSet();
      for (Entity entity : text.entities()) {
        if (entity.type().equals(EntityType.PERSON.name())) {
          gold.set(entity.start(), entity.end());
          counts[0]++;
          counts[1] += isLeaked(text.text(), entity, found) ? 1 : 0;
        }
      }
      covered += found.cardinality();
      found.and(gold);
      right += found.cardinality();
    }
    int names = bySource.values().stream().mapToInt(counts -> counts[0]).sum();
    int leaked = bySource.values().stream().mapToInt(counts -> counts[1]).sum();
    List<String> sources = new ArrayList<>();
    bySource.forEach(
        (source, counts) ->
            sources.add(
                String.format(
                    Locale.ROOT,
                    "%s %.2f of %d",
                    source,
                    (double) counts[1] / counts[0],
                    counts[0])));
    return new NameScore(
        names,
        names == 0 ? 0 : (double) leaked / names,
        covered == 0 ? 1 : (double) right / covered,
        String.join(", ", sources));
  }

  private static boolean isLeaked(String text, Entity entity, BitSet found) {
    for (int at = entity.start(); at < entity.end(); at++) {
      if (Character.isLetterOrDigit(text.charAt(at)) && !found.get(at)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "PERSON: leaked %.3f of %d, precision %.3f (%s)",
        leaked,
        names,
        precision,
        sources);
  }
}
