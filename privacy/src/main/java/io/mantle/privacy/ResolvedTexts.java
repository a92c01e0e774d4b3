package io.mantle.privacy;

import io.mantle.privacy.KnownSurrogates.Known;
import io.mantle.privacy.Masking.Replacement;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.SpanMerge;
import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The texts of a request with surrogates that came back read as what they stand for, and the way
 * from there to the texts as the client sent them. Immutable. Prints nothing of them.
 *
 * <p>The resolved texts never leave: what leaves is the client's texts with the replacements of
 * {@link #inClientTexts}. So where an original was not found in a resolved text, the surrogate that
 * the client sent is what stays.
 */
public final class ResolvedTexts {
  private final List<Plaintext> said;
  private final List<Plaintext> texts;
  private final List<List<Region>> regions;
  private final List<Known> returned;

  /** A surrogate in the client's text, and its original in the resolved one. */
  record Region(int saidStart, int saidEnd, int meantStart, int meantEnd) {}

  /**
   * Resolved texts.
   *
   * @param said as the client sent them
   * @param regions of each text, in its order
   * @param returned each original that came back, once
   */
  ResolvedTexts(
      List<Plaintext> said,
      List<Plaintext> texts,
      List<List<Region>> regions,
      List<Known> returned) {
    this.said = List.copyOf(said);
    this.texts = List.copyOf(texts);
    this.regions = List.copyOf(regions);
    this.returned = List.copyOf(returned);
  }

  /** What to mask. */
  public List<Plaintext> texts() {
    return texts;
  }

  /** Whether they differ from what the client sent. */
  public boolean isChanged() {
    return !returned.isEmpty();
  }

  /**
   * The hosts that they name, in small letters.
   *
   * @param speaks of which of them, by its index, the hosts count: not of a text that somebody
   *     wrote who wants values sent to a host
   */
  public Set<String> hosts(IntPredicate speaks) {
    List<Plaintext> speaking =
        IntStream.range(0, texts.size()).filter(speaks).mapToObj(texts::get).toList();
    return NamedHosts.in(speaking);
  }

  /** The same detector, which also finds the originals of the surrogates that came back. */
  public Detector over(Detector detector) {
    if (returned.isEmpty()) {
      return detector;
    }
    PhraseSet.Builder phrases = new PhraseSet.Builder();
    returned.forEach(one -> phrases.add(one.original().reveal(), one.bounded()));
    PhraseSet originals = phrases.build();
    return new Over(detector, originals, returned);
  }

  /** A detector that also finds the originals of the surrogates that came back. */
  private record Over(Detector detector, PhraseSet originals, List<Known> returned)
      implements Detector {

    @Override
    public List<Span> detect(Plaintext text) {
      SpanMerge spans = new SpanMerge(text);
      PhraseSet.Hit hit = new PhraseSet.Hit();
      PhraseSet.Before before = new PhraseSet.Before(false);
      originals.find(text.reveal(), 0, before, false, hit);
      while (hit.phrase() >= 0) {
        spans.add(new Span(hit.start(), hit.end(), returned.get(hit.phrase()).type(), 1));
        originals.find(text.reveal(), hit.end(), before, false, hit);
      }
      detector.detect(text).forEach(spans::add);
      return spans.spans();
    }

    @Override
    public Detector forRequest() {
      return new Over(detector.forRequest(), originals, returned);
    }

    @Override
    public boolean mayBlock() {
      return detector.mayBlock();
    }
  }

  /**
   * Replacements in the resolved texts as such in the client's. One that would put a surrogate
   * where it stands already is left out.
   *
   * @param replacements ordered by text and start, none overlapping
   * @throws UnmaskableException if one takes away a part of an original only: the client's text has
   *     no such part
   */
  public List<Replacement> inClientTexts(List<Replacement> replacements)
      throws UnmaskableException {
    if (returned.isEmpty()) {
      return replacements;
    }
    List<Replacement> mapped = new ArrayList<>(replacements.size());
    for (Replacement r : replacements) {
      int start = said(regions.get(r.text()), r.start());
      int end = said(regions.get(r.text()), r.end());
      if (!said.get(r.text()).reveal().substring(start, end).equals(r.surrogate())) {
        mapped.add(new Replacement(r.text(), start, end, r.type(), r.surrogate()));
      }
    }
    return mapped;
  }

  private static int said(List<Region> regions, int meant) throws UnmaskableException {
    int shift = 0;
    for (Region region : regions) {
      if (region.meantStart() >= meant) {
        break;
      }
      if (meant < region.meantEnd()) {
        throw new UnmaskableException("a surrogate that came back was found in part");
      }
      shift = region.saidEnd() - region.meantEnd();
    }
    return meant + shift;
  }

  /** What the replacements of the resolved texts stand for, each once. */
  public List<Known> known(List<Replacement> replacements) {
    Set<Known> known = new LinkedHashSet<>();
    for (Replacement r : replacements) {
      Plaintext original =
          new Plaintext(texts.get(r.text()).reveal().substring(r.start(), r.end()));
      known.add(new Known(r.type(), r.surrogate(), original, true));
    }
    return List.copyOf(known);
  }

  @Override
  public String toString() {
    return "ResolvedTexts[" + texts.size() + " texts, " + returned.size() + " surrogates returned]";
  }
}
