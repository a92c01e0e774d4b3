package io.mantle.privacy.surrogate;

import io.mantle.privacy.value.Alias;
import java.util.List;

/** How the surrogates of one entity type look. Stateless: used by many threads at once. */
interface Shape {

  /** The value itself, whatever its spelling: two spellings of one value give the same text. */
  String identity(String spelling);

  /** A stand-in spelled the way the original is; all that is random in it comes from the draws. */
  String surrogate(String spelling, Draws draws);

  /** What a surrogate of this type may be called instead, and what that stands for. */
  default List<Alias> aliases(String original, String surrogate) {
    return List.of();
  }

  /** The part of the original of which no run of letters and digits may show in the surrogate. */
  default String exposed(String spelling) {
    return "";
  }
}
