package io.mantle.privacy.detect;

import io.mantle.privacy.detect.custom.CustomRecognizer;
import io.mantle.privacy.detect.custom.DenyTerm;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.value.Plaintext;
import java.util.List;

/**
 * How a tenant wants its texts examined. Two that are equal find the same.
 *
 * @param recall what weighs more, a miss or a false alarm
 * @param deny what must not leave, whatever its type's action is
 * @param allow findings that may leave, but for secrets and card numbers
 * @param recognizers the tenant's own
 * @param deep whether the deep tier is asked as well
 */
public record DetectionPolicy(
    Recall recall,
    List<DenyTerm> deny,
    List<Plaintext> allow,
    List<CustomRecognizer> recognizers,
    boolean deep) {

  /** The default tiers, balanced, and nothing of a tenant's own. */
  public static final DetectionPolicy STANDARD =
      new DetectionPolicy(Recall.BALANCED, List.of(), List.of(), List.of(), false);

  public DetectionPolicy {
    deny = List.copyOf(deny);
    allow = List.copyOf(allow);
    recognizers = List.copyOf(recognizers);
  }
}
