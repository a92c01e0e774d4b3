package io.mantle.privacy.detect.custom;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.util.List;

/**
 * A recognizer that a tenant brings. It finds what one of its patterns matches and each of its
 * words, and where it has context words, only near one of those.
 *
 * @param name for people
 * @param patterns in the syntax of RE2; the whole match is found
 * @param words matched as a deny list's phrases are
 * @param context empty where none is needed
 */
public record CustomRecognizer(
    String name,
    EntityType type,
    List<String> patterns,
    List<Plaintext> words,
    List<Plaintext> context) {

  public CustomRecognizer {
    patterns = List.copyOf(patterns);
    words = List.copyOf(words);
    context = List.copyOf(context);
  }

  /** Prints no pattern: it may spell a value. */
  @Override
  public String toString() {
    return "CustomRecognizer[" + name + ", " + type + "]";
  }
}
