package io.mantle.privacy.detect.evaluation;

import io.mantle.privacy.detect.evaluation.Bootstrap.Ratio;
import io.mantle.privacy.detect.evaluation.Score.Found;
import io.mantle.privacy.detect.evaluation.Score.Leaks;
import io.mantle.privacy.detect.evaluation.Score.Likely;
import io.mantle.privacy.detect.evaluation.Score.OfType;
import io.mantle.privacy.detect.evaluation.Score.Overlap;
import io.mantle.privacy.detect.evaluation.Score.Strict;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Adds documents up to a {@link Score}. What is found of a type that a document's corpus does not
 * annotate is neither right nor wrong, and covers nothing. Entities marked {@link #IGNORED} count
 * for nothing, nor does what is found on them. Memory does not grow with the documents. Not for
 * several threads at once.
 */
public final class Scoring {
  /** The type of what is marked, but of no type that a detector should know. */
  public static final String IGNORED = "OTHER";

  private static final Map<String, String> COARSE =
      Map.of(
          "ADDRESS", "LOCATION",
          "SSN", "ID",
          "PASSPORT", "ID",
          "DRIVER_LICENSE", "ID",
          "NATIONAL_ID", "ID",
          "MEDICAL_ID", "ID",
          "BANK_ACCOUNT", "ID");

  private final boolean coarse;
  private final SortedMap<String, Counts> types = new TreeMap<>();
  private int documents;
  private long markedChars;
  private long foundChars;
  private long bothChars;
  private final Bootstrap bootstrap = new Bootstrap();
  private final Ratio leakedOfAll = new Ratio();
  private final Ratio rightOfAll = new Ratio();

  /**
   * Starts at nothing.
   *
   * @param coarse whether types that are easily taken for each other count as one: an address as a
   *     location, all numbers of documents as an id
   */
  public Scoring(boolean coarse) {
    this.coarse = coarse;
  }

  private static final class Counts {
    private long right;
    private long wrong;
    private long missing;
    private long entities;
    private long leaked;
    private long missed;
    private long foundChars;
    private long foundInMarked;
    private final Ratio leakedRate = new Ratio();
    private final Ratio precision = new Ratio();
  }

  /** Counts what a detector found in {@code document}. */
  public void add(LabelledDocument document, List<Mark> found) {
    documents++;
    Optional<Set<String>> annotated =
        document.annotated().map(s -> s.stream().map(this::type).collect(Collectors.toSet()));
    Set<Mark> marked = new HashSet<>();
    Set<Long> ignored = new HashSet<>();
    BitSet markedAt = new BitSet();
    BitSet ignoredAt = new BitSet();
    for (Mark mark : document.marks()) {
      if (mark.type().equals(IGNORED)) {
        ignored.add(place(mark));
        ignoredAt.set(mark.start(), mark.end());
      } else {
        marked.add(typed(mark));
        markedAt.set(mark.start(), mark.end());
      }
    }
    Set<Mark> counted = new HashSet<>();
    BitSet foundAt = new BitSet();
    Map<String, BitSet> foundOfType = new HashMap<>();
    for (Mark mark : found) {
      Mark typed = typed(mark);
      if (annotated.isEmpty() || annotated.get().contains(typed.type())) {
        counted.add(typed);
        foundAt.set(mark.start(), mark.end());
        foundOfType
            .computeIfAbsent(typed.type(), absent -> new BitSet())
            .set(mark.start(), mark.end());
      }
    }
    bootstrap.next();
    countExact(marked, counted, ignored);
    countLeaks(document, foundAt);
    BitSet both = (BitSet) markedAt.clone();
    both.and(foundAt);
    ignoredAt.andNot(markedAt);
    foundAt.andNot(ignoredAt);
    markedChars += markedAt.cardinality();
    foundChars += foundAt.cardinality();
    bothChars += both.cardinality();
    bootstrap.add(rightOfAll, both.cardinality(), foundAt.cardinality());
    foundOfType.forEach(
        (type, at) -> {
          at.andNot(ignoredAt);
          int characters = at.cardinality();
          at.and(markedAt);
          Counts counts = counts(type);
          counts.foundChars += characters;
          counts.foundInMarked += at.cardinality();
          bootstrap.add(counts.precision, at.cardinality(), characters);
        });
  }

  private void countExact(Set<Mark> marked, Set<Mark> found, Set<Long> ignored) {
    for (Mark mark : found) {
      if (marked.contains(mark)) {
        counts(mark.type()).right++;
      } else if (!ignored.contains(place(mark))) {
        counts(mark.type()).wrong++;
      }
    }
    for (Mark mark : marked) {
      if (!found.contains(mark)) {
        counts(mark.type()).missing++;
      }
    }
  }

  private void countLeaks(LabelledDocument document, BitSet foundAt) {
    int[] points = document.text().codePoints().toArray();
    Map<String, Leaks> here = new HashMap<>();
    for (Mark mark : document.marks()) {
      if (mark.type().equals(IGNORED)) {
        continue;
      }
      int readable = 0;
      int open = 0;
      for (int i = mark.start(); i < mark.end(); i++) {
        if (isLetterOrNumber(points[i])) {
          readable++;
          open += foundAt.get(i) ? 0 : 1;
        }
      }
      Leaks one = new Leaks(1, open > 0 ? 1 : 0, open > 0 && open == readable ? 1 : 0);
      here.merge(type(mark.type()), one, Leaks::plus);
    }
    Leaks all = new Leaks(0, 0, 0);
    for (Map.Entry<String, Leaks> type : here.entrySet()) {
      Counts counts = counts(type.getKey());
      Leaks leaks = type.getValue();
      counts.entities += leaks.entities();
      counts.leaked += leaks.leaked();
      counts.missed += leaks.missed();
      bootstrap.add(counts.leakedRate, leaks.leaked(), leaks.entities());
      all = all.plus(leaks);
    }
    bootstrap.add(leakedOfAll, all.leaked(), all.entities());
  }

  private static boolean isLetterOrNumber(int point) {
    return switch (Character.getType(point)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> Character.isLetter(point);
    };
  }

  private Counts counts(String type) {
    return types.computeIfAbsent(type, absent -> new Counts());
  }

  private Mark typed(Mark mark) {
    return coarse ? new Mark(mark.start(), mark.end(), type(mark.type())) : mark;
  }

  private String type(String type) {
    return coarse ? COARSE.getOrDefault(type, type) : type;
  }

  private static long place(Mark mark) {
    return (long) mark.start() << 32 | mark.end();
  }

  /** What was counted so far. */
  public Score score() {
    Counts all = new Counts();
    SortedMap<String, OfType> each = new TreeMap<>();
    types.forEach(
        (type, counts) -> {
          each.put(type, ofType(counts));
          all.right += counts.right;
          all.wrong += counts.wrong;
          all.missing += counts.missing;
          all.entities += counts.entities;
          all.leaked += counts.leaked;
          all.missed += counts.missed;
        });
    Overlap overlap = new Overlap(markedChars, foundChars, bothChars);
    Likely likely = likely(leakedOfAll, rightOfAll, leaks(all));
    return new Score(documents, strict(all), leaks(all), overlap, likely, each);
  }

  private static OfType ofType(Counts counts) {
    return new OfType(
        strict(counts),
        leaks(counts),
        new Found(counts.foundChars, counts.foundInMarked),
        likely(counts.leakedRate, counts.precision, leaks(counts)));
  }

  private static Likely likely(Ratio leaked, Ratio precision, Leaks leaks) {
    return new Likely(Bootstrap.ofLeaks(leaked, leaks), precision.interval(1));
  }

  private static Strict strict(Counts counts) {
    return new Strict(counts.right, counts.wrong, counts.missing);
  }

  private static Leaks leaks(Counts counts) {
    return new Leaks(counts.entities, counts.leaked, counts.missed);
  }
}
