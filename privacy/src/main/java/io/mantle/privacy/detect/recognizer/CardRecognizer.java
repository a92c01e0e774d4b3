package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Payment card numbers of ISO/IEC 7812: the issuers' ranges and lengths, printed as one run or in
 * the groups cards carry, with a right check digit; after a word that says card, any range.
 */
final class CardRecognizer implements Recognizer {
  private static final int GROUPS_MAX = 5;
  private static final int DIGITS_MIN = 12;
  private static final int DIGITS_MAX = 19;

  /** After these words a right check digit is enough: not all issuers' ranges are known here. */
  private static final Set<String> CONTEXT =
      Set.of(
          "card",
          "cardnumber",
          "card_number",
          "cc",
          "visa",
          "mastercard",
          "amex",
          "maestro",
          "kreditkarte",
          "kartennummer",
          "carte",
          "tarjeta",
          "carta",
          "cart\u00e3o",
          "karta",
          "pan",
          "jcb",
          "cvv",
          "cvc");

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    int run = 0;
    while (run < passage.digitRuns()) {
      int groups = cardAt(passage, run);
      if (groups > 0) {
        int start = passage.runStart(run);
        int end = passage.runEnd(run + groups - 1);
        found.accept(new Span(start, end, EntityType.CREDIT_CARD, 0.95));
      }
      run += Math.max(groups, 1);
    }
  }

  /** How many runs, from {@code first} on, make a card number; 0 if none do. */
  private static int cardAt(Passage passage, int first) {
    int length = passage.runLength(first);
    if ((length != 4 && (length < DIGITS_MIN || length > DIGITS_MAX))
        || CharClass.isJoined(passage.at(passage.runStart(first) - 1))) {
      return 0;
    }
    boolean starts = passage.startsNumber(passage.runStart(first));
    if (!starts && length != 4 && !isAfterHyphen(passage, first)) {
      return 0;
    }
    StringBuilder digits = new StringBuilder(20);
    digits.append(passage.text(), passage.runStart(first), passage.runEnd(first));
    int best = isCard(passage, digits, first, first) ? 1 : 0;
    if (length != 4) {
      return best;
    }
    char separator = passage.at(passage.runEnd(first));
    if (separator != ' ' && separator != '-' && separator != '.' && separator != '\u00a0') {
      return 0;
    }
    // "2.4111 1111 1111 1111" is a list's second card, "0.4111.1111" the inside of a number.
    if (!starts && passage.at(passage.runStart(first) - 1) == separator) {
      return 0;
    }
    for (int last = first + 1;
        last < passage.digitRuns() && last - first < GROUPS_MAX && passage.gapLength(last - 1) == 1;
        last++) {
      int group = passage.runLength(last);
      if (passage.at(passage.runEnd(last - 1)) != separator || group > 6) {
        break;
      }
      digits.append(passage.text(), passage.runStart(last), passage.runEnd(last));
      if (isCard(passage, digits, first, last)) {
        best = last - first + 1;
      }
      // Only American Express and Diners Club print groups that are not of four.
      if (group != 4 && !(last == first + 1 && group == 6)) {
        break;
      }
    }
    return best;
  }

  /** {@code 07-4111111111111111} after a word that says card; else it is a part of something. */
  private static boolean isAfterHyphen(Passage passage, int run) {
    return passage.at(passage.runStart(run) - 1) == '-'
        && run > 0
        && ContextWords.before(passage, passage.runStart(run - 1), CONTEXT);
  }

  private static boolean isCard(Passage passage, StringBuilder digits, int first, int last) {
    return digits.length() >= DIGITS_MIN
        && digits.length() <= DIGITS_MAX
        && (first == last
            ? passage.endsWholeNumber(passage.runEnd(last))
            : passage.endsNumber(passage.runEnd(last)))
        && Luhn.holds(digits)
        && (isIssued(digits) || ContextWords.before(passage, passage.runStart(first), CONTEXT));
  }

  private static boolean isIssued(StringBuilder digits) {
    int length = digits.length();
    int prefix = 0;
    for (int i = 0; i < 4; i++) {
      prefix = prefix * 10 + digits.charAt(i) - '0';
    }
    int two = prefix / 100;
    if (two >= 40 && two <= 49) { // Visa
      return length == 13 || length == 16 || length == 19;
    }
    if ((two >= 51 && two <= 55) || (prefix >= 2221 && prefix <= 2720)) { // Mastercard
      return length == 16;
    }
    if (two == 34 || two == 37) { // American Express
      return length == 15;
    }
    if (two == 36 || two == 38 || two == 39 || (prefix >= 3000 && prefix <= 3059)) { // Diners Club
      return length >= 14;
    }
    if (prefix >= 3528 && prefix <= 3589) { // JCB
      return length >= 16;
    }
    if (prefix == 1800 || prefix == 2131) { // JCB's former range
      return length == 15;
    }
    if (prefix >= 2200 && prefix <= 2204) { // Mir
      return length >= 16;
    }
    // Discover, UnionPay, Maestro
    if (length < 13) {
      return false;
    }
    boolean maestro = two == 50 || (two >= 56 && two <= 59) || two == 61;
    return maestro || (two >= 60 && two <= 69 && length >= 16);
  }
}
