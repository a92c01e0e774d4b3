package io.mantle.privacy.detect.evaluation;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A text whose entities people marked.
 *
 * @param id what its corpus calls it, as JSON: a string in its quotes, or a number
 * @param marks the entities; none reaches beyond the text
 * @param annotated the types that its corpus marks at all; empty if the corpus does not say
 */
public record LabelledDocument(
    String id, String text, List<Mark> marks, Optional<Set<String>> annotated) {

  public LabelledDocument {
    marks = List.copyOf(marks);
    annotated = annotated.map(Set::copyOf);
  }
}
