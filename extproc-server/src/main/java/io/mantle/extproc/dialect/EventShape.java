package io.mantle.extproc.dialect;

import java.util.List;
import java.util.Set;

/** How the events of a stream carry text, and which of them go on with the same text. */
public sealed interface EventShape {

  /**
   * Chunks whose {@code choices} take turns. A text grows at one place below a choice's {@code
   * delta}, or as its {@code text}, and ends with the choice's {@code finish_reason}.
   *
   * @param wholes members below {@code delta} that do not grow
   */
  record Choices(Set<String> wholes) implements EventShape {}

  /**
   * Events that say what they are by their {@code type}. A text grows as their {@code delta}, or as
   * each string of an object there that is a delta; it ends with the event that ends what it
   * belongs to. What an event belongs to, its members named {@code index} or {@code ..._index} say
   * together.
   *
   * @param ends how the types of events end that end something
   * @param jsonSources the types of events whose {@code delta} is the source of a JSON text
   * @param toolTexts the types of events whose {@code delta} is text that a tool is called with
   * @param toolTextEnds the types of events that say such a text again, whole, as their {@code
   *     input}
   * @param answers the types of events whose {@code delta} is the answer's text
   */
  record TypedEvents(
      List<String> ends,
      Set<String> jsonSources,
      Set<String> toolTexts,
      Set<String> toolTextEnds,
      Set<String> answers)
      implements EventShape {}
}
