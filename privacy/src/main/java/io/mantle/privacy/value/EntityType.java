package io.mantle.privacy.value;

/**
 * What a piece of text is. The names are the wire names: of policies, of {@code x-mantle-entities},
 * of usage rows and of the labelled data.
 */
public enum EntityType {
  PERSON,
  EMAIL,
  PHONE,
  CREDIT_CARD,
  IBAN,
  SSN,
  IP,
  MAC,
  CRYPTO,
  /** A password, key, token or any other text that opens a door. */
  PASSWORD_OR_SECRET,
  USERNAME,
  ADDRESS,
  DATE_OF_BIRTH,
  PASSPORT,
  DRIVER_LICENSE,
  NATIONAL_ID,
  MEDICAL_ID,
  BANK_ACCOUNT,
  LOCATION,
  ORG,
  DATE,
  /** A link that carries no credentials. */
  URL
}
