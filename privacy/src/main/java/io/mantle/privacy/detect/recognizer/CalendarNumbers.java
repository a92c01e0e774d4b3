package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;

/** Runs of digits as numbers of a calendar. */
final class CalendarNumbers {
  private CalendarNumbers() {}

  static int value(Passage passage, int run) {
    return Integer.parseInt(passage.text(), passage.runStart(run), passage.runEnd(run), 10);
  }

  static boolean isYear(Passage passage, int run) {
    return passage.runLength(run) == 4 && value(passage, run) >= 1850 && value(passage, run) < 2150;
  }

  static boolean isDay(Passage passage, int run) {
    return passage.runLength(run) <= 2 && value(passage, run) >= 1 && value(passage, run) <= 31;
  }

  static boolean isMonth(Passage passage, int run) {
    return isDay(passage, run) && value(passage, run) <= 12;
  }

  /** Whether a date could begin at {@code start}: no path, sum, amount or longer number does. */
  static boolean startsDate(Passage passage, int start) {
    char before = passage.at(start - 1);
    return switch (before) {
      case '.', '-', '/', '+', '$', '@' -> false;
      default -> !CharClass.isJoined(before);
    };
  }
}
