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

  /**
   * The detector for the texts of one request. Where what a request may cost is bounded over all
   * its texts, that begins here; else it is this one.
   */
  default Detector forRequest() {
    return this;
  }

  /**
   * Whether it may wait, for seconds, rather than work: then it must not be called where others
   * wait for the thread, and others' threads do not help it.
   */
  default boolean mayBlock() {
    return false;
  }
}
