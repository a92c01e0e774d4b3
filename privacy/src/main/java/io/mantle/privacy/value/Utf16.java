package io.mantle.privacy.value;

/** The UTF-16 units of texts as bytes, for hashing. */
public final class Utf16 {
  private Utf16() {}

  /**
   * Two bytes a unit, the high one first. Not what {@code String.getBytes} gives, in any charset:
   * that makes all lone surrogates one replacement character, and so two texts one.
   */
  public static byte[] bytes(String text) {
    byte[] units = new byte[text.length() * Character.BYTES];
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      units[2 * i] = (byte) (c >>> 8);
      units[2 * i + 1] = (byte) c;
    }
    return units;
  }
}
