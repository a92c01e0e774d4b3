package io.mantle.privacy.surrogate;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Addresses of crypto currencies: same prefix, alphabet and length.
 *
 * <p>Their checksums are left wrong: no wallet then sends anything to an address that nobody holds
 * the key of.
 */
final class CryptoShape implements Shape {
  private static final Pattern HEX = Pattern.compile("(?:0[xX])?[0-9a-fA-F]+");
  private static final Pattern BECH32 =
      Pattern.compile(
          "(?:bc|tb|ltc|addr|cosmos|bnb|bitcoincash:)1?[a-z0-9]+", Pattern.CASE_INSENSITIVE);

  private static final String BASE58_DIGITS = "123456789";
  private static final String BASE58_UPPER = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final String BASE58_LOWER = "abcdefghijkmnopqrstuvwxyz";
  private static final String BASE58 = BASE58_DIGITS + BASE58_UPPER + BASE58_LOWER;
  private static final String BECH32_DATA = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

  @Override
  public String identity(String spelling) {
    return isCaseless(spelling) ? Casing.fold(spelling) : spelling;
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    KeyedStream stream = draws.about("CRYPTO", identity(spelling));
    if (HEX.matcher(spelling).matches() && !CharacterClasses.isJsonNumber(spelling)) {
      int kept = spelling.length() > 1 && (spelling.charAt(1) | 0x20) == 'x' ? 2 : 0;
      String hex = drawn(spelling, kept, "0123456789abcdef", stream);
      return spelling.substring(0, kept) + Casing.like(spelling.substring(kept), hex);
    }
    if (isCaseless(spelling)) {
      int separator = spelling.indexOf('1');
      // The witness version, or the type, follows the separator.
      int kept = Math.min(spelling.length(), Math.max(separator, spelling.indexOf(':')) + 2);
      String data = drawn(spelling, kept, BECH32_DATA, stream);
      boolean upper = spelling.equals(spelling.toUpperCase(Locale.ROOT));
      return spelling.substring(0, kept) + (upper ? data.toUpperCase(Locale.ROOT) : data);
    }
    if (spelling.chars().allMatch(c -> BASE58.indexOf(c) >= 0)
        && !CharacterClasses.isJsonNumber(spelling)) {
      return spelling.charAt(0) + drawn(spelling, 1, BASE58, stream);
    }
    return CharacterClasses.replacedWithMarks(spelling, stream);
  }

  private static boolean isCaseless(String spelling) {
    return (spelling.startsWith("0x") && HEX.matcher(spelling).matches())
        || BECH32.matcher(spelling).matches();
  }

  private static String drawn(String model, int from, String alphabet, KeyedStream stream) {
    StringBuilder drawn = new StringBuilder(model.length());
    for (int i = from; i < model.length(); i++) {
      drawn.append(stream.pick(alphabet));
    }
    return drawn.toString();
  }

  @Override
  public String exposed(String spelling) {
    return spelling.length() > 8 ? spelling.substring(6) : "";
  }
}
