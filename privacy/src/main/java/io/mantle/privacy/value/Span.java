package io.mantle.privacy.value;

/**
 * A stretch of a text that is of one entity type.
 *
 * @param start first UTF-16 unit
 * @param end one past the last, greater than {@code start}
 * @param type what it is
 * @param score confidence, 0 to 1
 */
public record Span(int start, int end, EntityType type, double score) {

  public Span {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("span [" + start + ", " + end + ") is empty or negative");
    }
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score " + score + " is not within 0 and 1");
    }
  }

  public int length() {
    return end - start;
  }

  public boolean overlaps(Span other) {
    return start < other.end && other.start < end;
  }
}
