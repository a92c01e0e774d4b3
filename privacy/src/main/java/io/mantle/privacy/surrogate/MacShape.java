package io.mantle.privacy.surrogate;

/**
 * Hardware addresses: unicast and locally administered (IEEE 802c), so no maker has issued them.
 */
final class MacShape implements Shape {

  @Override
  public String identity(String spelling) {
    StringBuilder hex = new StringBuilder(spelling.length());
    for (int i = 0; i < spelling.length(); i++) {
      if (Character.digit(spelling.charAt(i), 16) >= 0) {
        hex.append(spelling.charAt(i));
      }
    }
    return Casing.fold(hex.toString());
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    KeyedStream stream = draws.about("MAC", identity(spelling));
    boolean digitsOnly = CharacterClasses.isJsonNumber(spelling);
    String alphabet = digitsOnly ? "0123456789" : "0123456789abcdef";
    StringBuilder out = new StringBuilder(spelling);
    int nibble = 0;
    for (int i = 0; i < out.length(); i++) {
      if (Character.digit(out.charAt(i), 16) >= 0) {
        String choices = alphabet;
        if (nibble == 0) {
          choices = alphabet.substring(1);
        } else if (nibble == 1) {
          choices = digitsOnly ? "26" : "26ae";
        }
        out.setCharAt(i, stream.pick(choices));
        nibble++;
      }
    }
    return Casing.like(spelling, out.toString());
  }
}
