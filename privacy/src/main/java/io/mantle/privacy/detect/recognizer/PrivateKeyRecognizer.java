package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * Private keys in the textual encodings of RFC 7468 and OpenPGP, whole blocks with their boundary
 * lines. A block that is cut off ends where its base64 does.
 */
final class PrivateKeyRecognizer implements Recognizer {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String BOUNDARY = "-----";
  private static final int LABEL_CHARS_MAX = 64;

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasHyphen()) {
      return;
    }
    String text = passage.text();
    int from = 0;
    for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, from)) {
      int label = begin + BEGIN.length();
      int body = labelEnd(passage, label);
      from = Math.max(body, label);
      if (body < 0 || !text.substring(label, body).contains("PRIVATE KEY")) {
        continue;
      }
      int end = bodyEnd(passage, body);
      if (text.startsWith(END, end)) {
        end = Math.max(labelEnd(passage, end + END.length()), end);
      }
      found.accept(new Span(begin, end, EntityType.PASSWORD_OR_SECRET, 1));
      from = end;
    }
  }

  /** Past the hyphens that close a boundary line, or -1. */
  private static int labelEnd(Passage passage, int start) {
    int at = start;
    while (at - start < LABEL_CHARS_MAX
        && (passage.at(at) == ' ' || (passage.at(at) >= 'A' && passage.at(at) <= 'Z'))) {
      at++;
    }
    return passage.text().startsWith(BOUNDARY, at) ? at + BOUNDARY.length() : -1;
  }

  /** Past base64, line ends (escaped ones too) and the headers of old formats. */
  private static int bodyEnd(Passage passage, int start) {
    int at = start;
    while (at < passage.length() && isBody(passage.at(at)) && !isBoundary(passage, at)) {
      at++;
    }
    while (at > start && CharClass.isBlank(passage.at(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean isBoundary(Passage passage, int at) {
    return passage.at(at) == '-' && passage.text().startsWith(BOUNDARY, at);
  }

  private static boolean isBody(char c) {
    return switch (c) {
      case '+', '/', '=', '\n', '\r', '\t', ' ', '\\', '-', ',', ':', '.', '(', ')' -> true;
      default -> CharClass.isAsciiAlnum(c);
    };
  }
}
