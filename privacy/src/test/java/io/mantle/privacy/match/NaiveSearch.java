package io.mantle.privacy.match;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@link PhraseSet} is to find, said as plainly as can be: reads all the text there is into
 * characters, then tries every phrase at every one of them.
 */
public final class NaiveSearch {
  private static final Pattern JSON_CHARACTER =
      Pattern.compile("\\\\u([0-9a-fA-F]{4})|\\\\(.)|(.)", Pattern.DOTALL);
  private static final Pattern CUT_ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{0,3})?");

  private final List<Phrase> phrases;
  private final List<Unit> units = new ArrayList<>();
  private final boolean more;
  private final int length;

  /** Something to be found. */
  public record Phrase(String text, boolean bounded) {}

  /** What was found: {@code phrase} is -1 where from {@code start} on nothing is decided. */
  public record Found(int phrase, int start, int end) {}

  private record Unit(int character, int start, int end) {}

  private enum Answer {
    YES,
    NO,
    MAYBE
  }

  /** A search of all the text there was so far, from its very beginning. */
  public NaiveSearch(List<Phrase> phrases, String text, boolean json, boolean more) {
    this.phrases = phrases;
    this.more = more;
    int cut = 0;
    Matcher matcher = JSON_CHARACTER.matcher(text);
    for (int at = 0; at < text.length(); at = cut) {
      if (!json) {
        cut = at + 1;
        units.add(new Unit(text.charAt(at), at, cut));
      } else if (more && CUT_ESCAPE.matcher(text).region(at, text.length()).matches()) {
        break;
      } else if (matcher.find(at)) {
        cut = at + (matcher.group(1) != null ? 6 : matcher.group(2) != null ? 2 : 1);
        units.add(new Unit(said(matcher), at, cut));
      }
    }
    this.length = cut;
  }

  private static int said(Matcher matcher) {
    if (matcher.group(1) != null) {
      return Integer.parseInt(matcher.group(1), 16);
    }
    if (matcher.group(2) != null) {
      int written = "\"\\/bfnrt".indexOf(matcher.group(2));
      return written < 0 ? -1 : "\"\\/\b\f\n\r\t".charAt(written);
    }
    char c = matcher.group(3).charAt(0);
    return c == '"' || c == '\\' ? -1 : c;
  }

  /** The leftmost, and of these the longest, at {@code from} or later. */
  public Found find(int from) {
    for (int i = 0; i < units.size(); i++) {
      if (units.get(i).start() < from) {
        continue;
      }
      int longest = -1;
      int longestMaybe = -1;
      for (int p = 0; p < phrases.size(); p++) {
        Answer answer = standsAt(i, phrases.get(p));
        if (answer == Answer.YES && longerThan(longest, p)) {
          longest = p;
        } else if (answer == Answer.MAYBE && longerThan(longestMaybe, p)) {
          longestMaybe = p;
        }
      }
      int start = units.get(i).start();
      if (longestMaybe >= 0 && longerThan(longest, longestMaybe)) {
        return new Found(-1, start, start);
      }
      if (longest >= 0) {
        int end = units.get(i + phrases.get(longest).text().length() - 1).end();
        return new Found(longest, start, end);
      }
    }
    return new Found(-1, length, length);
  }

  /** All of the text with every phrase replaced by the replacement of its number. */
  public static String replace(
      List<Phrase> phrases, List<String> replacements, String text, boolean json) {
    NaiveSearch search = new NaiveSearch(phrases, text, json, false);
    StringBuilder replaced = new StringBuilder();
    int done = 0;
    for (Found found = search.find(0); found.phrase() >= 0; found = search.find(done)) {
      replaced.append(text, done, found.start()).append(replacements.get(found.phrase()));
      done = found.end();
    }
    return replaced.append(text, done, text.length()).toString();
  }

  private boolean longerThan(int phrase, int other) {
    return phrase < 0 || phrases.get(other).text().length() > phrases.get(phrase).text().length();
  }

  private Answer standsAt(int first, Phrase phrase) {
    int end = first + phrase.text().length();
    for (int i = first; i < Math.min(end, units.size()); i++) {
      if (units.get(i).character() != phrase.text().charAt(i - first)) {
        return Answer.NO;
      }
    }
    if (phrase.bounded() && isPartOfWord(first)) {
      return Answer.NO;
    }
    if (end > units.size()) {
      return more ? Answer.MAYBE : Answer.NO;
    }
    if (!phrase.bounded()) {
      return Answer.YES;
    }
    char last = phrase.text().charAt(phrase.text().length() - 1);
    if (end == units.size()) {
      return more && mayBeJoined(last) ? Answer.MAYBE : Answer.YES;
    }
    if (!joined(last, units.get(end).character())) {
      return Answer.YES;
    }
    if (units.get(end).character() != 's' || !Character.isLetter(last)) {
      return Answer.NO;
    }
    if (end + 1 == units.size()) {
      return more ? Answer.MAYBE : Answer.YES;
    }
    return joined('s', units.get(end + 1).character()) ? Answer.NO : Answer.YES;
  }

  private boolean isPartOfWord(int first) {
    if (first == 0) {
      return false;
    }
    int left = units.get(first - 1).character();
    boolean saidEscape =
        first >= 2 && units.get(first - 2).character() == '\\' && "nrtbf".indexOf(left) >= 0;
    return !saidEscape && joined(left, units.get(first).character());
  }

  private static boolean mayBeJoined(char last) {
    return joined(last, 'a') || joined(last, '1') || joined(last, '\u0301');
  }

  private static boolean joined(int left, int right) {
    return left >= 0 && right >= 0 && PhraseSet.join((char) left, (char) right);
  }
}
