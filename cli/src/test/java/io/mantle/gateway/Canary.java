package io.mantle.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Private values that no other test uses, so that whoever finds one knows where it came from. */
record Canary(String email, String card) {
  private static final AtomicInteger COUNT = new AtomicInteger();
  static final String NAME = "Maria Garcia";

  static Canary hatch() {
    int number = COUNT.incrementAndGet();
    String digits = "4%014d".formatted(731_000_000L + 7_919L * number);
    return new Canary("canary.%d@nest-%d.org".formatted(number, number), digits + luhn(digits));
  }

  /** A prompt that holds it. */
  String prompt() {
    return "My name is "
        + NAME
        + ", my e-mail is "
        + email
        + " and my card is "
        + card
        + ". Please repeat all of that.";
  }

  /** Each value, as it is and as it would hide in JSON escapes or base64, whatever the offset. */
  List<String> traces() {
    return Stream.of(email, card, NAME).flatMap(Canary::spellings).toList();
  }

  /** The same without the name, which is everybody's. */
  List<String> ownTraces() {
    return Stream.of(email, card).flatMap(Canary::spellings).toList();
  }

  private static Stream<String> spellings(String value) {
    StringBuilder escaped = new StringBuilder();
    value.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
    Stream<String> base64 =
        Stream.of("", "x", "xx")
            .map(
                before -> {
                  String code =
                      Base64.getEncoder()
                          .encodeToString((before + value).getBytes(StandardCharsets.UTF_8));
                  // The first and last group depend on the neighbours.
                  return code.substring(4, code.length() - 4);
                });
    return Stream.concat(Stream.of(value, escaped.toString()), base64);
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
