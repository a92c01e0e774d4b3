package io.mantle.privacy.surrogate;

import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs of neighbouring words of a text, each to be replaced as one. */
final class WordRuns {
  private static final Pattern WORD =
      Pattern.compile("\\p{L}[\\p{L}\\p{M}'’.-]*|[^\\s,;]*\\p{Nd}[^\\s,;]*");

  private WordRuns() {}

  /**
   * {@code text} with each run of words replaced. A run ends at a kept word, at a number and at any
   * mark other than a single space.
   *
   * @param kept folded words, without a final dot, that stay
   * @param replace takes a run and its index
   * @param number takes a word that holds a digit
   */
  static String replaced(
      String text,
      Set<String> kept,
      BiFunction<String, Integer, String> replace,
      BiFunction<String, Integer, String> number) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    Matcher words = WORD.matcher(text);
    int copied = 0;
    int runStart = -1;
    int runEnd = -1;
    int index = 0;
    while (words.find()) {
      String word = words.group();
      boolean numbered = word.chars().anyMatch(Character::isDigit);
      boolean stays = kept.contains(bare(word));
      boolean continues = runStart >= 0 && text.substring(runEnd, words.start()).equals(" ");
      if (runStart >= 0 && (numbered || stays || !continues)) {
        out.append(text, copied, runStart)
            .append(replace.apply(text.substring(runStart, runEnd), index++));
        copied = runEnd;
        runStart = -1;
      }
      if (numbered) {
        out.append(text, copied, words.start()).append(number.apply(word, index++));
        copied = words.end();
      } else if (!stays) {
        runStart = runStart < 0 ? words.start() : runStart;
        runEnd = words.end();
      }
    }
    if (runStart >= 0) {
      out.append(text, copied, runStart)
          .append(replace.apply(text.substring(runStart, runEnd), index));
      copied = runEnd;
    }
    return out.append(text, copied, text.length()).toString();
  }

  private static String bare(String word) {
    String folded = Casing.fold(word);
    return folded.endsWith(".") ? folded.substring(0, folded.length() - 1) : folded;
  }
}
