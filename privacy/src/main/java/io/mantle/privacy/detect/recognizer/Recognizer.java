package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * Finds the entities of one family.
 *
 * <p>Guarantees: stateless, so safe for many threads; its spans lie within the passage, come in
 * order of start and do not overlap each other; time is linear in the passage's length.
 */
public interface Recognizer {

  void recognize(Passage passage, Consumer<Span> found);
}
