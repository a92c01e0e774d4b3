package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The forms under which one exchange's surrogates are recognised although they are not spelled as
 * they left, and the search for them in text that may still be arriving.
 *
 * <p>A trie of what counts in the forms (letters and digits without case and accents), walked from
 * the beginning of each word; between what counts it lets pass what the forms allow there. What the
 * walk finds is a candidate, which {@link Alignment} then lays beside each form that ends there:
 * the walk is generous, and quick where nothing is found; the alignment decides.
 *
 * <p>Immutable and safe for use by many threads, each with a {@link Search} of its own.
 */
final class FormSet {
  private static final int NONE = 0;
  private static final int WORDS_ROOT = 1;
  private static final int LITERAL_ROOT = 2;
  private static final int ASCII = 128;
  private static final int GAP_UNITS_MAX = 6;
  private static final int CANDIDATES_MAX = 8;
  private static final int WORD_CHARS_MIN = 3;
  private static final int PLACED_CHARS_MIN = 4;
  private static final int SUFFIX_CHARS_MAX = 4;

  /** What is further behind is no part of an escape that ends here. */
  private static final int ESCAPE_CHARS = 6;

  /** On a node: a hyphen may break the word here. */
  private static final int BREAK = 1 << 10;

  private static final int WHITE = Letters.SPACE | Letters.LINE;

  /** Endings of names: English and German plurals and genitives, Slavic cases. */
  private static final Set<String> SUFFIXES =
      Set.of("s", "es", "n", "ens", "a", "em", "om", "owi", "ovi", "u", "y", "ie", "ova", "in");

  private static final int SUFFIXED_LETTERS_MIN = 4;

  private final List<Form> forms;
  private final TypingErrors errors;
  private final Predicate<String> isWord;
  private final BitSet dropped;
  private final BitSet droppedErrors;

  private char[] labels = new char[64];
  private int[] firstChildren = new int[64];
  private int[] siblings = new int[64];
  private int[] gaps = new int[64];
  private int[] formAt = new int[64]; // node -> form + 1, or 0
  private int nodes = 3;
  private final int[] nextForm; // form -> the next that ends at the same node + 1, or 0
  private final BitSet wide = new BitSet(); // roots after which a word may end
  private final boolean[] pairs; // first and second characters, side by side
  private final int[] wordRoots = new int[ASCII];
  private final int[] literalRoots = new int[ASCII];

  FormSet(List<Form> forms, Predicate<String> isWord) {
    this.forms = List.copyOf(forms);
    this.isWord = isWord;
    this.dropped = new BitSet();
    this.droppedErrors = new BitSet();
    this.nextForm = new int[forms.size()];
    this.pairs = new boolean[forms.isEmpty() ? 0 : ASCII * ASCII];
    for (int i = 0; i < forms.size(); i++) {
      add(i, forms.get(i));
    }
    errors = new TypingErrors(this.forms, isWord);
    roots(WORDS_ROOT, wordRoots);
    roots(LITERAL_ROOT, literalRoots);
    if (!forms.isEmpty()) {
      allAfter('%');
      allAfter('&');
      allAfter('\\');
      for (char c = 'A'; c <= 'Z'; c++) {
        if (errors.mayBegin(c)) {
          allAfter(c);
        }
      }
    }
  }

  private FormSet(FormSet all, BitSet dropped, BitSet droppedErrors) {
    forms = all.forms;
    errors = all.errors;
    isWord = all.isWord;
    this.dropped = dropped;
    this.droppedErrors = droppedErrors;
    labels = all.labels;
    firstChildren = all.firstChildren;
    siblings = all.siblings;
    gaps = all.gaps;
    formAt = all.formAt;
    nodes = all.nodes;
    nextForm = all.nextForm;
    pairs = all.pairs;
    System.arraycopy(all.wordRoots, 0, wordRoots, 0, ASCII);
    System.arraycopy(all.literalRoots, 0, literalRoots, 0, ASCII);
  }

  boolean isEmpty() {
    return forms.isEmpty();
  }

  /** The same set but for what a search found. */
  FormSet without(Search search) {
    BitSet fewer = (BitSet) dropped.clone();
    BitSet fewerErrors = (BitSet) droppedErrors.clone();
    (search.byError ? fewerErrors : fewer).or(search.found);
    return new FormSet(this, fewer, fewerErrors);
  }

