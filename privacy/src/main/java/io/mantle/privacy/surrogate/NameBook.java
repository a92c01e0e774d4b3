package io.mantle.privacy.surrogate;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which word of a name stands for which in one request, over all names, addresses and accounts: the
 * surname alone, the full name and the mailbox of one person agree, and no word stands for two.
 *
 * <p>A candidate is drafted against the book and written into it only when it is taken. For one
 * thread.
 */
final class NameBook {
  private final Map<String, String> surrogates = new HashMap<>();
  private final Map<String, String> originals = new HashMap<>();
  private final Map<Character, String> initials = new HashMap<>();

  /** Words by their folded originals, each as a name is written. */
  int size() {
    return originals.size();
  }

  /** A draft that keeps to what the book has, or one that draws everything anew. */
  Draft draft(boolean related) {
    return new Draft(related);
  }

  /** What one candidate drew. */
  final class Draft {
    private final boolean related;
    private final Map<String, String> drawn = new HashMap<>();
    private boolean drew;

    private Draft(boolean related) {
      this.related = related;
    }

    /** Begins anew: what was drawn is not to be used. */
    void restart() {
      drawn.clear();
      drew = false;
    }

    /** The word that stands for {@code word} already, as a name is written. */
    @Nullable String known(String word) {
      String folded = Casing.foldWords(word);
      String own = drawn.get(folded);
      return own != null ? own : related ? surrogates.get(folded) : null;
    }

    /** The initial that stands for {@code letter}, where all names that begin with it agree. */
    @Nullable String knownInitial(String letter) {
      String known = related ? initials.get(Casing.fold(letter).charAt(0)) : null;
      return known == null || known.isEmpty() ? null : known;
    }

    void drew(String word, String surrogate) {
      drawn.put(Casing.foldWords(word), surrogate);
      drew = true;
    }

    /** Whether another probe would give another candidate. */
    boolean depends() {
      return drew;
    }

    /** Whether each word drawn stands for one word only. */
    boolean isUnambiguous() {
      Map<String, String> own = new HashMap<>();
      for (Map.Entry<String, String> pair : drawn.entrySet()) {
        String surrogate = Casing.fold(pair.getValue());
        String owner = originals.getOrDefault(surrogate, own.get(surrogate));
        if (owner != null && !owner.equals(pair.getKey())) {
          return false;
        }
        own.put(surrogate, pair.getKey());
      }
      return true;
    }

    void write() {
      drawn.forEach(
          (original, surrogate) -> {
            surrogates.putIfAbsent(original, surrogate);
            originals.putIfAbsent(Casing.fold(surrogate), original);
            String initial = surrogate.substring(0, 1);
            initials.merge(
                original.charAt(0), initial, (known, now) -> known.equals(now) ? known : "");
          });
    }
  }
}
