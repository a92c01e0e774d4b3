package io.mantle.privacy;

import io.mantle.privacy.Masking.Replacement;
import io.mantle.privacy.detect.DetectionOverrunException;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.detect.link.LinkingDetector;
import io.mantle.privacy.detect.parallel.Workers;
import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.surrogate.SurrogateTable;
import io.mantle.privacy.surrogate.SurrogatesExhausted;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Masks the texts of a request: detect, link, mint, prove.
 *
 * <p>Guarantees: a value that was found once is replaced wherever the request repeats it; the same
 * texts under the same key give the same replacements; no surrogate stands in the request already;
 * and before anything is returned it is proven that restoring the masked texts gives the texts
 * back. Safe for use by many threads; keeps nothing of a request.
 *
 * <p>Not guaranteed: that all there is to find is found; see {@link Detector}.
 */
public final class PrivacyEngine {
  /** Where a text is all a number it may be JSON's, and must stay one. */
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?");

  private final Detector detector;
  private final SurrogateMint mint;
  private final Workers workers;

  /** An engine that works on the caller's thread alone. */
  public PrivacyEngine(Detector detector, SurrogateMint mint) {
    this(detector, mint, Workers.NONE);
  }

  /** An engine that has help with long requests. */
  public PrivacyEngine(Detector detector, SurrogateMint mint, Workers workers) {
    this.detector = detector;
    this.mint = mint;
    this.workers = workers;
  }

  /** What the engine was made with. */
  public Detector detector() {
    return detector;
  }

  /** As the other method, with every way of restoring on. */
  public Masking mask(List<Plaintext> texts, ConversationKey key, Examination examination)
      throws UnmaskableException {
    return mask(texts, key, examination, RestorationPolicy.DEFAULT);
  }

  /**
   * Masks the texts of one request.
   *
   * @param texts in the order of the request
   * @param key the conversation's
   * @param examination how this tenant's texts are examined; that of this request
   * @param restoring how surrogates are recognised in the answer
   * @throws UnmaskableException if they cannot be masked reversibly; nothing of them may leave then
   * @throws DeepTierException if the deep tier gives no answer; nothing of them may leave then
   */
  public Masking mask(
      List<Plaintext> texts,
      ConversationKey key,
      Examination examination,
      RestorationPolicy restoring)
      throws UnmaskableException {
    return mask(texts, key, examination, restoring, KnownSurrogates.NONE);
  }

  /**
   * As the other method, for a request whose answer may speak of more than the request does: the
   * provider has what was said before.
   *
   * @param said surrogates that the provider has; none of them is given to another value. One that
   *     the request itself says, without meaning what it stands for, is not restored
   */
  public Masking mask(
      List<Plaintext> texts,
      ConversationKey key,
      Examination examination,
      RestorationPolicy restoring,
      KnownSurrogates said)
      throws UnmaskableException {
    return mask(examine(texts, examination), key, restoring, said);
  }

  /**
   * Finds what {@link #mask} would mask, for who must know of it before there is a key.
   *
   * @throws UnmaskableException if they cannot be examined
   * @throws DeepTierException if the deep tier gives no answer
   */
  public Examined examine(List<Plaintext> texts, Examination examination)
      throws UnmaskableException {
    return new Examined(texts, examination.actions(), detect(texts, examination));
  }

  /** As the other method, for texts that were examined, each of which may name hosts. */
  public Masking mask(
      Examined examined, ConversationKey key, RestorationPolicy restoring, KnownSurrogates said)
      throws UnmaskableException {
    return mask(examined, key, restoring, said, NamedHosts.in(examined.texts()));
  }

  /**
   * As the other method, for texts of which not all may name hosts.
   *
   * @param named the hosts into whose links values may go, as {@link ResolvedTexts#hosts} gives
   *     them; those of {@code said} may have them too
   */
  public Masking mask(
      Examined examined,
      ConversationKey key,
      RestorationPolicy restoring,
      KnownSurrogates said,
      Set<String> named)
      throws UnmaskableException {
    Set<String> hosts = said.hostsWith(named);
    List<Plaintext> texts = examined.texts();
    PrivacyPolicy policy = examined.actions();
    List<List<Span>> found = examined.found();
    Masking blocked = blocked(found, policy);
    if (blocked != null) {
      return blocked;
    }
    if (examined.isEmpty()) {
      return new Masking.Masked(List.of(), restorationOf(said, texts, restoring, hosts), Map.of());
    }
    for (Attempt attempt : Attempt.values()) {
      Table table = replace(texts, found, key, policy, attempt, said);
      List<String> left = left(texts, table.replacements());
      Restoration restoration =
          restoration(
                  texts, table.replacements(), attempt, restoring, hosts, unambiguous(said, left))
              .ambiguousFormsLeftOut(left);
      if (restores(texts, left, restoration)) {
        return new Masking.Masked(
            table.replacements(),
            restoration.untallied(),
            count(table.replacements()),
            table.remaps());
      }
    }
    throw new UnmaskableException("the masked text would not restore to what it was");
  }

