package io.mantle.privacy.detect;

import io.mantle.privacy.detect.disguise.Unmasked;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The fast tiers, and a second tier that looks at what they find together. */
record TwoTiers(Tiers fast, SecondTier second) implements Tiers {

  /** As a request of its own. */
  @Override
  public void recognize(Passage passage, @Nullable Unmasked unmasked, Consumer<Span> found) {
    forRequest().recognize(passage, unmasked, found);
  }

  @Override
  public Tiers forRequest() {
    return new OfRequest(fast, second.forRequest());
  }

  @Override
  public boolean mayBlock() {
    return true;
  }

  private record OfRequest(Tiers fast, SecondTier.Look second) implements Tiers {

    /**
     * The merged spans first and then each fast finding by itself, so that where a merged one is
     * allowed, a secret within it still shows.
     */
    @Override
    public void recognize(Passage passage, @Nullable Unmasked unmasked, Consumer<Span> found) {
      List<Span> findings = new ArrayList<>();
      fast.recognize(passage, unmasked, findings::add);
      SpanMerge merge = new SpanMerge(passage);
      findings.forEach(merge::add);
      second.over(new Plaintext(passage.text()), merge.spans()).forEach(found);
      findings.forEach(found);
    }

    @Override
    public boolean mayBlock() {
      return true;
    }
  }
}
