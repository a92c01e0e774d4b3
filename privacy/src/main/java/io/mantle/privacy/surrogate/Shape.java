package io.mantle.privacy.surrogate;

/** How the surrogates of one entity type look. Stateless: used by many threads at once. */
interface Shape {

  /** The value itself, whatever its spelling: two spellings of one value give the same text. */
  String identity(String spelling);

  /** A stand-in spelled the way the original is; all that is random in it comes from the draws. */
  String surrogate(String spelling, Draws draws);

  /** The part of the original of which no run of letters and digits may show in the surrogate. */
  default String exposed(String spelling) {
    return "";
  }
}
