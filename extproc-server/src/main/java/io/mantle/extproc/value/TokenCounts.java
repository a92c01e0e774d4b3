package io.mantle.extproc.value;

/**
 * What an exchange cost, in the provider's billing units.
 *
 * @param cached how many of the prompt's the provider had kept
 * @param reasoning how many of the completion's nobody was shown
 * @param estimated whether this is a guess, since the provider said nothing
 */
public record TokenCounts(
    int prompt, int completion, int cached, int reasoning, boolean estimated) {

  /** What a provider said, without more. */
  public TokenCounts(int prompt, int completion) {
    this(prompt, completion, 0, 0, false);
  }

  /** A guess. */
  public static TokenCounts estimate(long prompt, long completion) {
    return new TokenCounts(
        (int) Math.min(prompt, Integer.MAX_VALUE),
        (int) Math.min(completion, Integer.MAX_VALUE),
        0,
        0,
        true);
  }

  /** Prompt and completion. */
  public long total() {
    return (long) prompt + completion;
  }
}
