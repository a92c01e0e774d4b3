package io.mantle.extproc.tenant;

import io.mantle.privacy.rehydrate.RestorationPolicy;

/**
 * What a tenant wants restored in answers. Immutable.
 *
 * @param restoring how surrogates are recognised, and into which links
 */
public record AnswerPolicy(RestorationPolicy restoring) {
  /** Everything, but into links to hosts that the prompt does not name. */
  public static final AnswerPolicy DEFAULT = new AnswerPolicy(RestorationPolicy.DEFAULT);
}
