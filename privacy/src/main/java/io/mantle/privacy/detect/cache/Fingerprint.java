package io.mantle.privacy.detect.cache;

/** What a text is known by in the cache: half of a keyed hash, from which no text can be told. */
record Fingerprint(long high, long low) {

  /** The hash itself is well mixed. */
  @Override
  public int hashCode() {
    return Long.hashCode(low);
  }

  /** Prints nothing: beside another log it could tell that two texts are equal. */
  @Override
  public String toString() {
    return "Fingerprint";
  }
}
