package io.mantle.privacy.surrogate;

import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which surrogates stand for what in one request. Immutable; prints without contents.
 *
 * <p>No surrogate of a table occurs in the request, equals another one (but for case, where both
 * stand for spellings of one value) or is the start of another one; and no word of a name stands
 * for two different words. So every surrogate in an answer says whom it stands for.
 */
public final class SurrogateTable {
  /** More values than this in one request are refused. */
  public static final int ENTRIES_MAX = 100_000;

  /** More candidates than this are not tried for one value. */
  static final int PROBES_MAX = 96;

  private static final int LISTED_NAMES_USED_MAX = 3_000;

  /**
   * One spelling and its stand-in.
   *
   * @param type what it is
   * @param original as the request spells it
   * @param surrogate what the provider sees instead
   */
  public record Entry(EntityType type, Plaintext original, String surrogate) {
    @Override
    public String toString() {
      return "Entry[" + type + "]";
    }
  }

  private final List<Entry> entries;
  private final int remaps;

  private SurrogateTable(List<Entry> entries, int remaps) {
    this.entries = List.copyOf(entries);
    this.remaps = remaps;
  }

  /** In order of first appearance. */
  public List<Entry> entries() {
    return entries;
  }

  /** How many entries' first candidate was taken. */
  public int remaps() {
    return remaps;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public String toString() {
    return "SurrogateTable[" + entries.size() + " entries, " + remaps + " remaps]";
  }

  /**
   * Fills a table, value by value in the order in which the request has them; that order decides
   * who gets the first candidate. A later value never changes what an earlier one got. For one
   * thread.
   */
  public static final class Builder {
    private final SurrogateMint mint;
    private final ConversationKey key;
    private final Predicate<String> occursInRequest;
    private final int entriesMax;

    private final List<Entry> entries = new ArrayList<>();
    private final Map<EntityType, Map<Plaintext, String>> surrogates = new HashMap<>();

    /** Folded surrogates, each with the type and identity it stands for. */
    private final Map<String, String> owners = new HashMap<>();

    /** No element starts another, so neighbours in order are all that need looking at. */
    private final TreeSet<String> prefixFree = new TreeSet<>();

    private final Set<String> foldedOriginals = new HashSet<>();
    private final Map<String, String> nameWordOwners = new HashMap<>();
    private int remaps;

    /**
     * An empty table in the making.
     *
     * @param occursInRequest whether a text is found in the request; such a text is never a
     *     surrogate. Its answers must not change while the table is built
     */
    public Builder(SurrogateMint mint, ConversationKey key, Predicate<String> occursInRequest) {
      this(mint, key, occursInRequest, ENTRIES_MAX);
    }

    /** As the other constructor, with an own limit. */
    public Builder(
        SurrogateMint mint,
        ConversationKey key,
        Predicate<String> occursInRequest,
        int entriesMax) {
      this.mint = mint;
      this.key = key;
      this.occursInRequest = occursInRequest;
      this.entriesMax = entriesMax;
    }

    /**
     * The stand-in for {@code original}: the same each time for the same type and spelling.
     *
     * @throws SurrogatesExhausted if none is left or the table is full
     */
    public String surrogateFor(EntityType type, Plaintext original) {
      Map<Plaintext, String> ofType = surrogates.computeIfAbsent(type, t -> new HashMap<>());
      String known = ofType.get(original);
      if (known != null) {
        return known;
      }
      if (entries.size() >= entriesMax) {
        throw new SurrogatesExhausted("a table holds at most " + entriesMax + " values");
      }
      foldedOriginals.add(Casing.fold(original.reveal()));
      String identity = type + "/" + mint.identity(type, original);
      for (int probe = firstProbe(type); probe < PROBES_MAX; probe++) {
        String candidate = mint.candidate(key, type, original, probe);
        if (isFree(type, original, identity, candidate)) {
          remaps += probe > 0 ? 1 : 0;
          take(type, original, identity, candidate);
          ofType.put(original, candidate);
          return candidate;
        }
      }
      throw new SurrogatesExhausted("no surrogate of type " + type + " is left");
    }

    /** What was asked for until now. */
    public SurrogateTable build() {
      return new SurrogateTable(entries, remaps);
    }

    /** With most listed names given away, trying them again for each of many more costs seconds. */
    private int firstProbe(EntityType type) {
      return type == EntityType.PERSON && nameWordOwners.size() > LISTED_NAMES_USED_MAX
          ? NameWords.PROBES_OF_LISTED_NAMES
          : 0;
    }

    private boolean isFree(EntityType type, Plaintext original, String identity, String candidate) {
      String folded = Casing.fold(candidate);
      String owner = owners.get(folded);
      return !candidate.isEmpty()
          && (owner == null || owner.equals(identity))
          && !foldedOriginals.contains(folded)
          && !startsOrIsStartOfAnother(candidate)
          && (type != EntityType.PERSON || namesOnlyOne(original, candidate))
          && !occursInRequest.test(candidate);
    }

    private boolean startsOrIsStartOfAnother(String candidate) {
      @Nullable String before = prefixFree.floor(candidate);
      @Nullable String after = prefixFree.ceiling(candidate);
      return (before != null && candidate.startsWith(before))
          || (after != null && after.startsWith(candidate));
    }

    /**
     * If "Maria Keller" stood for one person and "Paul Keller" for an unrelated one, "Ms Keller" in
     * an answer would say neither.
     */
    private boolean namesOnlyOne(Plaintext original, String candidate) {
      List<String> from = PersonShape.foldedWords(original.reveal());
      List<String> to = PersonShape.foldedWords(candidate);
      if (from.size() != to.size()) {
        return true;
      }
      for (int i = 0; i < to.size(); i++) {
        String owner = nameWordOwners.get(to.get(i));
        if (owner != null && !owner.equals(from.get(i))) {
          return false;
        }
      }
      return true;
    }

    private void take(EntityType type, Plaintext original, String identity, String surrogate) {
      entries.add(new Entry(type, original, surrogate));
      owners.put(Casing.fold(surrogate), identity);
      prefixFree.add(surrogate);
      if (type == EntityType.PERSON) {
        List<String> from = PersonShape.foldedWords(original.reveal());
        List<String> to = PersonShape.foldedWords(surrogate);
        for (int i = 0; i < to.size() && from.size() == to.size(); i++) {
          nameWordOwners.putIfAbsent(to.get(i), from.get(i));
        }
      }
    }
  }
}
