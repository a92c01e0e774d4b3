package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * Hardware addresses of IEEE 802: six or eight octets joined by colons or hyphens, or three groups
 * of four joined by dots. A longer chain, such as a key's fingerprint, is none.
 */
final class MacRecognizer implements Recognizer {
  private static final int[] OCTETS = {8, 6};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    int length = text.length();
    for (int i = 2; i < length; i++) {
      char c = text.charAt(i);
      int size = 0;
      int start = i;
      if (c == ':' || c == '-') {
        start = i - 2;
        size = octets(passage, start, c);
      } else if (c == '.') {
        start = i - 4;
        size = dotted(passage, start);
      }
      if (size > 0) {
        found.accept(new Span(start, start + size, EntityType.MAC, 0.95));
        i = start + size;
      }
    }
  }

  private static int octets(Passage passage, int start, char separator) {
    if (!isEdge(passage.at(start - 1), separator)) {
      return 0;
    }
    for (int count : OCTETS) {
      int size = count * 3 - 1;
      if (start + size <= passage.length()
          && isEdge(passage.at(start + size), separator)
          && isChain(passage, start, 2, size, separator)) {
        return size;
      }
    }
    return 0;
  }

  private static int dotted(Passage passage, int start) {
    int size = 14;
    if (start < 0
        || start + size > passage.length()
        || !isEdge(passage.at(start - 1), '.')
        || CharClass.isWord(passage.at(start + size))
        || !isChain(passage, start, 4, size, '.')) {
      return 0;
    }
    // Three groups of four digits are far more often a number than an address.
    for (int i = start; i < start + size; i++) {
      if (CharClass.isAsciiLetter(passage.at(i))) {
        return size;
      }
    }
    return 0;
  }

  private static boolean isEdge(char c, char separator) {
    return c != separator && !CharClass.isWord(c);
  }

  private static boolean isChain(Passage passage, int start, int group, int size, char separator) {
    for (int i = 0; i < size; i++) {
      char c = passage.at(start + i);
      if (i % (group + 1) == group ? c != separator : !CharClass.isHex(c)) {
        return false;
      }
    }
    return true;
  }
}
