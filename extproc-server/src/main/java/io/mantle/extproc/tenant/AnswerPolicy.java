package io.mantle.extproc.tenant;

import io.mantle.privacy.rehydrate.RestorationPolicy;
import java.util.Map;

/**
 * What a tenant wants restored in answers. Immutable.
 *
 * @param restoring how surrogates are recognised, and into which links
 * @param tools the name of a tool, or {@link io.mantle.extproc.value.Tools#OTHERS}, to whether
 *     values are restored in what it is called with
 * @param produced what becomes of what the model says of its own, and the prompt had not
 */
public record AnswerPolicy(
    RestorationPolicy restoring, Map<String, Boolean> tools, Produced produced) {

  /** Everything, but into links to hosts that the prompt does not name. */
  public static final AnswerPolicy DEFAULT =
      new AnswerPolicy(RestorationPolicy.DEFAULT, Map.of(), Produced.PASS);

  /** What becomes of entities in an answer that the prompt did not hold. */
  public enum Produced {
    PASS,
    MASK,
    /** The answer ends. */
    BLOCK
  }

  public AnswerPolicy {
    tools = Map.copyOf(tools);
  }
}
