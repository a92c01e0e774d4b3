package io.mantle.privacy.detect.blind;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Numbers of accounts, cards and wallets, with right check digits. */
final class Money {
  private Money() {}

  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final String BASE32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

  static String iban(Draw draw) {
    String form =
        draw.of(
            "DE 999999999999999999",
            "FR 9999999999HHHHHHHHHHH99",
            "NL AAAA9999999999",
            "ES 99999999999999999999",
            "IT A9999999999HHHHHHHHHHHH",
            "PL 999999999999999999999999",
            "PT 999999999999999999999",
            "GB AAAA99999999999999",
            "SE 99999999999999999999",
            "CH 99999HHHHHHHHHHHH",
            "AT 9999999999999999",
            "BE 999999999999",
            "IE AAAA99999999999999",
            "DK 99999999999999",
            "NO 99999999999");
    String country = form.substring(0, 2);
    String body = draw.filled(form.substring(3));
    String check = String.format("%02d", 98 - Values.mod97(body + country + "00"));
    String iban = country + check + body;
    return draw.chance(0.5) ? iban : iban.replaceAll("(.{4})(?=.)", "$1 ");
  }

  static String card(Draw draw) {
    String body =
        draw.filled(
            draw.of(
                "4\\99999999999999",
                "5199999999999999",
                "2\\22199999999999",
                "3\\799999999999",
                "6011999999999999",
                "3\\69999999999"));
    int length = body.startsWith("37") ? 14 : body.startsWith("36") ? 13 : 15;
    String number = IdentityNumbers.withLuhn((body + draw.filled("999")).substring(0, length));
    String separator = draw.of("", " ", " ", "-");
    if (separator.isEmpty()) {
      return number;
    }
    String parts =
        switch (length) {
          case 15 -> IdentityNumbers.spaced(number, 4, 4, 4, 4);
          case 14 -> IdentityNumbers.spaced(number, 4, 6, 5);
          default -> IdentityNumbers.spaced(number, 4, 6, 4);
        };
    return parts.replace(" ", separator);
  }

  static String routing(Draw draw) {
    while (true) {
      String number = draw.of("0", "1", "2", "3") + draw.filled("99999999");
      int sum = 0;
      for (int i = 0; i < 9; i++) {
        sum += (number.charAt(i) - '0') * new int[] {3, 7, 1}[i % 3];
      }
      if (sum % 10 == 0 && !number.startsWith("00")) {
        return number;
      }
    }
  }

  /** A legacy address: Base58 with a checksum of four bytes. */
  static String bitcoin(Draw draw) {
    byte[] payload = new byte[25];
    draw.random().nextBytes(payload);
    payload[0] = (byte) (draw.chance(0.5) ? 0 : 5);
    byte[] checksum = sha256(sha256(Arrays.copyOf(payload, 21)));
    System.arraycopy(checksum, 0, payload, 21, 4);
    StringBuilder address = new StringBuilder();
    BigInteger rest = new BigInteger(1, payload);
    while (rest.signum() > 0) {
      BigInteger[] division = rest.divideAndRemainder(BigInteger.valueOf(58));
      address.append(BASE58.charAt(division[1].intValue()));
      rest = division[0];
    }
    for (int i = 0; payload[i] == 0; i++) {
      address.append('1');
    }
    return address.reverse().toString();
  }

  /** A witness program of version 0, as BIP 173 writes it. */
  static String segwit(Draw draw) {
    int[] values = new int[33]; // the version and 20 bytes in groups of five bits
    for (int i = 1; i < values.length; i++) {
      values[i] = draw.between(0, 31);
    }
    int[] prefix = {3, 3, 0, 2, 3}; // "bc", expanded
    int state = 1;
    for (int value : prefix) {
      state = polymod(state, value);
    }
    StringBuilder address = new StringBuilder("bc1");
    for (int value : values) {
      state = polymod(state, value);
      address.append(BASE32.charAt(value));
    }
    for (int i = 0; i < 6; i++) {
      state = polymod(state, 0);
    }
    for (int i = 0; i < 6; i++) {
      address.append(BASE32.charAt(((state ^ 1) >> (5 * (5 - i))) & 31));
    }
    return address.toString();
  }

  private static int polymod(int state, int value) {
    int[] generator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    int top = state >> 25;
    int next = ((state & 0x1ffffff) << 5) ^ value;
    for (int i = 0; i < 5; i++) {
      next ^= ((top >> i) & 1) == 1 ? generator[i] : 0;
    }
    return next;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
