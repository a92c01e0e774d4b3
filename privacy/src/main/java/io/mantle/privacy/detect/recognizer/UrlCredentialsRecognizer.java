package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.function.Consumer;

/**
 * The {@code user:password} part of a URL (RFC 3986's userinfo), connection strings included. A
 * user without a password counts only where it is long enough to be a key; a template's placeholder
 * does not.
 */
final class UrlCredentialsRecognizer implements Recognizer {
  private static final int USERINFO_CHARS_MAX = 512;
  private static final int KEY_CHARS_MIN = 20;

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasAt() || !passage.hasColon()) {
      return;
    }
    String text = passage.text();
    for (int mark = text.indexOf("://"); mark >= 0; mark = text.indexOf("://", mark + 3)) {
      int start = mark + 3;
      int at = userinfoEnd(passage, start);
      if (CharClass.isAsciiAlnum(passage.at(mark - 1))
          && at > start
          && opensADoor(text.substring(start, at))) {
        found.accept(new Span(start, at, EntityType.PASSWORD_OR_SECRET, 0.99));
      }
    }
  }

  /** Where the last {@code @} of the authority stands, or -1. */
  private static int userinfoEnd(Passage passage, int start) {
    int high = Math.min(passage.length(), start + USERINFO_CHARS_MAX);
    int end = -1;
    for (int i = start; i < high; i++) {
      switch (passage.at(i)) {
        case '@' -> end = i;
        case '/', '?', '#', ' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>', '|', '\\' -> {
          return end;
        }
        default -> {}
      }
    }
    return end;
  }

  private static boolean opensADoor(String userinfo) {
    int colon = userinfo.indexOf(':');
    if (colon < 0) {
      return userinfo.length() >= KEY_CHARS_MIN && Plausible.isRandom(userinfo);
    }
    return colon + 1 < userinfo.length() && !Plausible.isPlaceholder(userinfo.substring(colon + 1));
  }
}
