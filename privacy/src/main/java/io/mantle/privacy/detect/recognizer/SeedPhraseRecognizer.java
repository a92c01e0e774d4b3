package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * The words from which a wallet is restored (BIP 39): twelve to twenty-four small words behind
 * "seed phrase", "recovery phrase" or "mnemonic".
 */
final class SeedPhraseRecognizer implements Recognizer {
  private static final int WORDS_MIN = 12;
  private static final int WORDS_MAX = 24;
  private static final int WORD_CHARS_MIN = 3;
  private static final int WORD_CHARS_MAX = 8;
  private static final int GAP_CHARS_MAX = 24;

  private static final String[] ANCHORS = {"phrase", "nemonic", "seed words", "recovery words"};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    String text = passage.text();
    for (String anchor : ANCHORS) {
      int from = 0;
      for (int at = text.indexOf(anchor); at >= 0; at = text.indexOf(anchor, from)) {
        from = at + anchor.length();
        int start = valueStart(passage, from);
        int end = start < 0 ? -1 : wordsEnd(passage, start);
        if (end > 0) {
          found.accept(new Span(start, end, EntityType.PASSWORD_OR_SECRET, 0.9));
          from = end;
        }
      }
    }
  }

  /** Past a colon, an equals sign or "is", and what stands around them; -1 if there is none. */
  private static int valueStart(Passage passage, int from) {
    int high = Math.min(passage.length(), from + GAP_CHARS_MAX);
    boolean told = false;
    int at = from;
    while (at < high) {
      char c = passage.at(at);
      if (c == ':' || c == '=') {
        told = true;
      } else if (passage.text().startsWith("is ", at) && passage.startsWord(at)) {
        told = true;
        at += 2;
      } else if (CharClass.isAsciiLetter(c)) {
        return told ? at : -1;
      }
      at++;
    }
    return -1;
  }

  private static int wordsEnd(Passage passage, int start) {
    int words = 0;
    int at = start;
    int end = start;
    while (words < WORDS_MAX) {
      int stop = at;
      while (stop - at <= WORD_CHARS_MAX && passage.at(stop) >= 'a' && passage.at(stop) <= 'z') {
        stop++;
      }
      if (stop - at < WORD_CHARS_MIN || stop - at > WORD_CHARS_MAX) {
        break;
      }
      words++;
      end = stop;
      at = stop;
      while (at - stop < 2
          && (passage.at(at) == ' ' || passage.at(at) == ',' || passage.at(at) == '\n')) {
        at++;
      }
      if (at == stop) {
        break;
      }
    }
    return words >= WORDS_MIN ? end : -1;
  }
}
