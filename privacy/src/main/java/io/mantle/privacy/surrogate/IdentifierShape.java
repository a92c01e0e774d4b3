package io.mantle.privacy.surrogate;

import java.util.Locale;

/**
 * Numbers of documents, patients, members and accounts: a digit for a digit, a letter for a letter.
 */
final class IdentifierShape implements Shape {
  private final String purpose;

  /**
   * A shape for one type.
   *
   * @param purpose keeps equal values of two types apart
   */
  IdentifierShape(String purpose) {
    this.purpose = purpose;
  }

  @Override
  public String identity(String spelling) {
    StringBuilder bare = new StringBuilder(spelling.length());
    for (int i = 0; i < spelling.length(); i++) {
      if (Character.isLetterOrDigit(spelling.charAt(i))) {
        bare.append(spelling.charAt(i));
      }
    }
    return bare.isEmpty() ? spelling : bare.toString().toUpperCase(Locale.ROOT);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    return CharacterClasses.replacedWithMarks(spelling, draws.about(purpose, identity(spelling)));
  }

  @Override
  public String exposed(String spelling) {
    return spelling;
  }
}
