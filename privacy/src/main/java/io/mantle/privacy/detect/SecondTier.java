package io.mantle.privacy.detect;

import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;

/**
 * A tier that is asked after the others, about what they leave uncertain. It may take its time, and
 * bounds it for each request. Safe for use by many threads.
 */
public interface SecondTier {

  /** The look at the texts of one request; its time begins now. */
  Look forRequest();

  /** One request's. The texts may come from several threads. */
  @FunctionalInterface
  interface Look {

    /**
     * All there is in a text: what was found, and what this tier adds.
     *
     * @param found what the other tiers found, in order and apart
     * @return in order and apart; covers all that was found
     */
    List<Span> over(Plaintext text, List<Span> found);
  }
}
