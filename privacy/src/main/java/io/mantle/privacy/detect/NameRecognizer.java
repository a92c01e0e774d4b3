package io.mantle.privacy.detect;

import io.mantle.privacy.detect.names.FoundName;
import io.mantle.privacy.detect.names.NameModel;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Names of people, and of places and organisations, by a model. A single word alone is none: such a
 * string is a key, a value of an enumeration or a greeting far more often than a name.
 */
final class NameRecognizer implements Recognizer {
  private static final String MODEL = "names-en.bin";
  private static final double PROBABILITY_MIN = 0.6;

  private static final double SINGLE_PROBABILITY_MIN = 0.55;

  /** A word that begins a sentence has its capital anyway. */
  private static final double START_PROBABILITY_MIN = 0.75;

  /** A word in capitals is more often an acronym or a constant. */
  private static final double CAPITALS_PROBABILITY_MIN = 0.9;

  /** Where nobody wrote capitals, almost any word may look like a name. */
  private static final double LOWER_PROBABILITY_MIN = 0.9;

  private static final int SINGLE_LETTERS_MIN = 3;

  private final NameModel model;

  NameRecognizer(NameModel model) {
    this.model = model;
  }

  /** With the model among the resources. */
  static NameRecognizer standard() {
    try (InputStream in = NameRecognizer.class.getResourceAsStream(MODEL)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + MODEL + " is missing");
      }
      return new NameRecognizer(NameModel.read(in));
    } catch (IOException e) {
      throw new IllegalStateException("the resource " + MODEL + " is no model", e);
    }
  }

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter() || isSingleWord(passage)) {
      return;
    }
    for (FoundName name : model.find(passage.text())) {
      int end = trimmedEnd(passage, name.start(), name.end());
      if (end > name.start() && isCertain(passage, name.start(), end, name.probability())) {
        EntityType type = EntityType.valueOf(name.type());
        found.accept(new Span(name.start(), end, type, Math.min(1, name.probability())));
      }
    }
  }

  /** Without the marks behind a name, and without a possessive's {@code 's}. */
  private static int trimmedEnd(Passage passage, int start, int end) {
    int at = end;
    boolean possessive =
        at - start > 2
            && (passage.at(at - 1) == 's' || passage.at(at - 1) == 'S')
            && (passage.at(at - 2) == '\'' || passage.at(at - 2) == '\u2019');
    if (possessive) {
      at -= 2;
    }
    while (at > start
        && !CharClass.isWord(passage.at(at - 1))
        && !Character.isSurrogate(passage.at(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isCertain(Passage passage, int start, int end, double probability) {
    boolean single = true;
    boolean lower = true;
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      single &= CharClass.isWord(c);
      lower &= !Character.isUpperCase(c);
    }
    if (lower && probability < LOWER_PROBABILITY_MIN) {
      return false;
    }
    if (!single) {
      return probability >= PROBABILITY_MIN;
    }
    return end - start >= SINGLE_LETTERS_MIN
        && probability >= singleProbabilityMin(passage, start, end)
        && !isInCode(passage, start, end);
  }

  private static double singleProbabilityMin(Passage passage, int start, int end) {
    if (Character.isUpperCase(passage.at(start + 1))
        && Character.isUpperCase(passage.at(end - 1))) {
      return CAPITALS_PROBABILITY_MIN;
    }
    return startsSentence(passage, start) ? START_PROBABILITY_MIN : SINGLE_PROBABILITY_MIN;
  }

  private static boolean startsSentence(Passage passage, int start) {
    int at = start - 1;
    while (CharClass.isBlank(passage.at(at)) || CharClass.isQuote(passage.at(at))) {
      at--;
    }
    return switch (passage.at(at)) {
      case '.', '!', '?', '\n', '#', '*', '-', Passage.OUTSIDE -> true;
      default -> false;
    };
  }

  /** {@code Math.max}, {@code Character(}, {@code some_Word}: a word that a program is made of. */
  private static boolean isInCode(Passage passage, int start, int end) {
    char before = passage.at(start - 1);
    char after = passage.at(end);
    return switch (after) {
      case '(', '_' -> true;
      case '.' -> Character.isLetter(passage.at(end + 1));
      case ':' -> passage.at(end + 1) == ':';
      default ->
          before == '_'
              || CharClass.isDigit(before)
              || CharClass.isDigit(after)
              || (before == '.' && CharClass.isWord(passage.at(start - 2)));
    };
  }

  private static boolean isSingleWord(Passage passage) {
    String text = passage.text();
    int length = text.length();
    boolean inWord = false;
    boolean seen = false;
    for (int i = 0; i < length; i++) {
      boolean word = !Character.isWhitespace(text.charAt(i));
      if (word && !inWord && seen) {
        return false;
      }
      seen |= word;
      inWord = word;
    }
    return true;
  }
}
