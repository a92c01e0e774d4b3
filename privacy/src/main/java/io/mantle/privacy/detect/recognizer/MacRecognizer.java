package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hardware addresses of IEEE 802: six or eight octets joined by colons or hyphens, or three groups
 * of four joined by dots. A longer chain, such as a key's fingerprint, is none.
 */
final class MacRecognizer implements Recognizer {
  private static final int[] OCTETS = {8, 6};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (passage.digitRuns() == 0 && !passage.hasLetter()) {
      return;
    }
    List<Span> spans = new ArrayList<>();
    if (passage.hasColon()) {
      marked(passage, ':', spans);
    }
    if (passage.hasHyphen()) {
      marked(passage, '-', spans);
    }
    marked(passage, '.', spans);
    spans.sort(Comparator.comparingInt(Span::start));
    spans.forEach(found);
  }

  private static void marked(Passage passage, char mark, List<Span> spans) {
    String text = passage.text();
    int group = mark == '.' ? 4 : 2;
    for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      int start = at - group;
      if (start < 0 || !CharClass.isHex(text.charAt(at - 1))) {
        continue;
      }
      int size = mark == '.' ? dotted(passage, start) : octets(passage, start, mark);
      if (size > 0) {
        spans.add(new Span(start, start + size, EntityType.MAC, 0.95));
        at = start + size - 1;
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
