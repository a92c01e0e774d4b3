package io.mantle.privacy.produced;

import io.mantle.privacy.value.Plaintext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a prompt has said, however it is spaced and punctuated: letters and digits, in small
 * letters. Used by one thread.
 */
final class PromptWords {
  /** What is shorter stands in too many texts by chance: it must be words of the prompt. */
  private static final int SQUEEZED_CHARS_MIN = 6;

  private final List<Plaintext> texts;
  private final Set<String> words = new HashSet<>();
  private String squeezed = "";
  private boolean read;

  PromptWords(List<Plaintext> texts) {
    this.texts = List.copyOf(texts);
  }

  /** Whether the prompt has said it: in one piece, or word by word. */
  boolean hold(String value) {
    read();
    List<String> said = words(value);
    String all = String.join("", said);
    return words.containsAll(said)
        || (all.length() >= SQUEEZED_CHARS_MIN && squeezed.contains(all));
  }

  /** Most answers hold nothing to look up. */
  private void read() {
    if (read) {
      return;
    }
    read = true;
    StringBuilder all = new StringBuilder();
    for (Plaintext text : texts) {
      for (String word : words(text.reveal())) {
        words.add(word);
        all.append(word);
      }
      all.append('\n');
    }
    squeezed = all.toString();
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int c = text.codePointAt(at);
      if (Character.isLetterOrDigit(c)) {
        word.appendCodePoint(Character.toLowerCase(c));
      } else if (!word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
