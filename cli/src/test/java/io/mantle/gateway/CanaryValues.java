package io.mantle.gateway;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * 1,000 private values, each of which is nowhere else: made from a seed, none equal to another or
 * to what Mantle would put in its place (names are of no list, numbers of no range of its).
 */
final class CanaryValues {
  /** In each batch, the ones whose type is told by the words around them. */
  static final int TOLD_BY_WORDS = 8;

  /** In each batch, the ones that have a form of their own. */
  static final int TOLD_BY_FORM = 12;

  private static final int BATCHES = 50;
  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  private static final String[] FIRST_NAMES =
      "Maria James Anna Peter Laura Thomas Julia Robert Emma Daniel".split(" ");
  private static final String[] BEGINNINGS =
      "Bren Tarn Holm Kess Ward Garr Lind Volk Marl Stav".split(" ");
  private static final String[] ENDS = "ovick esson hurst inger acott".split(" ");
  private static final String[] LAST_ENDS = ",s,son,ley,er,mann,dale,wick".split(",");

  private final Random random = new Random(41);

  /**
   * A value and a sentence that says it.
   *
   * @param text as it must not be found anywhere
   */
  record Value(String text, String sentence) {}

  /**
   * What one request carries.
   *
   * @param byWords found only in their sentences
   * @param byForm found wherever they stand
   */
  record Batch(List<Value> byWords, List<Value> byForm) {
    List<Value> all() {
      return IntStream.range(0, byWords.size() + byForm.size())
          .mapToObj(i -> i < byWords.size() ? byWords.get(i) : byForm.get(i - byWords.size()))
          .toList();
    }

    /** Every sentence, a line each. */
    String sentences() {
      return String.join("\n", all().stream().map(Value::sentence).toList());
    }
  }

  private CanaryValues() {}

  /** All of them; the same each time. */
  static List<Batch> batches() {
    CanaryValues values = new CanaryValues();
    List<Value> byWords =
        values.made(
            BATCHES * TOLD_BY_WORDS,
            values::name,
            values::name,
            values::address,
            values::socialSecurityNumber,
            values::passport,
            values::password);
    List<Value> byForm =
        values.made(
            BATCHES * TOLD_BY_FORM,
            values::mailbox,
            values::mailbox,
            values::phone,
            values::card,
            values::iban,
            values::apiKey,
            values::apiKey,
            values::hardwareAddress);
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      batches.add(
          new Batch(
              byWords.subList(i * TOLD_BY_WORDS, (i + 1) * TOLD_BY_WORDS),
              byForm.subList(i * TOLD_BY_FORM, (i + 1) * TOLD_BY_FORM)));
    }
    return batches;
  }

  @SafeVarargs
  private List<Value> made(int count, IntFunction<Value>... kinds) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(kinds[i % kinds.length].apply(i));
    }
    Collections.shuffle(values, random);
    return values;
  }

  private Value name(int i) {
    String surname = BEGINNINGS[i % 10] + ENDS[i / 10 % 5] + LAST_ENDS[i / 50];
    String name = FIRST_NAMES[i / 7 % 10] + " " + surname;
    return new Value(name, "My name is " + name + ".");
  }

  private Value address(int i) {
    String street = (1_101 + 7 * i) + " " + BEGINNINGS[i % 10] + ENDS[i % 5] + " Street";
    return new Value(street, "I live at " + street + ", Springfield, IL 62704.");
  }

  private Value socialSecurityNumber(int i) {
    String number = "%03d-%02d-%04d".formatted(201 + i, 11 + i % 80, 1_234 + 17 * i);
    return new Value(number, "My social security number is " + number + ".");
  }

  private Value passport(int i) {
    String number = "X" + (10_482_913 + 7_919 * i);
    return new Value(number, "My passport number is " + number + ".");
  }

  private Value password(int i) {
    String password = letters(9) + i + "x";
    return new Value(password, "password: " + password);
  }

  private Value mailbox(int i) {
    String mailbox = "canary.%d@nest-%d.org".formatted(i, 7 * i);
    return new Value(mailbox, "Please write to " + mailbox + " today.");
  }

  private Value phone(int i) {
    String number = "+1 212 4%02d %04d".formatted(i % 100, 1_009 + 7 * i);
    return new Value(number, "Call me at " + number + ".");
  }

  private Value card(int i) {
    String digits = "4%014d".formatted(731_000_001L + 7_919L * i);
    return new Value(digits + luhn(digits), "My card is " + digits + luhn(digits) + ".");
  }

  private Value iban(int i) {
    String account = "37040044%010d".formatted(532_013_000L + 104_729L * i);
    int check =
        98 - new BigInteger(account + "131400").mod(BigInteger.valueOf(97)).intValue(); // ISO 13616
    String iban = "DE%02d%s".formatted(check, account);
    return new Value(iban, "Pay to " + iban + ", please.");
  }

  private Value apiKey(int i) {
    String key =
        switch (i % 3) {
          case 0 -> "sk-proj-" + letters(40);
          case 1 -> "ghp_" + letters(36);
          default -> "xoxb-" + (100_000_000_000L + i) + "-" + letters(24);
        };
    return new Value(key, "Use the key " + key + " for it.");
  }

  private Value hardwareAddress(int i) {
    String address = "00:1b:44:%02x:%02x:%02x".formatted(random.nextInt(256), i / 256, i % 256);
    return new Value(address, "The MAC address is " + address + ".");
  }

  private String letters(int count) {
    byte[] letters = new byte[count];
    for (int i = 0; i < count; i++) {
      letters[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
    }
    return new String(letters, StandardCharsets.US_ASCII);
  }

  private static int luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return (10 - sum % 10) % 10;
  }
}
