package io.mantle.logging;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a line what by its form is an e-mail address, a key, a credential, or the number of
 * a card, an account (IBAN), a telephone (with a plus sign) or a network card.
 *
 * <p>Not guaranteed: anything that has no form, such as a name. Nothing of a request is logged in
 * the first place; this is for what a library says of its own. Thread-safe.
 */
public final class Scrubber {
  /** Longer texts are cut: a line is for people and indexes. */
  static final int CHARS_MAX = 32 * 1024;

  private static final String CUT = "... [cut]";

  private record Rule(Pattern pattern, String replacement) {}

  /** Each with bounds, so that no line takes long. In order: what holds others comes first. */
  private static final List<Rule> RULES =
      List.of(
          rule("://[^/\\s:@]{0,256}:[^/\\s@]{1,256}@", "://[secret]@"),
          rule(
              "(?i)\\b((?:proxy-)?authorization|(?:x-)?api-?key|cookie|password|secret)"
                  + "([\"']?\\s{0,4}[:=]\\s{0,4}[\"']?)(?:(?:bearer|basic)\\s{1,4})?[^\\s\"',;}\\]]{4,4096}",
              "$1$2[secret]"),
          rule("(?i)\\bbearer\\s{1,4}[A-Za-z0-9._~+/=-]{8,4096}", "Bearer [secret]"),
          rule(
              "\\beyJ[A-Za-z0-9_-]{8,4096}\\.[A-Za-z0-9_-]{4,4096}(?:\\.[A-Za-z0-9_-]{0,4096})?",
              "[token]"),
          rule("\\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8,512}", "[key]"),
          rule(
              "\\b(?:gh[oprsu]_|github_pat_|glpat-|hf_|xox[abeoprs]-)[A-Za-z0-9_-]{10,512}",
              "[key]"),
          rule("\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b|\\bAIza[A-Za-z0-9_-]{30,64}", "[key]"),
          rule(
              "[\\p{L}\\p{N}._%+'-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,8}",
              "[email]"),
          rule("(?<![\\w.-])\\d{3}-\\d{2}-\\d{4}(?![\\w-])", "[number]"),
          rule("(?<![\\w+])\\+[1-9](?:[ ().-]{0,2}\\d){7,14}(?!\\w)", "[number]"),
          rule("(?<![\\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\\w:-])", "[address]"));

  private static final Pattern CARD_LIKE =
      Pattern.compile("(?<![\\w.])[2-6](?:[ -]?\\d){12,18}(?!\\w)");

  private static final Pattern IBAN_LIKE =
      Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b");

  private Scrubber() {}

  private static Rule rule(String pattern, String replacement) {
    return new Rule(Pattern.compile(pattern), replacement);
  }

  /** Whether the whole text is short enough, and holds nothing of such a form. */
  public static boolean isClean(String text) {
    return scrub(text).equals(text);
  }

  static String scrub(String text) {
    String scrubbed = text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX).concat(CUT);
    for (Rule rule : RULES) {
      scrubbed = rule.pattern.matcher(scrubbed).replaceAll(rule.replacement);
    }
    return withoutNumbers(
        IBAN_LIKE,
        Scrubber::passesMod97,
        withoutNumbers(CARD_LIKE, Scrubber::passesLuhn, scrubbed));
  }

  private static String withoutNumbers(Pattern like, Predicate<String> passes, String text) {
    return like.matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(passes.test(match.group()) ? "[number]" : match.group()));
  }

  /** ISO/IEC 7812-1, annex B: what tells a card from a count of nanoseconds, nine times in ten. */
  private static boolean passesLuhn(String digits) {
    int sum = 0;
    boolean doubled = false;
    for (int i = digits.length() - 1; i >= 0; i--) {
      int digit = Character.digit(digits.charAt(i), 10);
      if (digit >= 0) {
        int weighed = doubled ? digit * 2 : digit;
        sum += weighed > 9 ? weighed - 9 : weighed;
        doubled = !doubled;
      }
    }
    return sum % 10 == 0;
  }

  /** ISO 13616: what tells an account from an id in capitals, 96 times in 97. */
  private static boolean passesMod97(String iban) {
    int rest = 0;
    String compact = iban.replace(" ", "");
    for (int i = 4; i < compact.length() + 4; i++) {
      int value = Character.digit(compact.charAt(i % compact.length()), 36);
      rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
    }
    return rest == 1;
  }
}
