package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * E-mail addresses as people write them: RFC 5321's dot-string local part of at most 64 characters,
 * letters of any script as RFC 6531 allows, and a domain name with a dot.
 */
final class EmailRecognizer implements Recognizer {
  private static final int LOCAL_CHARS_MAX = 64;
  private static final int DOMAIN_CHARS_MAX = 253;

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasAt()) {
      return;
    }
    String text = passage.text();
    int free = 0;
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      int start = localStart(passage, at, free);
      int end = start < at ? domainEnd(passage, at + 1) : -1;
      if (end > 0 && !isRemoteShell(passage, start, at, end)) {
        found.accept(new Span(start, end, EntityType.EMAIL, 0.98));
        free = end;
      }
    }
  }

  private static int localStart(Passage passage, int at, int free) {
    int low = Math.max(free, at - LOCAL_CHARS_MAX);
    int start = at;
    while (start > low && isLocal(passage.at(start - 1))) {
      start--;
    }
    while (start < at && !CharClass.isWord(passage.at(start))) {
      start++;
    }
    return passage.at(at - 1) == '.' ? at : start;
  }

  /** The end of the longest domain name at {@code from} whose last label is a plausible one. */
  private static int domainEnd(Passage passage, int from) {
    int high = Math.min(passage.length(), from + DOMAIN_CHARS_MAX);
    int best = -1;
    int label = from;
    while (label < high) {
      int end = label;
      while (end < high && isLabel(passage.at(end))) {
        end++;
      }
      if (end == label || passage.at(label) == '-') {
        break;
      }
      int trimmed = end;
      while (trimmed > label && passage.at(trimmed - 1) == '-') {
        trimmed--;
      }
      if (label > from && isTopLevel(passage, label, trimmed)) {
        best = trimmed;
      }
      if (passage.at(end) != '.') {
        break;
      }
      label = end + 1;
    }
    return best;
  }

  private static boolean isTopLevel(Passage passage, int start, int end) {
    if (end - start < 2) {
      return false;
    }
    boolean encoded = passage.text().startsWith("xn--", start);
    for (int i = start; i < end; i++) {
      char c = passage.at(i);
      if (!encoded && (CharClass.isDigit(c) || c == '-')) {
        return false;
      }
    }
    return true;
  }

  /** {@code git@host:path} and {@code icon@2x.png} have an address's form and are none. */
  private static boolean isRemoteShell(Passage passage, int start, int at, int end) {
    if (passage.text().startsWith("2x.", at + 1) || passage.text().startsWith("3x.", at + 1)) {
      return true;
    }
    return at - start == 3
        && passage.text().startsWith("git", start)
        && (passage.at(end) == ':' || passage.at(end) == '/');
  }

  private static boolean isLocal(char c) {
    return switch (c) {
      case '.', '_', '%', '+', '-', '\'', '!', '#', '$', '&', '*', '^', '~' -> true;
      default -> CharClass.isWord(c);
    };
  }

  private static boolean isLabel(char c) {
    return c == '-' || (c != '_' && CharClass.isWord(c));
  }
}
