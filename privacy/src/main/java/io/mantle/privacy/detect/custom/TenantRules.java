package io.mantle.privacy.detect.custom;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's deny list, allow list and recognizers, compiled.
 *
 * <p>Guarantees: immutable and safe for many threads; keeps nothing of a text; time is linear in
 * the text, and what would cost more ends in a {@link RuleOverrunException}.
 */
public final class TenantRules {
  public static final int DENY_TERMS_MAX = 5_000;
  public static final int ALLOW_PHRASES_MAX = 5_000;
  public static final int RECOGNIZERS_MAX = 50;
  public static final int PATTERNS_MAX = 10;
  public static final int WORDS_MAX = 2_000;
  public static final int CONTEXT_WORDS_MAX = 50;
  public static final int NAME_CHARS_MAX = 63;
  public static final int PHRASE_CHARS_MIN = 2;
  public static final int PHRASE_CHARS_MAX = 200;

  /** Of all phrases and words together: a state of the automaton for each, at the worst. */
  public static final int PHRASES_CHARS_MAX = 100_000;

  /** Of all patterns together: each runs over each text. */
  public static final int PROGRAMS_SIZE_MAX = 2_000;

  /** How near a context word stands, from its nearest end. */
  public static final int CONTEXT_DISTANCE_CHARS_MAX = 60;

  private static final int FINDINGS_PER_TEXT_MAX = 200_000;

  private static final NavigableSet<Integer> NOWHERE = Collections.emptyNavigableSet();

  private final @Nullable PhraseAutomaton<Use> phrases;
  private final AllowedPhrases allowed;
  private final List<Compiled> recognizers;

  private TenantRules(
      @Nullable PhraseAutomaton<Use> phrases, AllowedPhrases allowed, List<Compiled> recognizers) {
    this.phrases = phrases;
    this.allowed = allowed;
    this.recognizers = recognizers;
  }

  /** What a phrase is for. */
  private sealed interface Use {
    record Denied(EntityType type) implements Use {}

    record Word(int recognizer) implements Use {}

    record Context(int recognizer) implements Use {}
  }

  private record Compiled(EntityType type, List<RulePattern> patterns, boolean needsContext) {}

  /**
   * Compiles rules.
   *
   * @throws InvalidRuleException naming the first field that cannot be used
   */
  public static TenantRules compile(
      List<DenyTerm> deny, List<Plaintext> allow, List<CustomRecognizer> recognizers)
      throws InvalidRuleException {
    checkCount("deny", deny.size(), DENY_TERMS_MAX);
    checkCount("allow", allow.size(), ALLOW_PHRASES_MAX);
    checkCount("recognizers", recognizers.size(), RECOGNIZERS_MAX);
    Compilation compilation = new Compilation();
    for (int i = 0; i < deny.size(); i++) {
      DenyTerm term = deny.get(i);
      compilation.phrase("deny[" + i + "].phrase", term.phrase(), new Use.Denied(term.type()));
    }
    for (int i = 0; i < allow.size(); i++) {
      compilation.count("allow[" + i + "]", allow.get(i));
    }
    List<Compiled> compiled = new ArrayList<>();
    for (int i = 0; i < recognizers.size(); i++) {
      compiled.add(compilation.recognizer(i, recognizers.get(i)));
    }
    return new TenantRules(
        compilation.phrases.isEmpty() ? null : compilation.phrases.build(),
        new AllowedPhrases(allow),
        List.copyOf(compiled));
  }

  private static void checkCount(String field, int count, int max) throws InvalidRuleException {
    if (count > max) {
      throw new InvalidRuleException(field, count + " are more than " + max);
    }
  }

  private static void checkPhrase(String field, Plaintext phrase) throws InvalidRuleException {
    if (phrase.length() > PHRASE_CHARS_MAX
        || FoldedText.key(phrase.reveal()).length() < PHRASE_CHARS_MIN) {
      throw new InvalidRuleException(
          field, "a phrase has %d to %d characters".formatted(PHRASE_CHARS_MIN, PHRASE_CHARS_MAX));
    }
    if (phrase.reveal().codePoints().noneMatch(Character::isLetterOrDigit)) {
      throw new InvalidRuleException(field, "a phrase has a letter or a digit");
    }
  }

  /** What grows while rules are compiled. */
  private static final class Compilation {
    private final PhraseAutomaton.Builder<Use> phrases = new PhraseAutomaton.Builder<>();
    private int phrasesChars;
    private int programsSize;

    private void phrase(String field, Plaintext phrase, Use use) throws InvalidRuleException {
      count(field, phrase);
      phrases.add(phrase.reveal(), use);
    }

    private void count(String field, Plaintext phrase) throws InvalidRuleException {
      checkPhrase(field, phrase);
      phrasesChars += phrase.length();
      if (phrasesChars > PHRASES_CHARS_MAX) {
        throw new InvalidRuleException(
            field,
            "up to here the phrases have more than " + PHRASES_CHARS_MAX + " characters together");
      }
    }

