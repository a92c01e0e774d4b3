package io.mantle.privacy.json;

/**
 * A byte range of a body and what stands there instead.
 *
 * @param start first byte
 * @param end one past the last; equals {@code start} for an insertion
 * @param replacement the new bytes; not copied, so not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, only applied
public record Edit(int start, int end, byte[] replacement) {

  public Edit {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("range [" + start + ", " + end + ") is negative");
    }
  }

  /** Prints no text. */
  @Override
  public String toString() {
    return "Edit[" + start + ", " + end + " -> " + replacement.length + " bytes]";
  }
}
