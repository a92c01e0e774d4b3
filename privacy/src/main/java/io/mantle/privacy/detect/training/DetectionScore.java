package io.mantle.privacy.detect.training;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.training.LabelledText.Entity;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much a detector misses and how much it marks in vain, on texts that people labelled.
 *
 * @param entities how many are labelled
 * @param leaked the share of them of which a letter or digit stayed uncovered
 * @param precision the share of the covered characters that belong to an entity
 * @param leakedByType the leaked share of each type, and how many there are
 */
record DetectionScore(int entities, double leaked, double precision, String leakedByType) {

  private static final Set<String> IDENTIFIERS =
      Set.of("SSN", "PASSPORT", "DRIVER_LICENSE", "NATIONAL_ID", "MEDICAL_ID", "BANK_ACCOUNT");

  /** Places and addresses are one type here, identifiers too, and dates whosoever they are. */
  static String coarse(String type) {
    return IDENTIFIERS.contains(type)
        ? "ID"
        : type.equals("ADDRESS") ? "LOCATION" : type.equals("DATE_OF_BIRTH") ? "DATE" : type;
  }

  static DetectionScore of(Detector detector, List<LabelledText> texts) {
    return of(detector, texts, new ArrayList<>());
  }

  /** As above; what leaked and what was marked in vain goes into {@code errors}. */
  static DetectionScore of(Detector detector, List<LabelledText> texts, List<String> errors) {
    long covered = 0;
    long right = 0;
    TreeMap<String, int[]> byType = new TreeMap<>();
    for (LabelledText text : texts) {
      Set<String> annotated =
          text.annotated().stream().map(DetectionScore::coarse).collect(Collectors.toSet());
      BitSet found = new BitSet();
      BitSet gold = new BitSet();
      BitSet ignored = new BitSet();
      List<Span> spans = new ArrayList<>();
      for (Span span : detector.detect(new Plaintext(text.text()))) {
        if (annotated.isEmpty() || annotated.contains(coarse(span.type().name()))) {
          found.set(span.start(), span.end());
          spans.add(span);
        }
      }
      for (Entity entity : text.entities()) {
        (entity.type().equals("OTHER") ? ignored : gold).set(entity.start(), entity.end());
      }
      for (Entity entity : text.entities()) {
        if (!entity.type().equals("OTHER")) {
          int[] counts = byType.computeIfAbsent(coarse(entity.type()), _ -> new int[2]);
          boolean leaks = isLeaked(text.text(), entity, found);
          counts[0]++;
          counts[1] += leaks ? 1 : 0;
          if (leaks) {
            errors.add(
                (found.get(entity.start(), entity.end()).isEmpty() ? "LEAK " : "PART ")
                    + entity.type()
                    + " "
                    + around(text, entity.start(), entity.end()));
          }
        }
      }
      for (Span span : spans) {
        if (gold.get(span.start(), span.end()).isEmpty()
            && ignored.get(span.start(), span.end()).isEmpty()) {
          errors.add("FALSE " + span.type() + " " + around(text, span.start(), span.end()));
        }
      }
      ignored.andNot(gold);
      found.andNot(ignored);
      covered += found.cardinality();
      found.and(gold);
      right += found.cardinality();
    }
    int entities = byType.values().stream().mapToInt(counts -> counts[0]).sum();
    int leaked = byType.values().stream().mapToInt(counts -> counts[1]).sum();
    String types =
        byType.entrySet().stream()
            .map(
                entry ->
                    String.format(
                        Locale.ROOT,
                        "%s %.2f/%d",
                        entry.getKey(),
                        (double) entry.getValue()[1] / entry.getValue()[0],
                        entry.getValue()[0]))
            .collect(Collectors.joining(", "));
    return new DetectionScore(
        entities,
        entities == 0 ? 0 : (double) leaked / entities,
        covered == 0 ? 1 : (double) right / covered,
        types);
  }

  private static String around(LabelledText text, int start, int end) {
    String whole = text.text();
    return (text.source()
            + ": "
            + whole.substring(Math.max(0, start - 40), start)
            + "⟦"
            + whole.substring(start, end)
            + "⟧"
            + whole.substring(end, Math.min(whole.length(), end + 30)))
        .replace('\n', '/');
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
        "leaked %.3f of %d, precision %.3f (%s)",
        leaked,
        entities,
        precision,
        leakedByType);
  }
}