  private void roots(int root, int[] byChar) {
    for (int child = firstChildren[root]; child != NONE; child = siblings[child]) {
      char label = labels[child];
      if (label < ASCII) {
        byChar[label] = child;
        for (int second = firstChildren[child]; second != NONE; second = siblings[second]) {
          pair(label, labels[second]);
        }
        for (char second = 0; second < ASCII; second++) {
          if (!Letters.isLetterOrDigit(second)) {
            pairWithGap(child, label, second);
          }
        }
      }
    }
  }

  /** An initial is a capital; nothing else has its first letter alone, but for what is wide. */
  private void pairWithGap(int child, char first, char second) {
    boolean goesOn = child(child, second) != NONE;
    int gap = Letters.gap(second);
    boolean passes = gap != 0 || second == '%' || second == '&';
    boolean ends = (gap & (WHITE | Letters.STOP)) != 0;
    pairs[Character.toUpperCase(first) * ASCII + second] |= goesOn || passes;
    boolean small = Character.isLetter(first) && ends && !wide.get(child);
    pairs[first * ASCII + second] |= goesOn || (passes && !small);
  }

  private void allAfter(char first) {
    Arrays.fill(pairs, first * ASCII, (first + 1) * ASCII, true);
  }

  private void pair(char first, char second) {
    if (second < ASCII) {
      for (char c : new char[] {first, Character.toUpperCase(first)}) {
        pairs[c * ASCII + second] = true;
        pairs[c * ASCII + Character.toUpperCase(second)] = true;
      }
    }
  }

  private void add(int index, Form form) {
    Spelling spelling = form.spelling();
    int node = form.writing() == Writing.LITERAL ? LITERAL_ROOT : WORDS_ROOT;
    for (int i = 0; i < spelling.count(); i++) {
      if (i > 0) {
        gaps[node] |= gapsBefore(form, i);
        boolean initial = (form.strategies() & bit(Strategy.INITIALS)) != 0;
        if (i == 1 && !initial && (gapsBefore(form, i) & WHITE) != 0) {
          wide.set(node);
        }
      }
      node = childOrNew(node, spelling.folded(i));
    }
    nextForm[index] = formAt[node];
    formAt[node] = index + 1;
  }

  private static int gapsBefore(Form form, int index) {
    return switch (form.writing()) {
      case NUMBER -> WHITE | Letters.DASH | Letters.STOP | Letters.MARK;
      case LITERAL -> Letters.MARK;
      case WORDS -> {
        String gap = form.spelling().gapBefore(index);
        if (gap.isEmpty()) {
          yield BREAK;
        }
        boolean stops = form.type() != EntityType.PERSON;
        for (int i = 0; i < gap.length(); i++) {
          stops |= Letters.gap(gap.charAt(i)) == Letters.STOP;
        }
        yield WHITE | Letters.DASH | Letters.MARK | (stops ? Letters.STOP : 0);
      }
    };
  }

  private int childOrNew(int node, char c) {
    int child = child(node, c);
    if (child != NONE) {
      return child;
    }
    if (nodes == labels.length) {
      labels = Arrays.copyOf(labels, nodes * 2);
      firstChildren = Arrays.copyOf(firstChildren, nodes * 2);
      siblings = Arrays.copyOf(siblings, nodes * 2);
      gaps = Arrays.copyOf(gaps, nodes * 2);
      formAt = Arrays.copyOf(formAt, nodes * 2);
    }
    labels[nodes] = c;
    siblings[nodes] = firstChildren[node];
    firstChildren[node] = nodes;
    return nodes++;
  }

  private int child(int node, char c) {
    int child = firstChildren[node];
    while (child != NONE && labels[child] != c) {
      child = siblings[child];
    }
    return child;
  }

  private int rootChild(boolean literal, char c) {
    if (c < ASCII) {
      return literal ? literalRoots[c] : wordRoots[c];
    }
    return child(literal ? LITERAL_ROOT : WORDS_ROOT, c);
  }

  /** A search in one channel, and its answer. Used by one thread. */
  final class Search {
    private static final int TAIL_CHARS = Neighbours.CHARS_BEFORE_MAX;

    private enum Outcome {
      NOTHING,
      FOUND,
      UNDECIDED
    }

    private final Units units;
    private final Alignment alignment;
    private final boolean json;
    private final TypingErrors.Words words = new TypingErrors.Words();
    private final int[] candidateEnds = new int[CANDIDATES_MAX];
    private final int[] candidateNodes = new int[CANDIDATES_MAX];
    private final BitSet found = new BitSet();
    private final @Nullable Neighbours neighbours;
    private final char[] tail = new char[TAIL_CHARS];
    private int tailChars;

