package io.mantle.privacy;

import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
import java.util.List;

/**
 * The texts of a request and what was found in them. Prints neither.
 *
 * @param actions what happens to what was found
 * @param found of each text, without what may leave
 */
public record Examined(List<Plaintext> texts, PrivacyPolicy actions, List<List<Span>> found) {

  /** Whether there is nothing to mask. */
  public boolean isEmpty() {
    return found.stream().allMatch(List::isEmpty);
  }

  @Override
  public String toString() {
    return "Examined[" + texts.size() + " texts]";
  }
}
