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
 * stand for spellings of one value) or is the start of another one, except where names agree: no
 * word of a name stands for two different words, so "Juliet" may stand for Maria and "Juliet Pons"
 * for Maria Garcia. Whichever of them an answer means, the longest or the parts one by one, it says
 * the same. Where even that must not be, a table is built {@linkplain Builder#unrelated unrelated}.
 */
public final class SurrogateTable {
  /** More values than this in one request are refused. */
  public static final int ENTRIES_MAX = 100_000;

  /** More candidates than this are not tried for one value. */
  static final int PROBES_MAX = 96;

  /** From this probe on a name is drawn without regard to what its words stand for elsewhere. */
  private static final int PROBES_RELATED = 8;

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

    /** Made of the words of names: one may start another where a word ends. */
    private final TreeSet<String> named = new TreeSet<>();

    private final Map<String, Plaintext> namedOriginals = new HashMap<>();

    private final Set<String> foldedOriginals = new HashSet<>();
    private final NameBook names = new NameBook();
    private boolean related = true;
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
     * From now on no surrogate starts another, also where names agree; a name that would gets
     * another, unlike the rest of the person's.
     */
    public Builder unrelated() {
      related = false;
      return this;
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
      begin(original);
      String identity = identity(type, original);
      int first = firstProbe(type);
      for (int probe = first; probe < PROBES_MAX; probe++) {
        NameBook.Draft draft = names.draft(related && probe < first + PROBES_RELATED);
        String candidate = mint.candidate(key, type, original, probe, draft);
        if (related && probe > first && probe < first + PROBES_RELATED && !draft.depends()) {
          continue; // the words are all known, so it is the candidate that was not free before
        }
        if (isFree(type, original, identity, candidate, draft)) {
          remaps += probe > first ? 1 : 0;
          take(type, original, identity, candidate, draft);
          ofType.put(original, candidate);
          return candidate;
        }
      }
      throw new SurrogatesExhausted("no surrogate of type " + type + " is left");
    }

    private void begin(Plaintext original) {
      if (entries.size() >= entriesMax) {
        throw new SurrogatesExhausted("a table holds at most " + entriesMax + " values");
      }
      foldedOriginals.add(Casing.fold(original.reveal()));
    }

    /**
     * A stand-in for {@code original} that says no more than its type, such as {@code
     * [PERSON_4821]}; spellings of one value have the same number.
     *
     * @throws SurrogatesExhausted if none is left or the table is full
     */
    public String placeholderFor(EntityType type, Plaintext original) {
      Map<Plaintext, String> ofType = surrogates.computeIfAbsent(type, t -> new HashMap<>());
      String known = ofType.get(original);
      if (known != null) {
        return known;
      }
      begin(original);
      String identity = identity(type, original);
      int number = SurrogateMint.PLACEHOLDER_SPELLINGS;
      for (int probe = 0; probe < PROBES_MAX * number; probe++) {
        String candidate = mint.placeholder(key, type, original, probe);
        String first = mint.placeholder(key, type, original, probe - probe % number);
        String owner = owners.get(Casing.fold(first));
        if ((owner == null || owner.equals(identity))
            && !owners.containsKey(Casing.fold(candidate))
            && !occursInRequest.test(candidate)) {
          remaps += probe >= number ? 1 : 0;
          entries.add(new Entry(type, original, candidate));
          owners.put(Casing.fold(candidate), identity);
          prefixFree.add(candidate);
          ofType.put(original, candidate);
          return candidate;
        }
      }
      throw new SurrogatesExhausted("no placeholder of type " + type + " is left");
    }

    /** Of a name it is the same whether it stands for a person or an account. */
    private String identity(EntityType type, Plaintext original) {
      boolean name = type == EntityType.PERSON || type == EntityType.USERNAME;
      return (name ? "NAME" : type) + "/" + mint.identity(type, original);
    }

    /** What was asked for until now. */
    public SurrogateTable build() {
      return new SurrogateTable(entries, remaps);
    }

    /** With most listed names given away, trying them again for each of many more costs seconds. */
    private int firstProbe(EntityType type) {
      return isNamed(type) && names.size() > LISTED_NAMES_USED_MAX
          ? NameWords.PROBES_OF_LISTED_NAMES
          : 0;
    }

    private boolean isFree(
        EntityType type,
        Plaintext original,
        String identity,
        String candidate,
        NameBook.Draft draft) {
      String folded = Casing.fold(candidate);
      String owner = owners.get(folded);
      return !candidate.isEmpty()
          && (owner == null || owner.equals(identity))
          && !foldedOriginals.contains(folded)
          && original.equals(namedOriginals.getOrDefault(candidate, original))
          && !startsOrIsStartOfAnother(type, candidate)
          && (!isNamed(type) || draft.isUnambiguous())
          && !occursInRequest.test(candidate);
    }

    /** Whether surrogates of this type are made of the words of names. */
    private static boolean isNamed(EntityType type) {
      return switch (type) {
        case PERSON, EMAIL, USERNAME -> true;
        default -> false;
      };
    }

    private boolean startsOrIsStartOfAnother(EntityType type, String candidate) {
      @Nullable String before = prefixFree.floor(candidate);
      @Nullable String after = prefixFree.ceiling(candidate);
      boolean clashes =
          (before != null && candidate.startsWith(before))
              || (after != null && after.startsWith(candidate));
      boolean mayStart = related && isNamed(type);
      return clashes
          || isStartedByName(candidate, mayStart)
          || (mayStart ? goesOnWithinWord(candidate) : startsName(candidate));
    }

    private boolean isStartedByName(String candidate, boolean mayBe) {
      for (int end = candidate.length() - 1; end > 0; end--) {
        boolean wordEnds = !isOfWord(candidate.charAt(end)) || !isOfWord(candidate.charAt(end - 1));
        if (!(mayBe && wordEnds) && named.contains(candidate.substring(0, end))) {
          return true;
        }
      }
      return false;
    }

    private boolean startsName(String candidate) {
      @Nullable String after = named.higher(candidate);
      return after != null && after.startsWith(candidate);
    }

    /** Whether a name begins with the candidate and goes on with a letter or digit. */
    private boolean goesOnWithinWord(String candidate) {
      if (!isOfWord(candidate.charAt(candidate.length() - 1))) {
        return startsName(candidate);
      }
      // In order of characters: digits, "@", capitals, "_", small letters.
      for (String from : List.of("0", "A", "a")) {
        @Nullable String after = named.ceiling(candidate + from);
        if (after != null
            && after.startsWith(candidate)
            && isOfWord(after.charAt(candidate.length()))) {
          return true;
        }
      }
      return false;
    }

    private static boolean isOfWord(char c) {
      return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private void take(
        EntityType type,
        Plaintext original,
        String identity,
        String surrogate,
        NameBook.Draft draft) {
      entries.add(new Entry(type, original, surrogate));
      owners.put(Casing.fold(surrogate), identity);
      if (isNamed(type)) {
        named.add(surrogate);
        namedOriginals.put(surrogate, original);
        draft.write();
      } else {
        prefixFree.add(surrogate);
      }
    }
  }
}
