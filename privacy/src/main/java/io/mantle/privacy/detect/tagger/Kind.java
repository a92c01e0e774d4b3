package io.mantle.privacy.detect.tagger;

/** What the model tells apart; a kind has two labels, for the first token and for the others. */
public enum Kind {
  PERSON(1),
  LOCATION(3),
  ORG(5),
  ADDRESS(7),
  DATE(9),
  /** A number or code that somebody issued to a person: passport, account, licence and so on. */
  ID(11),
  PHONE(13);

  private final int first;

  Kind(int first) {
    this.first = first;
  }

  private static final Kind[] ALL = values();

  /** The label of a token that belongs to nothing. */
  public static final int OUTSIDE = 0;

  /** How many labels there are. */
  public static final int LABELS = 1 + 2 * ALL.length;

  /** The label of the first token of an entity of this kind. */
  public int first() {
    return first;
  }

  /** The label of any further token. */
  public int further() {
    return first + 1;
  }

  /** The kind that a label other than {@link #OUTSIDE} is of. */
  static Kind of(int label) {
    return ALL[(label - 1) >> 1];
  }

  /** Whether a label goes on with an entity, so that it must follow a label of the same kind. */
  public static boolean isFurther(int label) {
    return label > 0 && (label & 1) == 0;
  }

  /** Whether {@code label} may follow {@code previous}. */
  public static boolean mayFollow(int previous, int label) {
    return !isFurther(label) || previous == label || previous == label - 1;
  }
}
