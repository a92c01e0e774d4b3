package io.mantle.privacy.detect;

import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;

/**
 * Finds the entities of a text.
 *
 * <p>Guarantees: safe for use by many threads; the spans lie within the text, are ordered by start
 * and do not overlap; the same text gives the same spans; time grows linearly with the text's
 * length; nothing of the text is kept.
 *
 * <p>Not guaranteed: that everything private is found. A detector is a statistical instrument, its
 * misses are measured.
 */
public interface Detector {

  /**
   * All entities of all types, whatever a policy does with them.
   *
   * @throws DetectionOverrunException if it costs too much to know
   */
  List<Span> detect(Plaintext text);
}