  /**
   * How many stretches of the texts {@link #mask} would replace, by type, blocked ones included:
   * what a policy that only observes reports.
   *
   * @throws UnmaskableException if they cannot be examined
   * @throws DeepTierException if the deep tier gives no answer
   */
  public Map<EntityType, Integer> observe(List<Plaintext> texts, Examination examination)
      throws UnmaskableException {
    Map<EntityType, Integer> counts = new EnumMap<>(EntityType.class);
    detect(texts, examination).stream()
        .flatMap(List::stream)
        .forEach(span -> counts.merge(span.type(), 1, Integer::sum));
    return Collections.unmodifiableMap(counts);
  }

  private List<List<Span>> detect(List<Plaintext> texts, Examination examination)
      throws UnmaskableException {
    Predicate<EntityType> masked = type -> examination.actions().action(type) != Action.ALLOW;
    Detector detector = examination.detector();
    // A helper that waits would have its piece done over, and counted twice.
    Workers helpers = detector.mayBlock() ? Workers.NONE : workers;
    try {
      return new LinkingDetector(detector, helpers, examination.allowed())
          .detect(texts, masked).stream()
              .map(spans -> spans.stream().filter(span -> masked.test(span.type())).toList())
              .toList();
    } catch (DetectionOverrunException e) {
      throw new UnmaskableException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Masking blocked(List<List<Span>> found, PrivacyPolicy policy) {
    for (int text = 0; text < found.size(); text++) {
      for (Span span : found.get(text)) {
        if (policy.action(span.type()) == Action.BLOCK) {
          EntityType type = span.type();
          long count = found.stream().flatMap(List::stream).filter(s -> s.type() == type).count();
          return new Masking.Blocked(type, (int) count, text);
        }
      }
    }
    return null;
  }

  /** What is tried in turn; the first that comes back is what leaves. */
  private enum Attempt {
    RELATED(true, true),
    /** A text had something beside a name that made of it another's. */
    UNRELATED(false, true),
    /** A text had a value inside of a word, and the word elsewhere. */
    UNBOUNDED(false, false);

    private final boolean related;

    /** Whether surrogates are only found as whole words. */
    private final boolean bounded;

    Attempt(boolean related, boolean bounded) {
      this.related = related;
      this.bounded = bounded;
    }
  }

  private record Table(List<Replacement> replacements, int remaps) {}

  private Table replace(
      List<Plaintext> texts,
      List<List<Span>> found,
      ConversationKey key,
      PrivacyPolicy policy,
      Attempt attempt,
      KnownSurrogates said)
      throws UnmaskableException {
    OccurrenceIndex occurrences = new OccurrenceIndex(texts);
    Set<String> ofOthers = ofOthers(texts, found, said);
    SurrogateTable.Builder table =
        new SurrogateTable.Builder(
            mint, key, candidate -> ofOthers.contains(candidate) || occurrences.occurs(candidate));
    if (!attempt.related) {
      table.unrelated();
    }
    List<Replacement> replacements = new ArrayList<>();
    try {
      for (int text = 0; text < texts.size(); text++) {
        for (Span span : found.get(text)) {
          String whole = texts.get(text).reveal();
          Plaintext original = new Plaintext(whole.substring(span.start(), span.end()));
          boolean placeholder =
              policy.action(span.type()) == Action.PLACEHOLDER
                  && !(span.length() == whole.length() && NUMBER.matcher(whole).matches());
          String surrogate =
              placeholder
                  ? table.placeholderFor(span.type(), original)
                  : table.surrogateFor(span.type(), original);
          replacements.add(new Replacement(text, span.start(), span.end(), span.type(), surrogate));
        }
      }
    } catch (SurrogatesExhausted e) {
      throw new UnmaskableException("no surrogate is free");
    }
    return new Table(replacements, table.build().remaps());
  }

  /** The surrogates that stand for what this request does not speak of. */
  private static Set<String> ofOthers(
      List<Plaintext> texts, List<List<Span>> found, KnownSurrogates said) {
    if (said.isEmpty()) {
      return Set.of();
    }
    Set<Plaintext> originals = new HashSet<>();
    for (int text = 0; text < texts.size(); text++) {
      String whole = texts.get(text).reveal();
      for (Span span : found.get(text)) {
        originals.add(new Plaintext(whole.substring(span.start(), span.end())));
      }
    }
    return said.all().stream()
        .filter(known -> !originals.contains(known.original()))
        .map(KnownSurrogates.Known::surrogate)
        .collect(Collectors.toSet());
  }

  /** What restores surrogates of earlier requests alone. */
  public Restoration restoration(KnownSurrogates said, RestorationPolicy restoring) {
    return restorationOf(said, List.of(), restoring, said.hostsWith(Set.of()));
  }

  /** The same, for the answer to texts that leave as they are. */
  private Restoration restorationOf(
      KnownSurrogates said, List<Plaintext> texts, RestorationPolicy restoring, Set<String> hosts) {
    if (said.isEmpty()) {
      return Restoration.NONE;
    }
    List<String> left = texts.stream().map(Plaintext::reveal).toList();
    List<Restoration.Entry> entries = unambiguous(said, left).stream().map(this::entry).toList();
    return new Restoration(entries, restoring, hosts, mint::isWord)
        .ambiguousFormsLeftOut(left)
        .untallied();
  }

  /** Those that the texts, as they leave, do not hold: there they would mean something else. */
  private static List<KnownSurrogates.Known> unambiguous(KnownSurrogates said, List<String> left) {
    if (said.isEmpty()) {
      return List.of();
    }
    OccurrenceIndex occurrences = new OccurrenceIndex(left.stream().map(Plaintext::new).toList());
    return said.all().stream().filter(known -> !occurrences.occurs(known.surrogate())).toList();
  }

  private Restoration.Entry entry(KnownSurrogates.Known known) {
    return entry(known.type(), known.surrogate(), known.original(), known.bounded());
  }

  private Restoration.Entry entry(
      EntityType type, String surrogate, Plaintext original, boolean bounded) {
    return new Restoration.Entry(
        type,
        surrogate,
        original,
        bounded,
        surrogate.startsWith("[") ? List.of() : mint.aliases(type, original, surrogate));
  }

  /**
   * What restores the replacements. Where it may be bounded, a surrogate is only found as a whole
   * word, unless the request itself had the original inside of one.
   */
  private Restoration restoration(
      List<Plaintext> texts,
      List<Replacement> replacements,
      Attempt attempt,
      RestorationPolicy restoring,
      Set<String> hosts,
      List<KnownSurrogates.Known> said) {
    Map<String, Plaintext> originals = new LinkedHashMap<>();
    Map<String, EntityType> types = new HashMap<>();
    Set<String> insideWords = new HashSet<>();
    for (Replacement r : replacements) {
      String text = texts.get(r.text()).reveal();
      originals.putIfAbsent(r.surrogate(), new Plaintext(text.substring(r.start(), r.end())));
      types.putIfAbsent(r.surrogate(), r.type());
      if (!standsAlone(text, r)) {
        insideWords.add(r.surrogate());
      }
    }
    List<Restoration.Entry> entries = new ArrayList<>(originals.size());
    originals.forEach(
        (surrogate, original) -> {
          EntityType type = types.getOrDefault(surrogate, EntityType.PASSWORD_OR_SECRET);
          boolean bounded = attempt.bounded && !insideWords.contains(surrogate);
          entries.add(entry(type, surrogate, original, bounded));
        });
    for (KnownSurrogates.Known known : said) {
      if (!originals.containsKey(known.surrogate())) {
        entries.add(entry(known));
      }
    }
    return new Restoration(entries, restoring, hosts, mint::isWord);
  }

  private static boolean standsAlone(String text, Replacement r) {
    boolean joinsLeft =
        r.start() > 0 && PhraseSet.join(text.charAt(r.start() - 1), r.surrogate().charAt(0));
    boolean joinsRight =
        r.end() < text.length()
            && PhraseSet.join(
                r.surrogate().charAt(r.surrogate().length() - 1), text.charAt(r.end()));
    return !joinsLeft && !joinsRight;
  }

  /** The texts as they leave. */
  private static List<String> left(List<Plaintext> texts, List<Replacement> replacements) {
    List<String> left = new ArrayList<>(texts.size());
    int next = 0;
    for (int index = 0; index < texts.size(); index++) {
      String text = texts.get(index).reveal();
      StringBuilder masked = new StringBuilder(text.length() + 64);
      int done = 0;
      for (; next < replacements.size() && replacements.get(next).text() == index; next++) {
        Replacement r = replacements.get(next);
        masked.append(text, done, r.start()).append(r.surrogate());
        done = r.end();
      }
      left.add(done == 0 ? text : masked.append(text, done, text.length()).toString());
    }
    return left;
  }

  /** The proof: every text as it leaves, restored, is the text. */
  private static boolean restores(
      List<Plaintext> texts, List<String> left, Restoration restoration) {
    Restoration unguarded = restoration.unguarded();
    for (int i = 0; i < left.size(); i++) {
      if (!unguarded.restoreText(left.get(i)).equals(texts.get(i).reveal())) {
        return false;
      }
    }
    return true;
  }

  private static Map<EntityType, Integer> count(List<Replacement> replacements) {
    Map<EntityType, Integer> counts = new EnumMap<>(EntityType.class);
    replacements.forEach(r -> counts.merge(r.type(), 1, Integer::sum));
    return Collections.unmodifiableMap(counts);
  }
}
