package io.mantle.extproc.response;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one event of a stream says of the texts that grow.
 *
 * @param pieces in the order of the event
 * @param places strings by which the provider signs, and objects with annotations
 * @param namings which tools are called
 * @param ends which channels say no more after this event
 */
record Reading(
    List<Piece> pieces, List<Place> places, List<Naming> namings, Predicate<Channel> ends) {

  /**
   * A piece of a growing text.
   *
   * @param token the string in the event
   * @param within the object of the event that speaks of what the channel belongs to
   * @param form what the text is
   * @param cited whether annotations may cite it
   * @param toolCall the call that it is an argument of, where its form is one of arguments
   */
  record Piece(
      Channel channel, int token, int within, Form form, boolean cited, Channel toolCall) {}

  /**
   * Which tool is called.
   *
   * @param toolCall as {@link Piece#toolCall} has it
   */
  record Naming(Channel toolCall, Set<String> names) {}

  /** What a growing text is. */
  enum Form {
    TEXT,
    /** JSON source that a tool is called with. */
    JSON_SOURCE,
    /** Text that a tool is called with. */
    TOOL_TEXT,
    /** JSON source that a person is shown. */
    SHOWN_JSON_SOURCE,
    /** What the provider is going to sign: it stays as it is. */
    COVERED
  }

  /** Where an event speaks of a text that grew before. */
  sealed interface Place {
    /** What the text belongs to; see {@link Channel#scope}. */
    List<String> scope();

    /** A string by which the provider signs the text. */
    record Seal(List<String> scope, int token) implements Place {}

    /** An object with annotations that cite the text. */
    record Citing(List<String> scope, int object) implements Place {}

    /** An object that says again, whole, what a tool is called with, and not which tool. */
    record Calling(List<String> scope, int object) implements Place {}
  }
}