    private boolean hit;
    private int start;
    private int end;
    private @Nullable String replacement;
    private int strategies;
    private @Nullable Form form;
    private boolean byError;

    /** For what is to be restored. */
    Search(boolean json) {
      this(json, new Neighbours(json, isWord));
    }

    /**
     * A search.
     *
     * @param neighbours says which part of a name is of another's; null: each is found
     */
    Search(boolean json, @Nullable Neighbours neighbours) {
      this.json = json;
      this.neighbours = neighbours;
      this.units = new Units(json);
      this.alignment = new Alignment(json);
    }

    boolean isHit() {
      return hit;
    }

    /** Where the form begins; where none was found, from where on nothing is decided. */
    int start() {
      return start;
    }

    int end() {
      return end;
    }

    /** What takes its place, or null where two originals are possible. */
    @Nullable String replacement() {
      return replacement;
    }

    int strategies() {
      return strategies;
    }

    Form form() {
      Form known = form;
      if (known == null) {
        throw new IllegalStateException("nothing was found");
      }
      return known;
    }

    /** Takes note that {@code [0, end)} of {@code text} has gone by. */
    void passed(String text, int end) {
      int taken = Math.min(end, TAIL_CHARS);
      int kept = Math.min(tailChars, TAIL_CHARS - taken);
      System.arraycopy(tail, tailChars - kept, tail, 0, kept);
      text.getChars(end - taken, end, tail, kept);
      tailChars = kept + taken;
    }

    /** What stands before {@code at}, as far as it may have a say. */
    private String before(String text, int at) {
      int inText = Math.min(at, TAIL_CHARS);
      int inTail = Math.min(tailChars, TAIL_CHARS - inText);
      return String.valueOf(tail, tailChars - inTail, inTail)
          .concat(text.substring(at - inText, at));
    }

    /** Finds the leftmost form that begins at {@code from} or later, the longest that does. */
    void find(String text, int from, boolean more) {
      int length = text.length();
      int at = from;
      hit = false;
      // What an escape before it says is not known at first: then nothing is passed over quickly.
      int plainFrom = from + ESCAPE_CHARS;
      while (at < length) {
        at = next(text, at);
        char c = text.charAt(at);
        if (c == '%' || c == '\\') {
          plainFrom = at + ESCAPE_CHARS + 1;
        } else if (at >= plainFrom && isOfWord(c) && isOfWord(text.charAt(at - 1))) {
          at++;
          continue;
        }
        if (units.read(text, at, more) == Units.INCOMPLETE) {
          undecided(at);
          return;
        }
        char read = units.c;
        int width = units.width;
        char folded = Letters.fold(read);
        boolean asWord = rootChild(false, folded) != NONE;
        boolean asLiteral = rootChild(true, folded) != NONE;
        if ((asWord || asLiteral) && !joins(left(text, at), read)) {
          Outcome outcome = findAt(text, at, asWord, asLiteral, c, more);
          if (outcome == Outcome.UNDECIDED) {
            undecided(at);
            return;
          }
          if (outcome == Outcome.FOUND) {
            start = at;
            return;
          }
        }
        at += width;
      }
      undecided(length);
    }

    /** The next place, from {@code from} on, that begins as a form does, or as an escape. */
    private int next(String text, int from) {
      int last = text.length() - 1;
      int at = from;
      char c = text.charAt(at);
      while (at < last) {
        char after = text.charAt(at + 1);
        if (c >= ASCII || after >= ASCII || pairs[c * ASCII + after]) {
          return at;
        }
        c = after;
        at++;
      }
      return at;
    }

    private static boolean joins(char left, char c) {
      return (left >= ASCII || isOfWord(left)) && PhraseSet.join(left, c);
    }

    private static boolean isOfWord(char c) {
      return c < ASCII && Letters.isLetterOrDigit(c);
    }

    private void undecided(int from) {
      hit = false;
      start = from;
      end = from;
    }

    private Outcome findAt(
        String text, int at, boolean asWord, boolean asLiteral, char first, boolean more) {
      byError = false;
      Outcome outcome = asWord ? walk(WORDS_ROOT, text, at, more) : Outcome.NOTHING;
      if (outcome == Outcome.UNDECIDED) {
        return outcome;
      }
      if (asLiteral) {
        outcome = literal(outcome, text, at, more);
      }
      boolean lone = outcome == Outcome.NOTHING || (hit && form().isWord());
      if (lone && outcome != Outcome.UNDECIDED && errors.mayBegin(first)) {
        return error(outcome, text, at, more);
      }
      return outcome;
    }

