package io.mantle.controlplane.preview;

import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import java.util.List;
import java.util.Optional;

/**
 * What a policy makes of a text. Prints nothing of it.
 *
 * @param findings in the order of the text; none overlap
 * @param masked the text as it would leave; empty where it would not, since a finding is blocked
 */
public record Preview(List<Finding> findings, Optional<String> masked) {

  public Preview {
    findings = List.copyOf(findings);
  }

  @Override
  public String toString() {
    return "Preview[" + findings.size() + " findings]";
  }

  /**
   * A stretch of the text. Positions are Unicode code points.
   *
   * @param end one past the last
   * @param score confidence, 0 to 1
   * @param replacement what stands in its place in the masked text; empty where it stays, or where
   *     there is no masked text
   */
  public record Finding(
      int start,
      int end,
      EntityType type,
      double score,
      Action action,
      Optional<String> replacement) {

    @Override
    public String toString() {
      return "Finding[" + type + ", " + action + "]";
    }
  }
}
