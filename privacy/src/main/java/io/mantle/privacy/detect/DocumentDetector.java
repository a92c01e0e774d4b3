package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds the entities of a document: of texts that belong together, as those of one request do. What
 * one of them shows of a value helps to find it in all.
 *
 * <p>Guarantees: as those of {@link Detector}, for all texts together.
 */
public interface DocumentDetector {

  /**
   * All spans of all types, a list for each text.
   *
   * @param wanted the types whose values are looked for in the whole document. What is found of
   *     other types is reported too, but makes room where it is a part of a wanted value
   */
  List<List<Span>> detect(List<Plaintext> texts, Predicate<EntityType> wanted);

  /** The spans of all types of a document that is one text. */
  default List<Span> detect(Plaintext text) {
    return detect(List.of(text), type -> true).getFirst();
  }
}
