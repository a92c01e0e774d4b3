package io.mantle.bench.load;

/** What a client feels of one exchange; times in nanoseconds. */
public enum Measure {
  /** From sending the request (or when it was due) to the last byte of the answer. */
  ANSWER("answer"),
  /** From there to the first text of a stream. */
  FIRST_TEXT("first text"),
  /**
   * From the provider's write of a chunk to the client's read of it, by the one clock of a machine.
   */
  CHUNK_DELAY("chunk delay"),
  /** Between texts of a stream. */
  TEXT_GAP("gap between texts");

  private final String words;

  Measure(String words) {
    this.words = words;
  }

  public String words() {
    return words;
  }
}
