package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.value.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A table of the numbers of documents and persons that have a known layout, and mostly a check
 * digit, in the order in which they are tried.
 *
 * <p>In a layout {@code 9} is a digit, {@code A} a letter, {@code X} either; {@code ~} is one of
 * blank, hyphen, dot and colon, the same throughout; other marks are themselves.
 */
final class DocumentNumbers {

  /** What it takes to believe that a number which passes its check is what it looks like. */
  enum Trust {
    /** Layout and check are enough. */
    ALONE,
    /** A word beside it says so, or it is all there is in the text. */
    LONELY,
    /** A word beside it must say so. */
    NAMED
  }

  /**
   * One layout of one kind of number.
   *
   * @param words that make it certain when one stands beside it, lower case
   */
  record Layout(
      EntityType type,
      String pattern,
      Trust trust,
      Predicate<CharSequence> check,
      Set<String> words) {}

  private final List<Layout> layouts = new ArrayList<>();

  static List<Layout> layouts() {
    DocumentNumbers all = new DocumentNumbers();
    AmericasNumbers.addTo(all);
    EuropeNumbers.addTo(all);
    WorldNumbers.addTo(all);
    return List.copyOf(all.layouts);
  }

  /** What one document is called, and what its numbers are. */
  final class Kind {
    private final EntityType type;
    private final Set<String> words;

    private Kind(EntityType type, String words) {
      this.type = type;
      this.words = Set.of(words.toLowerCase(Locale.ROOT).split(" ", -1));
    }

    /** Numbers of these {@code patterns}, one after the other, that pass {@code check}. */
    Kind add(Trust trust, Predicate<CharSequence> check, String... patterns) {
      for (String pattern : patterns) {
        layouts.add(new Layout(type, pattern, trust, check, words));
      }
      return this;
    }
  }

  /**
   * A kind of number.
   *
   * @param words that stand beside one, parted by a blank
   */
  Kind kind(EntityType type, String words) {
    return new Kind(type, words);
  }
}
