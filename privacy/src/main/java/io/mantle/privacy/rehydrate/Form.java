package io.mantle.privacy.rehydrate;

import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.EntityType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One way to write one surrogate, and what takes its place.
 *
 * @param type what it is
 * @param spelling of the surrogate
 * @param original of what takes its place
 * @param strategies a bit for each that it takes to recognise this form, before any liberty
 * @param enabled a bit for each that the policy has on for this type
 * @param writing which characters count
 * @param isAlias whether it is not the surrogate itself
 * @param rest of what is no whole name of a person: the words of the rest, folded; else null
 */
record Form(
    EntityType type,
    Spelling spelling,
    Spelling original,
    int strategies,
    int enabled,
    Writing writing,
    boolean isAlias,
    @Nullable Set<String> rest) {

  /** Whether a value of this type is the same in capitals. */
  boolean ignoresCase() {
    return switch (type) {
      case PERSON, EMAIL, USERNAME, ADDRESS, LOCATION, ORG, DATE, DATE_OF_BIRTH -> true;
      case PHONE,
          CREDIT_CARD,
          IBAN,
          SSN,
          IP,
          MAC,
          CRYPTO,
          PASSWORD_OR_SECRET,
          PASSPORT,
          DRIVER_LICENSE,
          NATIONAL_ID,
          MEDICAL_ID,
          BANK_ACCOUNT,
          URL ->
          false;
    };
  }

  /**
   * The words of {@code whole} but for those of {@code spelling}, where a neighbour could make it
   * another person's: a single name, or names in another order ("Ashdown Pemberton, Juliet Lee").
   */
  static @Nullable Set<String> rest(EntityType type, String whole, String spelling) {
    boolean isWhole = spelling.equals(whole) && !Neighbours.isOneName(spelling);
    if (type != EntityType.PERSON || isWhole) {
      return null;
    }
    Set<String> rest = Neighbours.wordsOf(whole);
    rest.removeAll(Neighbours.wordsOf(spelling));
    return rest;
  }

  boolean isWord() {
    return writing == Writing.WORDS && spelling.words() == 1;
  }

  /** How the values of a type are written. */
  static Writing writing(EntityType type, String surrogate) {
    if (surrogate.startsWith("[")) {
      return Writing.LITERAL; // a placeholder
    }
    return switch (type) {
      case PERSON, ADDRESS, LOCATION, ORG -> Writing.WORDS;
      case DATE, DATE_OF_BIRTH ->
          surrogate.chars().anyMatch(Character::isLetter) ? Writing.WORDS : Writing.LITERAL;
      case PHONE,
          CREDIT_CARD,
          IBAN,
          SSN,
          PASSPORT,
          DRIVER_LICENSE,
          NATIONAL_ID,
          MEDICAL_ID,
          BANK_ACCOUNT ->
          Writing.NUMBER;
      case EMAIL, IP, MAC, CRYPTO, PASSWORD_OR_SECRET, USERNAME, URL -> Writing.LITERAL;
    };
  }

  /** Prints no value. */
  @Override
  public String toString() {
    return "Form[" + type + "]";
  }
}
