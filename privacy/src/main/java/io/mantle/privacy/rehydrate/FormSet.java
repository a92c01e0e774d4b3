package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * The forms under which one exchange's surrogates are recognised although they are not spelled as
 * they left.
 *
 * <p>A trie of what counts in the forms (letters and digits without case and accents), walked from
 * the beginning of each word; between what counts it lets pass what the forms allow there. What the
 * walk finds is a candidate, which {@link Alignment} then lays beside each form that ends there:
 * the walk is generous, and quick where nothing is found; the alignment decides.
 *
 * <p>Immutable and safe for use by many threads, each with a {@link FormSearch} of its own.
 */
final class FormSet {
  /** No node. */
  static final int NONE = 0;

  /** The node from which words and numbers are walked. */
  static final int WORDS_ROOT = 1;

  /** The node from which is walked what is written in one way only. */
  static final int LITERAL_ROOT = 2;

  /** No form. */
  static final int NO_FORM = -1;

  /** How many characters the tables of first characters have. */
  static final int ASCII = 128;

  /** On a node: a hyphen may break the word here. */
  private static final int BREAK = 1 << 10;

  private static final int WHITE = Letters.SPACE | Letters.LINE;

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
  FormSet without(FormSearch search) {
    BitSet fewer = (BitSet) dropped.clone();
    BitSet fewerErrors = (BitSet) droppedErrors.clone();
    (search.isByError() ? fewerErrors : fewer).or(search.found());
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

  Form form(int index) {
    return forms.get(index);
  }

  /** The first of the forms that end at a node, or {@link #NO_FORM}. */
  int firstAt(int node) {
    return formAt[node] - 1;
  }

  /** The next form that ends where this one does, or {@link #NO_FORM}. */
  int nextAfter(int index) {
    return nextForm[index] - 1;
  }

  /** Whether a form is not looked for any more. */
  boolean isDropped(int index) {
    return dropped.get(index);
  }

  /** Whether a form is looked for with typing errors too. */
  boolean isFoundWithErrors(int index) {
    return !dropped.get(index) && !droppedErrors.get(index);
  }

  TypingErrors errors() {
    return errors;
  }

  /** Whether a word in small letters is a usual one or a known name. */
  boolean isWord(String word) {
    return isWord.test(word);
  }

  /** The next place, from {@code from} on, that begins as a form does, or as an escape. */
  int next(String text, int from) {
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

  /** Whether a form of this root begins with {@code folded}. */
  boolean beginsWith(int root, char folded) {
    return rootChild(root, folded) != NONE;
  }

  private int rootChild(int root, char c) {
    if (c < ASCII) {
      return root == LITERAL_ROOT ? literalRoots[c] : wordRoots[c];
    }
    return child(root, c);
  }

  /** Whether no form goes on after this node. */
  boolean isLeaf(int node) {
    return firstChildren[node] == NONE;
  }

  /** The node to which {@code c}, which may be a ligature, leads; or {@link #NONE}. */
  int step(int node, int root, char c) {
    char second = Spelling.second(c, false);
    if (second != 0) {
      int child =
          child(node, second == 's' ? 's' : Character.toLowerCase(c) == '\u00E6' ? 'a' : 'o');
      return child == NONE ? NONE : child(child, second);
    }
    char folded = Letters.fold(c);
    return node == root ? rootChild(root, folded) : child(node, folded);
  }

  /**
   * Whether the forms let a gap pass here.
   *
   * @param gap one of {@link Letters}' kinds
   * @param seen those that were passed here before
   */
  boolean passes(int node, int gap, int seen) {
    int allowed = gaps[node];
    if (gap == Letters.SOFT || (gap & allowed) != 0) {
      return true;
    }
    return (allowed & BREAK) != 0
        && (gap == Letters.DASH || ((gap & WHITE) != 0 && (seen & Letters.DASH) != 0));
  }
}
