package io.mantle.privacy;

import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.value.EntityType;
import java.util.List;
import java.util.Map;

/** What became of the texts of one request. */
public sealed interface Masking {

  /**
   * The request may leave, with these replacements made.
   *
   * @param replacements ordered by text and start, none overlapping
   * @param restoration puts the real values back into the answer
   * @param entities how many stretches of text were replaced, by type
   * @param remaps how many values did not get their first surrogate, since it was taken
   */
  record Masked(
      List<Replacement> replacements,
      Restoration restoration,
      Map<EntityType, Integer> entities,
      int remaps)
      implements Masking {

    /** Of values that all got their first surrogate. */
    public Masked(
        List<Replacement> replacements,
        Restoration restoration,
        Map<EntityType, Integer> entities) {
      this(replacements, restoration, entities, 0);
    }

    /** The same with other replacements: those of the texts as the client sent them. */
    public Masked with(List<Replacement> inClientTexts) {
      return new Masked(inClientTexts, restoration, entities, remaps);
    }
  }

  /**
   * The policy does not let a type of entity leave in any form.
   *
   * @param type the first such type, in the order of the texts
   * @param count how many entities of it were found
   * @param text the index of the text that holds the first
   */
  record Blocked(EntityType type, int count, int text) implements Masking {}

  /**
   * A stretch of one text and what leaves in its place.
   *
   * @param text index of the text
   * @param start first UTF-16 unit
   * @param end one past the last
   */
  record Replacement(int text, int start, int end, EntityType type, String surrogate) {}
}