    /** A literal is taken where it goes further than words do. */
    private Outcome literal(Outcome asWords, String text, int at, boolean more) {
      if (asWords != Outcome.FOUND) {
        return walk(LITERAL_ROOT, text, at, more);
      }
      int wordsEnd = end;
      String wordsReplacement = replacement;
      int wordsStrategies = strategies;
      Form wordsForm = form;
      BitSet wordsFound = (BitSet) found.clone();
      Outcome outcome = walk(LITERAL_ROOT, text, at, more);
      if (outcome == Outcome.UNDECIDED || (outcome == Outcome.FOUND && end > wordsEnd)) {
        return outcome;
      }
      boolean differs =
          outcome == Outcome.FOUND
              && end == wordsEnd
              && (replacement == null || !replacement.equalsIgnoreCase(wordsReplacement));
      found.or(wordsFound);
      hit = true;
      end = wordsEnd;
      replacement = differs ? null : wordsReplacement;
      strategies = wordsStrategies;
      form = wordsForm;
      return Outcome.FOUND;
    }

    private Outcome error(Outcome outcome, String text, int at, boolean more) {
      int errored =
          errors.find(
              text, at, more, words, index -> !dropped.get(index) && !droppedErrors.get(index));
      if (errored == TypingErrors.UNDECIDED) {
        return Outcome.UNDECIDED;
      }
      int errorEnd = words.end();
      if (errored < 0) {
        return outcome;
      }
      Form meant = forms.get(errored);
      // "Pembertons" is Pemberton's plural, not another error.
      if (outcome == Outcome.FOUND && (meant.isWord() || errorEnd <= end)) {
        return outcome;
      }
      switch (beside(meant, text, at, errorEnd, false, more)) {
        case UNDECIDED -> {
          return Outcome.UNDECIDED;
        }
        case OF_ANOTHER -> {
          return outcome;
        }
        case ALONE -> {}
      }
      alignment.nothingEscaped();
      hit = true;
      byError = true;
      end = errorEnd;
      form = meant;
      strategies = meant.strategies() | bit(Strategy.TYPO);
      replacement =
          alignment.written(
              Alignment.cased(text.subSequence(at, errorEnd), meant.original().text()));
      found.clear();
      found.set(errored);
      return Outcome.FOUND;
    }

    private Outcome walk(int root, String text, int from, boolean more) {
      int candidates = 0;
      int node = root;
      int at = from;
      int run = 0;
      int seen = 0;
      while (firstChildren[node] != NONE) {
        int read = units.read(text, at, more);
        if (read == Units.INCOMPLETE) {
          return Outcome.UNDECIDED;
        }
        if (read == Units.END) {
          break;
        }
        char c = units.c;
        int child = step(node, root, c);
        at += units.width;
        if (child != NONE) {
          node = child;
          run = 0;
          seen = 0;
          if (formAt[node] != 0 && candidates < CANDIDATES_MAX) {
            candidateEnds[candidates] = at;
            candidateNodes[candidates++] = node;
          }
          continue;
        }
        int gap = Letters.gap(c);
        if (gap == 0 || node == root || !passes(gaps[node], gap, seen) || run == GAP_UNITS_MAX) {
          break;
        }
        seen |= gap;
        run++;
      }
      for (int i = candidates - 1; i >= 0; i--) {
        Outcome outcome = judge(text, from, candidateEnds[i], candidateNodes[i], more);
        if (outcome != Outcome.NOTHING) {
          return outcome;
        }
      }
      return Outcome.NOTHING;
    }

    private int step(int node, int root, char c) {
      char second = Spelling.second(c, false);
      if (second != 0) {
        int child =
            child(node, second == 's' ? 's' : Character.toLowerCase(c) == '\u00E6' ? 'a' : 'o');
        return child == NONE ? NONE : child(child, second);
      }
      char folded = Letters.fold(c);
      return node == root ? rootChild(root == LITERAL_ROOT, folded) : child(node, folded);
    }

    private static boolean passes(int allowed, int gap, int seen) {
      if (gap == Letters.SOFT || (gap & allowed) != 0) {
        return true;
      }
      return (allowed & BREAK) != 0
          && (gap == Letters.DASH || ((gap & WHITE) != 0 && (seen & Letters.DASH) != 0));
    }

