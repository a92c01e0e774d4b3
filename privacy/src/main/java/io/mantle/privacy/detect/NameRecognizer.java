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
  private static final double PROBABILITY_MIN = 0.5;

  /** One word by itself is more often the beginning of a sentence than a name. */
  private static final double SINGLE_PROBABILITY_MIN = 0.7;

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
      if (isCertain(passage, name)) {
        found.accept(
            new Span(
                name.start(),
                name.end(),
                EntityType.valueOf(name.type()),
                Math.min(1, name.probability())));
      }
    }
  }

  private static boolean isCertain(Passage passage, FoundName name) {
    boolean single = true;
    for (int i = name.start(); i < name.end() && single; i++) {
      single = CharClass.isWord(passage.at(i)) && passage.at(i) != '_';
    }
    return single
        ? name.probability() >= SINGLE_PROBABILITY_MIN
            && name.end() - name.start() >= SINGLE_LETTERS_MIN
        : name.probability() >= PROBABILITY_MIN;
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
