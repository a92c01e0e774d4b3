package io.mantle.privacy.detect;

import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;

/**
 * Which mentions of a value that was found elsewhere in a request may leave all the same, since
 * they are part of a phrase that the tenant allows. Safe for use by many threads.
 */
@FunctionalInterface
public interface AllowedMentions {
  /** No mention may leave. */
  AllowedMentions NONE = (_, mentions) -> mentions;

  /** Those of a text's mentions that must be masked. */
  List<Span> without(Plaintext text, List<Span> mentions);
}