    /** What the forms that end here make of {@code [from, to)}. */
    private Outcome judge(String text, int from, int to, int node, boolean more) {
      int last = to;
      // An accent that stands by itself belongs to the letter before it.
      while (true) {
        int read = units.read(text, last, more);
        if (read == Units.INCOMPLETE) {
          return Outcome.UNDECIDED;
        }
        if (read == Units.END || Character.getType(units.c) != Character.NON_SPACING_MARK) {
          break;
        }
        last += units.width;
      }
      char lastChar = lastChar(text, from, to);
      boolean joined =
          units.read(text, last, more) == Units.OK && PhraseSet.join(lastChar, units.c);
      String suffix = "";
      if (joined) {
        if (!Character.isLetter(lastChar)) {
          return Outcome.NOTHING;
        }
        String read = suffix(text, last, more);
        if (read == null) {
          return Outcome.UNDECIDED;
        }
        if (!SUFFIXES.contains(read)) {
          return Outcome.NOTHING;
        }
        suffix = read;
      }
      int next = units.read(text, last, more);
      boolean stopped = next == Units.OK && units.c == '.';
      if (next == Units.INCOMPLETE) {
        return Outcome.UNDECIDED;
      }
      int followed = joined ? PLAIN : placement(text, last, more);
      return choose(text, from, last, node, suffix, followed, stopped, more);
    }

    private static final int PLAIN = 0;
    private static final int PLACED = 1;
    private static final int UNKNOWN = 2;

    /** Whether what follows makes a word part of an address, a path or an identifier. */
    private int placement(String text, int at, boolean more) {
      int read = units.read(text, at, more);
      if (read == Units.INCOMPLETE) {
        return UNKNOWN;
      }
      if (read == Units.END) {
        return PLAIN;
      }
      return switch (units.c) {
        case '@', '_', '/', '\\', '=' -> PLACED;
        case '.', '-' -> {
          int next = units.read(text, at + units.width, more);
          yield next == Units.INCOMPLETE
              ? UNKNOWN
              : next == Units.OK && Letters.isLetterOrDigit(units.c) ? PLACED : PLAIN;
        }
        default -> PLAIN;
      };
    }

    /** The letters that go on, or null where that cannot be told yet. */
    private @Nullable String suffix(String text, int from, boolean more) {
      StringBuilder suffix = new StringBuilder();
      int at = from;
      while (suffix.length() <= SUFFIX_CHARS_MAX) {
        int read = units.read(text, at, more);
        if (read == Units.INCOMPLETE) {
          return null;
        }
        if (read == Units.END || !PhraseSet.join('a', units.c)) {
          break;
        }
        suffix.append(Character.toLowerCase(units.c));
        at += units.width;
      }
      return suffix.toString();
    }

    private char lastChar(String text, int from, int to) {
      char last = 0;
      for (int at = from; at < to && units.read(text, at, false) == Units.OK; at += units.width) {
        last = units.c;
      }
      return last;
    }

    private Outcome choose(
        String text,
        int from,
        int to,
        int node,
        String suffix,
        int followed,
        boolean stopped,
        boolean more) {
      hit = false;
      for (int next = formAt[node]; next != 0; next = nextForm[next - 1]) {
        Form candidate = forms.get(next - 1);
        if (dropped.get(next - 1)) {
          continue;
        }
        int taken = alignment.align(candidate, text, from, to);
        if (taken == Alignment.NONE) {
          continue;
        }
        if (!suffix.isEmpty()) {
          if (!mayBeSuffixed(candidate, suffix)) {
            continue;
          }
          taken |= bit(Strategy.POSSESSIVE);
        }
        if ((taken & ~candidate.enabled()) != 0) {
          continue;
        }
        if ((candidate.strategies() & bit(Strategy.INITIALS)) != 0
            && !isInitial(candidate, taken, suffix, stopped)) {
          continue;
        }
        if (candidate.isAlias()) {
          boolean small = candidate.isWord() && Character.isLowerCase(text.charAt(from));
          if (small && followed == UNKNOWN) {
            return Outcome.UNDECIDED;
          }
          if (!stands(text, from, candidate, small && followed == PLACED)) {
            continue;
          }
        }
        if (taken != 0) {
          Neighbours.Verdict verdict = beside(candidate, text, from, to, !suffix.isEmpty(), more);
          if (verdict == Neighbours.Verdict.UNDECIDED) {
            return Outcome.UNDECIDED;
          }
          if (verdict == Neighbours.Verdict.OF_ANOTHER) {
            continue;
          }
        }
        take(next - 1, candidate, text, to, taken);
      }
      return hit ? Outcome.FOUND : Outcome.NOTHING;
    }

