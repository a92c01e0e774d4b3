package io.mantle.privacy.detect.deep;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.SecondTier;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;

/**
 * The fast tiers first, then the deep tier over what they found.
 *
 * <p>Guarantees: those of a {@link Detector} and of the {@link DeepTier}.
 *
 * @param fast asked first, for each text
 */
public record DeepDetector(Detector fast, DeepTier deep) implements Detector {

  /** As a request of its own, which is refused on overrun. */
  @Override
  public List<Span> detect(Plaintext text) {
    return forRequest().detect(text);
  }

  @Override
  public Detector forRequest() {
    return forRequest(OnOverrun.REFUSE);
  }

  /** The detector for all texts of one request; its time begins now. */
  public Detector forRequest(OnOverrun onOverrun) {
    SecondTier.Look look = deep.forRequest(onOverrun);
    return text -> look.over(text, fast.detect(text));
  }

  @Override
  public boolean mayBlock() {
    return true;
  }
}
