package io.mantle.extproc.dialect;

/** Where a request tells the model how to behave. */
public sealed interface SystemPrompt {

  /**
   * In a turn of its own, the first.
   *
   * @param turns the member of the root that holds the turns
   * @param role whose turn it is
   */
  record Turn(String turns, String role) implements SystemPrompt {}

  /**
   * In a member of the root: a text, or an array of parts that each hold one.
   *
   * @param name the member
   */
  record Member(String name) implements SystemPrompt {}

  /** Nowhere: there is no such place. */
  record None() implements SystemPrompt {}
}