    private Compiled recognizer(int index, CustomRecognizer recognizer)
        throws InvalidRuleException {
      String field = "recognizers[" + index + "]";
      if (recognizer.name().isBlank() || recognizer.name().length() > NAME_CHARS_MAX) {
        throw new InvalidRuleException(
            field + ".name", "a name has 1 to " + NAME_CHARS_MAX + " characters");
      }
      if (recognizer.patterns().isEmpty() && recognizer.words().isEmpty()) {
        throw new InvalidRuleException(field, "a recognizer has patterns or words");
      }
      checkCount(field + ".patterns", recognizer.patterns().size(), PATTERNS_MAX);
      checkCount(field + ".words", recognizer.words().size(), WORDS_MAX);
      checkCount(field + ".context", recognizer.context().size(), CONTEXT_WORDS_MAX);
      phrases(field + ".words", recognizer.words(), new Use.Word(index));
      phrases(field + ".context", recognizer.context(), new Use.Context(index));
      List<RulePattern> patterns = new ArrayList<>();
      for (int i = 0; i < recognizer.patterns().size(); i++) {
        String at = field + ".patterns[" + i + "]";
        RulePattern pattern = RulePattern.compile(at, recognizer.patterns().get(i));
        programsSize += pattern.programSize();
        if (programsSize > PROGRAMS_SIZE_MAX) {
          throw new InvalidRuleException(
              at,
              "up to here the patterns compile to more than "
                  + PROGRAMS_SIZE_MAX
                  + " instructions together");
        }
        patterns.add(pattern);
      }
      return new Compiled(
          recognizer.type(), List.copyOf(patterns), !recognizer.context().isEmpty());
    }

    private void phrases(String field, List<Plaintext> all, Use use) throws InvalidRuleException {
      for (int i = 0; i < all.size(); i++) {
        phrase(field + "[" + i + "]", all.get(i), use);
      }
    }
  }

  /** Whether nothing is found or allowed by these rules. */
  public boolean isEmpty() {
    return phrases == null && recognizers.isEmpty() && allowed.isEmpty();
  }

  /**
   * What the deny list and the recognizers find, in no order; findings may overlap.
   *
   * @throws RuleOverrunException if it costs too much to know
   */
  public void find(String text, Consumer<Span> found) {
    Search search = new Search(text, found);
    for (int i = 0; i < recognizers.size(); i++) {
      search.ask(i);
    }
  }

  /**
   * Whether one recognizer finds something in a text of its own.
   *
   * @param recognizer its index in what was compiled
   * @throws RuleOverrunException if it costs too much to know
   */
  public boolean finds(int recognizer, Plaintext sample) {
    Search search = new Search(sample.reveal(), _ -> {});
    int denied = search.findings;
    search.ask(recognizer);
    return search.findings > denied;
  }

  /** One text's search: the phrases first, because they are also what recognizers stand near. */
  private final class Search {
    private final String text;
    private final Consumer<Span> found;
    private final Map<Integer, List<Word>> words = new HashMap<>();
    private final Map<Integer, NavigableSet<Integer>> contextEdges = new HashMap<>();
    private int findings;

    private record Word(int start, int end) {}

    private Search(String text, Consumer<Span> found) {
      this.text = text;
      this.found = found;
      if (phrases != null) {
        phrases.find(text, this::hit);
      }
    }

    private void hit(int start, int end, Use use) {
      switch (use) {
        case Use.Denied denied -> found(start, end, denied.type());
        case Use.Word word ->
            words
                .computeIfAbsent(word.recognizer(), _ -> new ArrayList<>())
                .add(new Word(start, end));
        case Use.Context context -> {
          NavigableSet<Integer> edges =
              contextEdges.computeIfAbsent(context.recognizer(), _ -> new TreeSet<>());
          edges.add(start);
          edges.add(end);
        }
      }
    }

    private void ask(int index) {
      Compiled recognizer = recognizers.get(index);
      NavigableSet<Integer> edges = contextEdges.getOrDefault(index, NOWHERE);
      if (recognizer.needsContext() && edges.isEmpty()) {
        return;
      }
      RulePattern.Matches matches =
          (start, end) -> {
            if (!recognizer.needsContext() || isNear(edges, start, end)) {
              found(start, end, recognizer.type());
            }
          };
      words.getOrDefault(index, List.of()).forEach(word -> matches.match(word.start, word.end));
      recognizer.patterns().forEach(pattern -> pattern.find(text, matches));
    }

    private void found(int start, int end, EntityType type) {
      if (++findings > FINDINGS_PER_TEXT_MAX) {
        throw new RuleOverrunException("the policy's rules find too much in this text");
      }
      found.accept(new Span(start, end, type, 1));
    }
  }

  private static boolean isNear(NavigableSet<Integer> edges, int start, int end) {
    Integer edge = edges.ceiling(start - CONTEXT_DISTANCE_CHARS_MAX);
    return edge != null && edge <= end + CONTEXT_DISTANCE_CHARS_MAX;
  }

  /** Whether a finding is a phrase that the tenant allows, and of a type that it may allow. */
  public boolean allow(String text, Span found) {
    return allowed.allow(text, found);
  }

  /**
   * Those of a text's mentions that do not lie within an allowed phrase, or are of a type that none
   * may hold. A mention is what was found elsewhere, so the phrase need not have been found here.
   *
   * @param mentions in any order
   */
  public List<Span> withoutAllowed(String text, List<Span> mentions) {
    return allowed.without(text, mentions);
  }

  /** Whether an allowed phrase may hold entities of this type. */
  public static boolean mayAllow(EntityType type) {
    return AllowedPhrases.mayAllow(type);
  }
}
