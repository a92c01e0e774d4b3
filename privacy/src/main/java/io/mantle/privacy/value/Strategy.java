package io.mantle.privacy.value;

/**
 * The ways in which a surrogate in an answer is recognised, each of which a policy can switch for
 * each type. What takes several of them (a surname in capitals) is recognised only where all are
 * on.
 */
public enum Strategy {
  /** Character for character as it left; always on. */
  EXACT(0),
  /** In other upper and lower case. */
  CASE(1),
  /** With other white space between its words: a no-break space, a line break, two spaces. */
  SPACING(2),
  /** With Markdown marks, quotes or backslashes inside. */
  MARKUP(3),
  /** With an ending: a plural, a genitive, a case of a language that has them. */
  POSSESSIVE(4),
  /** Broken by a hyphen or a soft hyphen, or with another kind of dash. */
  HYPHENATION(5),
  /** With its accents lost, or gained. */
  ACCENTS(6),
  /** A first name or a surname alone, with or without a title, or the names in another order. */
  NAME_PART(7),
  /** With one of the names as an initial. */
  INITIALS(8),
  /** A telephone, card, account or other number, grouped in another way. */
  NUMBER_FORMAT(9),
  /** A date in another of the usual formats. */
  DATE_FORMAT(10),
  /** With characters escaped as in a link, in HTML or in JSON. */
  ESCAPED(11),
  /** With one or two typing errors, in a long name. */
  TYPO(12);

  private final int position;

  Strategy(int position) {
    this.position = position;
  }

  /** A bit of its own, for sets of strategies. */
  public int bit() {
    return 1 << position;
  }
}
