package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Addresses of crypto currencies: base58check (Bitcoin, Litecoin, Dogecoin, Dash, Tron) and bech32
 * (BIP 173, BIP 350) with right checksums; Ethereum's forty hex digits behind {@code 0x}, whose
 * checksum is optional; Monero's by their form.
 */
final class CryptoRecognizer implements Recognizer {
  private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  private static final int[] BECH32_GENERATOR = {
    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
  };
  private static final int BECH32M = 0x2bc830a3;
  private static final String[] BECH32_PREFIXES = {"bc1", "tb1", "ltc1"};
  private static final int WORD_CHARS_MIN = 25;
  private static final int WORD_CHARS_MAX = 110;
  private static final int MONERO_CHARS = 95;

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int free = 0;
    for (int run = 0; run < passage.digitRuns(); run++) {
      int digit = passage.runStart(run);
      if (digit < free) {
        continue;
      }
      int start = digit;
      while (start > free && CharClass.isAsciiAlnum(passage.at(start - 1))) {
        start--;
      }
      int end = passage.runEnd(run);
      while (CharClass.isAsciiAlnum(passage.at(end))) {
        end++;
      }
      free = end;
      int length = end - start;
      if (length >= WORD_CHARS_MIN
          && length <= WORD_CHARS_MAX
          && passage.startsWord(start)
          && passage.endsWord(end)
          && isAddress(passage.text(), start, end)) {
        found.accept(new Span(start, end, EntityType.CRYPTO, 0.97));
      }
    }
  }

  private static boolean isAddress(String text, int start, int end) {
    int length = end - start;
    if (length == 42 && text.charAt(start) == '0' && (text.charAt(start + 1) | 0x20) == 'x') {
      return isAll(text, start + 2, end, "0123456789abcdefABCDEF");
    }
    for (String prefix : BECH32_PREFIXES) {
      if (text.regionMatches(true, start, prefix, 0, prefix.length())) {
        return length <= 90 && isBech32(text.substring(start, end), prefix.length() - 1);
      }
    }
    if (length == MONERO_CHARS) {
      return (text.charAt(start) == '4' || text.charAt(start) == '8')
          && isAll(text, start, end, BASE58);
    }
    return length <= 35
        && "13LMDAX2mnT79".indexOf(text.charAt(start)) >= 0
        && isAll(text, start, end, BASE58)
        && isBase58Check(text.substring(start, end));
  }

  private static boolean isAll(String text, int start, int end, String alphabet) {
    for (int i = start; i < end; i++) {
      if (alphabet.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBase58Check(String address) {
    BigInteger value = BigInteger.ZERO;
    BigInteger base = BigInteger.valueOf(58);
    for (int i = 0; i < address.length(); i++) {
      value = value.multiply(base).add(BigInteger.valueOf(BASE58.indexOf(address.charAt(i))));
    }
    byte[] number = value.toByteArray();
    int skip = number[0] == 0 ? 1 : 0;
    if (number.length - skip > 25) {
      return false;
    }
    // Version, hash, checksum; leading zeros were leading ones.
    byte[] payload = new byte[25];
    System.arraycopy(number, skip, payload, 25 - number.length + skip, number.length - skip);
    byte[] hash = sha256(sha256(Arrays.copyOf(payload, 21)));
    return Arrays.equals(hash, 0, 4, payload, 21, 25);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isBech32(String address, int separator) {
    String lower = address.toLowerCase(java.util.Locale.ROOT);
    if (!lower.equals(address) && !address.toUpperCase(java.util.Locale.ROOT).equals(address)) {
      return false;
    }
    int check = 1;
    for (int i = 0; i < separator; i++) {
      check = step(check) ^ (lower.charAt(i) >> 5);
    }
    check = step(check);
    for (int i = 0; i < separator; i++) {
      check = step(check) ^ (lower.charAt(i) & 31);
    }
    for (int i = separator + 1; i < lower.length(); i++) {
      int value = BECH32.indexOf(lower.charAt(i));
      if (value < 0) {
        return false;
      }
      check = step(check) ^ value;
    }
    return check == 1 || check == BECH32M;
  }

  private static int step(int check) {
    int top = check >>> 25;
    int next = (check & 0x1ffffff) << 5;
    for (int i = 0; i < 5; i++) {
      next ^= (top >> i & 1) == 1 ? BECH32_GENERATOR[i] : 0;
    }
    return next;
  }
}
