package io.mantle.privacy.detect;

import io.mantle.privacy.detect.disguise.Unmasked;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tiers that all tenants share, as a tenant's own rules look at them: before any merging. */
interface Tiers {

  /**
   * All findings, the most certain first; they may overlap.
   *
   * @param unmasked the same text without its disguise, or null where it has none
   */
  void recognize(Passage passage, @Nullable Unmasked unmasked, Consumer<Span> found);

  /** As {@link Detector#forRequest}. */
  default Tiers forRequest() {
    return this;
  }

  /** As {@link Detector#mayBlock}. */
  default boolean mayBlock() {
    return false;
  }
}
