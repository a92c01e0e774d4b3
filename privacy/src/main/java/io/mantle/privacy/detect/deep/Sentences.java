package io.mantle.privacy.detect.deep;

import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a model should look: the sentences that hold something the fast tiers passed over and that
 * could be a name or a number.
 *
 * <p>A sentence ends at a line's end, behind {@code . ! ?} before a blank, or when it gets too
 * long. That a title's full stop ends one too ({@code Dr. | Smith}) does no harm: neighbouring
 * sentences are read together.
 */
final class Sentences {
  private static final int SENTENCE_CHARS_MAX = 400;

  /** A stretch of the text, in UTF-16 units. */
  record Region(int start, int end) {
    int length() {
      return end - start;
    }
  }

  private Sentences() {}

  /**
   * The stretches to read: uncertain sentences, each with the one before and behind it on its line
   * as context, joined where they touch.
   *
   * @param found in order of start, none overlapping
   */
  static List<Region> uncertain(String text, List<Span> found) {
    List<Region> regions = new ArrayList<>();
    int before = 0;
    int next = 0;
    boolean open = false;
    for (int start = 0; start < text.length(); ) {
      int end = end(text, start);
      while (next < found.size() && found.get(next).end() <= start) {
        next++;
      }
      boolean uncertain = isUncertain(text, start, end, found, next);
      if (uncertain || open) {
        int from = uncertain && !endsLine(text, start) ? before : start;
        if (open && !uncertain && endsLine(text, start)) {
          from = end;
        }
        add(regions, from, end);
      }
      open = uncertain;
      before = start;
      start = end;
    }
    return regions;
  }

  private static void add(List<Region> regions, int start, int end) {
    if (start >= end) {
      return;
    }
    if (!regions.isEmpty() && regions.getLast().end >= start) {
      regions.add(new Region(regions.removeLast().start, end));
    } else {
      regions.add(new Region(start, end));
    }
  }

  private static boolean endsLine(String text, int at) {
    return at > 0 && text.charAt(at - 1) == '\n';
  }

  /** One past the sentence that begins at {@code start}, the blanks behind it included. */
  private static int end(String text, int start) {
    int limit = Math.min(text.length(), start + SENTENCE_CHARS_MAX);
    for (int at = start; at < limit; at++) {
      char c = text.charAt(at);
      if (c == '\n') {
        return at + 1;
      }
      boolean stop = c == '.' || c == '!' || c == '?' || c == '\u3002';
      if (stop && at + 1 < limit && text.charAt(at + 1) == ' ') {
        return at + 2;
      }
    }
    return limit < text.length() ? blankBefore(text, start, limit) : limit;
  }

  private static int blankBefore(String text, int start, int limit) {
    for (int at = limit; at > start + SENTENCE_CHARS_MAX / 2; at--) {
      if (text.charAt(at - 1) == ' ') {
        return at;
      }
    }
    return Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
  }

  /**
   * Whether something is left, outside of what was found, that could be private: a capitalised word
   * that is not the first, or a digit; in a sentence without any capital, a word at all.
   */
  private static boolean isUncertain(
      String text, int start, int end, List<Span> found, int firstFound) {
    int next = firstFound;
    boolean inWord = false;
    boolean first = true;
    boolean anyCapital = false;
    boolean anyFreeLetter = false;
    for (int at = start; at < end; at++) {
      while (next < found.size() && found.get(next).end() <= at) {
        next++;
      }
      boolean free = next == found.size() || at < found.get(next).start();
      char c = text.charAt(at);
      if (!Character.isLetterOrDigit(c)) {
        inWord = false;
        continue;
      }
      boolean capital = Character.isUpperCase(c);
      anyCapital |= capital;
      anyFreeLetter |= free && Character.isLetter(c);
      if (free && (Character.isDigit(c) || (capital && !inWord && !first))) {
        return true;
      }
      inWord = true;
      first = false;
    }
    return anyFreeLetter && !anyCapital;
  }
}