    /** Whose a part of a name is; all else is nobody else's. */
    private Neighbours.Verdict beside(
        Form found, String text, int from, int to, boolean suffixed, boolean more) {
      Set<String> rest = found.rest();
      return neighbours == null || rest == null
          ? Neighbours.Verdict.ALONE
          : neighbours.of(rest, before(text, from), text, from, to, suffixed, more);
    }

    /** "Juliet P." and not "Juliet, perhaps": a capital, with the stop that the form has. */
    private static boolean isInitial(Form candidate, int taken, String suffix, boolean stopped) {
      boolean stop = candidate.spelling().text().endsWith(".");
      boolean recased = (taken & bit(Strategy.CASE)) != 0;
      return !recased && suffix.isEmpty() && (stopped || !stop);
    }

    private void take(int index, Form candidate, String text, int to, int taken) {
      String said = alignment.replacement(candidate, text, taken);
      if (!hit) {
        hit = true;
        found.clear();
        found.set(index);
        end = to;
        form = candidate;
        strategies = taken;
        replacement = said;
        return;
      }
      found.set(index);
      if (replacement == null || !replacement.equalsIgnoreCase(said)) {
        replacement = null;
      } else if (taken < strategies) {
        form = candidate;
        strategies = taken;
        replacement = said;
      }
    }

    private boolean mayBeSuffixed(Form candidate, String suffix) {
      if (candidate.writing() != Writing.WORDS
          || candidate.spelling().count() < SUFFIXED_LETTERS_MIN) {
        return false;
      }
      Spelling spelling = candidate.spelling();
      StringBuilder word = new StringBuilder();
      for (int i = spelling.count() - 1; i >= 0; i--) {
        word.append(Character.toLowerCase(spelling.raw(i)));
        if (spelling.beginsWord(i)) {
          break;
        }
      }
      return !isWord.test(word.reverse().append(suffix).toString());
    }

    /** Whether a part of a value is there by itself, and not a part of something else. */
    private boolean stands(String text, int from, Form candidate, boolean placed) {
      char before = left(text, from);
      if (candidate.writing() == Writing.NUMBER) {
        return !isAfterCountryCode(text, from);
      }
      if (!candidate.isWord()) {
        return true;
      }
      if (candidate.spelling().count() < WORD_CHARS_MIN) {
        return false;
      }
      boolean small = Character.isLowerCase(text.charAt(from));
      boolean attached =
          switch (before) {
            case '@', '_', '/', '.', '-', '=', '#' -> true;
            default -> false;
          };
      return !small || (!placed && !attached && candidate.spelling().count() >= PLACED_CHARS_MIN);
    }

    /** A number without its country code is another one behind another country's. */
    private boolean isAfterCountryCode(String text, int from) {
      int at = from - 1;
      int gap = 0;
      while (gap < 3 && (Letters.gap(at(text, at)) & ~Letters.LINE) != 0 && at(text, at) != '+') {
        at--;
        gap++;
      }
      int digits = 0;
      while (digits < 4 && Character.isDigit(at(text, at))) {
        at--;
        digits++;
      }
      return digits > 0 && at(text, at) == '+';
    }

    private char at(String text, int at) {
      if (at >= 0) {
        return text.charAt(at);
      }
      int inTail = tailChars + at;
      return inTail >= 0 ? tail[inTail] : '\0';
    }

    /** The character before {@code at}, where it is escaped the one that is meant. */
    private char left(String text, int at) {
      char c = at(text, at - 1);
      if (c >= ASCII || !Letters.isLetterOrDigit(c)) {
        return c;
      }
      char second = at(text, at - 2);
      if (second == '\\' && "nrtbf".indexOf(c) >= 0) {
        return '\n';
      }
      int low = Character.digit(c, 16);
      int high = second < ASCII ? Character.digit(second, 16) : -1;
      if (low >= 0 && high >= 0) {
        if (at(text, at - 3) == '%') {
          return (char) ((high << 4) | low);
        }
        if (at(text, at - 6) == '\\' && at(text, at - 5) == 'u') {
          int value = 0;
          for (int i = at - 4; i < at; i++) {
            int digit = at(text, i) < ASCII ? Character.digit(at(text, i), 16) : -1;
            value = digit < 0 ? 'x' : (value << 4) | digit;
          }
          return (char) value;
        }
      }
      return c;
    }

    @Override
    public String toString() {
      return "Search[json=" + json + "]";
    }
  }
}
