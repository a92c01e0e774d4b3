package io.mantle.privacy.detect.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** Words that mean something besides being a name: {@code will}, {@code grace}, {@code klein}. */
final class CommonWords {
  private static final String FILE = "common-words.txt";
  private static final Set<String> WORDS = read();

  private CommonWords() {}

  /** Whether a word in lower case is one. */
  static boolean contains(String lower) {
    return WORDS.contains(lower);
  }

  private static Set<String> read() {
    try (InputStream in = CommonWords.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + FILE + " is missing");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
