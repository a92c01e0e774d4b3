package io.mantle.privacy.detect.custom;

import io.mantle.privacy.match.PhraseSet;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ahocorasick.trie.PayloadEmit;
import org.ahocorasick.trie.PayloadTrie;
import org.ahocorasick.trie.handler.PayloadEmitHandler;

/**
 * All phrases of a tenant's rules in one automaton, each with what it is for: one pass over a text
 * finds them all. Immutable and safe for many threads.
 *
 * <p>A phrase is found as a whole word, whatever its case, spacing, apostrophes and hyphens.
 * Scripts that write no space between words have no such boundary; there it is found anywhere.
 */
final class PhraseAutomaton<T> {
  private final PayloadTrie<List<T>> trie;

  private PhraseAutomaton(PayloadTrie<List<T>> trie) {
    this.trie = trie;
  }

  /** What takes the hits of a text. */
  interface Hits<T> {
    void hit(int start, int end, T use);
  }

  /** Collects phrases. */
  static final class Builder<T> {
    private final Map<String, List<T>> uses = new HashMap<>();

    /** Adds a phrase, in each of the forms in which Unicode may spell it. */
    void add(String phrase, T use) {
      for (Form form : new Form[] {Form.NFC, Form.NFD, Form.NFKC}) {
        List<T> same =
            uses.computeIfAbsent(
                FoldedText.key(Normalizer.normalize(phrase, form)), _ -> new ArrayList<>());
        if (!same.contains(use)) {
          same.add(use);
        }
      }
    }

    boolean isEmpty() {
      return uses.isEmpty();
    }

    PhraseAutomaton<T> build() {
      PayloadTrie.PayloadTrieBuilder<List<T>> builder = PayloadTrie.builder();
      uses.forEach((phrase, same) -> builder.addKeyword(phrase, List.copyOf(same)));
      return new PhraseAutomaton<>(builder.build());
    }
  }

  /** All hits, in order of their ends; they may overlap. */
  void find(String text, Hits<T> hits) {
    FoldedText folded = FoldedText.of(text);
    String chars = folded.text();
    PayloadEmitHandler<List<T>> handler =
        emit -> {
          int end = emit.getEnd() + 1;
          if (isWhole(chars, emit, end)) {
            int start = folded.start(emit.getStart());
            emit.getPayload().forEach(use -> hits.hit(start, folded.end(end), use));
          }
          return true;
        };
    trie.parseText(chars, handler);
  }

  /** Not the library's own test of it: that takes a digit or a mark for the end of a word. */
  private static boolean isWhole(String chars, PayloadEmit<?> emit, int end) {
    int start = emit.getStart();
    boolean joinsLeft = start > 0 && PhraseSet.join(chars.charAt(start - 1), chars.charAt(start));
    boolean joinsRight =
        end < chars.length() && PhraseSet.join(chars.charAt(end - 1), chars.charAt(end));
    return !joinsLeft && !joinsRight;
  }
}
