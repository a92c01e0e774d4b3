package io.mantle.privacy;

import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Surrogates that reached the client before, to be recognised where it sends them back. Immutable.
 *
 * <p>What comes back is read as what it stands for: the request is masked as if the client had said
 * the original, so it leaves under a surrogate of this request like any other value, nearly always
 * the same one, and the answer restores it. Taken for values of their own, surrogates would get
 * surrogates, and the answer would restore to the first ones.
 *
 * <p>Not guaranteed: that a known surrogate is not meant as itself. A client that speaks of someone
 * who really has that name gets the person back whom it stood for.
 */
public final class KnownSurrogates {
  /** None. */
  public static final KnownSurrogates NONE = new KnownSurrogates(List.of());

  private final List<Known> known;
  private final Set<String> hosts;
  private final PhraseSet surrogates;

  /**
   * A surrogate and its original.
   *
   * @param bounded whether it is only recognised where it is not part of a longer word or number
   */
  public record Known(EntityType type, String surrogate, Plaintext original, boolean bounded) {

    public Known {
      if (original.length() == 0) {
        throw new IllegalArgumentException("an original that is empty");
      }
    }

    private Known unbounded() {
      return new Known(type, surrogate, original, false);
    }

    private Known wider(Known other) {
      return bounded ? other : this;
    }

    /** Prints neither. */
    @Override
    public String toString() {
      return "Known[" + type + "]";
    }
  }

  /** Recognises these. */
  public KnownSurrogates(List<Known> known) {
    this(known, Set.of());
  }

  /**
   * Recognises these.
   *
   * @param hosts that earlier requests of the conversation named, as {@link ResolvedTexts#hosts}
   *     gives them
   */
  public KnownSurrogates(List<Known> known, Set<String> hosts) {
    this.known = List.copyOf(known);
    this.hosts = Set.copyOf(hosts);
    PhraseSet.Builder phrases = new PhraseSet.Builder();
    this.known.forEach(one -> phrases.add(one.surrogate(), one.bounded()));
    this.surrogates = phrases.build();
  }

  public boolean isEmpty() {
    return known.isEmpty();
  }

  List<Known> all() {
    return known;
  }

  /** These hosts, and those that earlier requests named. */
  Set<String> hostsWith(Set<String> named) {
    if (hosts.isEmpty()) {
      return named;
    }
    Set<String> all = new HashSet<>(named);
    all.addAll(hosts);
    return all;
  }

  /** Reads texts as what they stand for. */
  public ResolvedTexts resolve(List<Plaintext> texts) {
    if (known.isEmpty()) {
      return new ResolvedTexts(texts, texts, List.of(), List.of());
    }
    List<Plaintext> resolved = new ArrayList<>(texts.size());
    List<List<ResolvedTexts.Region>> regions = new ArrayList<>(texts.size());
    Map<Plaintext, Known> returned = new LinkedHashMap<>();
    for (Plaintext text : texts) {
      List<ResolvedTexts.Region> ofText = new ArrayList<>();
      resolved.add(resolve(text, ofText, returned));
      regions.add(ofText);
    }
    return new ResolvedTexts(texts, resolved, regions, List.copyOf(returned.values()));
  }

  private Plaintext resolve(
      Plaintext text, List<ResolvedTexts.Region> regions, Map<Plaintext, Known> returned) {
    String said = text.reveal();
    StringBuilder meant = new StringBuilder();
    PhraseSet.Hit hit = new PhraseSet.Hit();
    PhraseSet.Before before = new PhraseSet.Before(false);
    int done = 0;
    surrogates.find(said, 0, before, false, hit);
    while (hit.phrase() >= 0) {
      Known one = known.get(hit.phrase());
      meant.append(said, done, hit.start());
      int start = meant.length();
      meant.append(one.original().reveal());
      regions.add(new ResolvedTexts.Region(hit.start(), hit.end(), start, meant.length()));
      boolean joined = joinsLeft(meant, start) || joinsRight(meant, said, hit.end());
      returned.merge(one.original(), joined ? one.unbounded() : one, Known::wider);
      done = hit.end();
      surrogates.find(said, done, before, false, hit);
    }
    return regions.isEmpty()
        ? text
        : new Plaintext(meant.append(said, done, said.length()).toString());
  }

  private static boolean joinsLeft(CharSequence meant, int start) {
    return start > 0 && PhraseSet.join(meant.charAt(start - 1), meant.charAt(start));
  }

  private static boolean joinsRight(CharSequence meant, String said, int end) {
    return end < said.length()
        && PhraseSet.join(meant.charAt(meant.length() - 1), said.charAt(end));
  }

  @Override
  public String toString() {
    return "KnownSurrogates[" + known.size() + "]";
  }
}
