package io.mantle.privacy.value;

/**
 * What a surrogate may be called instead, and what that stands for.
 *
 * @param surrogate a spelling that says who or what is meant
 * @param original what takes its place: of the real value what the spelling is of the surrogate
 * @param strategy what it takes to recognise it, before any other liberty is taken
 * @param writing which characters count
 */
public record Alias(String surrogate, Plaintext original, Strategy strategy, Writing writing) {

  /** What of a spelling must be there, and what may come between. */
  public enum Writing {
    /** Words: letters and digits count, and that there is something between words. */
    WORDS,
    /** A number: letters and digits count, however they are grouped. */
    NUMBER,
    /** Every character counts. */
    LITERAL
  }

  /** Prints neither value. */
  @Override
  public String toString() {
    return "Alias[" + strategy + "]";
  }
}
