package io.mantle.privacy.json;

/** What a token of a {@link JsonDocument} is. */
public enum JsonKind {
  OBJECT,
  ARRAY,
  KEY,
  STRING,
  NUMBER,
  TRUE,
  FALSE,
  NULL
}
