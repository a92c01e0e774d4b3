package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * Passwords beside the account they belong to: {@code jane@example.com:hunter2}, {@code
 * jane@example.com / hunter2}, and {@code user:password@tcp(host)} as drivers of Go write it.
 */
final class CredentialPairRecognizer implements Recognizer {
  private static final int DOMAIN_CHARS_MAX = 253;
  private static final int CHARS_MIN = 6;
  private static final int CHARS_MAX = 64;
  private static final String[] TRANSPORTS = {"@tcp(", "@unix("};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasAt()) {
      return;
    }
    String text = passage.text();
    int free = 0;
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      if (at < free || !CharClass.isWord(passage.at(at - 1))) {
        continue;
      }
      int end = at + 1;
      while (end - at < DOMAIN_CHARS_MAX
          && (CharClass.isAsciiAlnum(passage.at(end))
              || passage.at(end) == '-'
              || (passage.at(end) == '.' && CharClass.isAsciiAlnum(passage.at(end + 1))))) {
        end++;
      }
      free = end;
      if (passage.at(end) == '(') {
        transport(passage, at, found);
      } else if (hasDot(passage, at, end)) {
        behind(passage, end, found);
      }
    }
  }

  private static boolean hasDot(Passage passage, int from, int to) {
    for (int i = from; i < to; i++) {
      if (passage.at(i) == '.') {
        return true;
      }
    }
    return false;
  }

  private static void behind(Passage passage, int end, Consumer<Span> found) {
    int at = end;
    boolean blank = passage.at(at) == ' ';
    at += blank ? 1 : 0;
    char mark = passage.at(at);
    if (mark != ':' && mark != '|' && mark != ';' && !(blank && mark == '/')) {
      return;
    }
    at++;
    at += blank && passage.at(at) == ' ' ? 1 : 0;
    int stop = SecretValue.bareEnd(passage, at);
    if (stop - at < CHARS_MIN || stop - at > CHARS_MAX) {
      return;
    }
    String value = passage.text().substring(at, stop);
    boolean mixed =
        Plausible.hasLetter(value) && (Plausible.hasDigit(value) || Plausible.hasMark(value));
    // A remote file's path and an address with a port have that place too.
    if (mixed && "/.:~@(".chars().allMatch(c -> c == '@' || value.indexOf(c) < 0)) {
      found.accept(new Span(at, stop, EntityType.PASSWORD_OR_SECRET, 0.7));
    }
  }

  private static void transport(Passage passage, int at, Consumer<Span> found) {
    boolean known = false;
    for (String transport : TRANSPORTS) {
      known |= passage.text().startsWith(transport, at);
    }
    int start = at;
    while (known
        && at - start < CHARS_MAX
        && passage.at(start - 1) > ' '
        && !CharClass.isQuote(passage.at(start - 1))
        && passage.at(start - 1) != ':') {
      start--;
    }
    if (start < at && passage.at(start - 1) == ':') {
      found.accept(new Span(start, at, EntityType.PASSWORD_OR_SECRET, 0.9));
    }
  }
}
