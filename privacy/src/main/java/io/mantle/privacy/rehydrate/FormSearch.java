package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.rehydrate.Surroundings.Place;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.Strategy;
import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A search of one channel's text for the forms of a {@link FormSet}, and its answer.
 *
 * <p>Finds the same in a text that arrives in pieces as in the whole: where what has arrived could
 * still be read in two ways it says from where on nothing is decided. Used by one thread.
 */
final class FormSearch {
  private static final int CANDIDATES_MAX = 8;
  private static final int GAP_UNITS_MAX = 6;
  private static final int WORD_CHARS_MIN = 3;
  private static final int PLACED_CHARS_MIN = 4;
  private static final int SUFFIXED_LETTERS_MIN = 4;

  /** What is further behind is no part of an escape that ends here. */
  private static final int ESCAPE_CHARS = 6;

  private enum Outcome {
    NOTHING,
    FOUND,
    UNDECIDED
  }

  private final FormSet forms;
  private final Units units;
  private final Alignment alignment;
  private final boolean json;
  private final TypingErrors.Words words = new TypingErrors.Words();
  private final int[] candidateEnds = new int[CANDIDATES_MAX];
  private final int[] candidateNodes = new int[CANDIDATES_MAX];
  private final BitSet found = new BitSet();
  private final @Nullable Neighbours neighbours;
  private final PassedText passed = new PassedText();

  private boolean hit;
  private int start;
  private int end;
  private @Nullable String replacement;
  private int strategies;
  private @Nullable Form form;
  private boolean byError;

  private FormSearch(FormSet forms, boolean json, @Nullable Neighbours neighbours) {
    this.forms = forms;
    this.json = json;
    this.neighbours = neighbours;
    this.units = new Units(json);
    this.alignment = new Alignment(json);
  }

  /** Finds what is to be restored: no part of a name that its neighbours make another's. */
  static FormSearch restoring(FormSet forms, boolean json) {
    return new FormSearch(forms, json, new Neighbours(json, forms::isWord));
  }

  /** Finds each form in plain text, whoever's name its neighbours make it. */
  static FormSearch ofEach(FormSet forms) {
    return new FormSearch(forms, false, null);
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

  /** The indices of the forms that were found at this place; to be read, not kept. */
  BitSet found() {
    return found;
  }

  /** Whether what was found has typing errors. */
  boolean isByError() {
    return byError;
  }

  /** Takes note that {@code [0, end)} of {@code text} has gone by. */
  void passed(String text, int end) {
    passed.add(text, end);
  }

  /** Finds the leftmost form that begins at {@code from} or later, the longest that does. */
  void find(String text, int from, boolean more) {
    int length = text.length();
    int at = from;
    hit = false;
    // What an escape before it says is not known at first: then nothing is passed over quickly.
    int plainFrom = from + ESCAPE_CHARS;
    while (at < length) {
      at = forms.next(text, at);
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
      boolean asWord = forms.beginsWith(FormSet.WORDS_ROOT, folded);
      boolean asLiteral = forms.beginsWith(FormSet.LITERAL_ROOT, folded);
      if ((asWord || asLiteral) && !joins(passed.left(text, at), read)) {
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

  private static boolean joins(char left, char c) {
    return (left >= FormSet.ASCII || isOfWord(left)) && PhraseSet.join(left, c);
  }

  private static boolean isOfWord(char c) {
    return c < FormSet.ASCII && Letters.isLetterOrDigit(c);
  }

  private void undecided(int from) {
    hit = false;
    start = from;
    end = from;
  }

  private Outcome findAt(
      String text, int at, boolean asWord, boolean asLiteral, char first, boolean more) {
    byError = false;
    Outcome outcome = asWord ? walk(FormSet.WORDS_ROOT, text, at, more) : Outcome.NOTHING;
    if (outcome == Outcome.UNDECIDED) {
      return outcome;
    }
    if (asLiteral) {
      outcome = literal(outcome, text, at, more);
    }
    boolean lone = outcome == Outcome.NOTHING || (hit && form().isWord());
    if (lone && outcome != Outcome.UNDECIDED && forms.errors().mayBegin(first)) {
      return error(outcome, text, at, more);
    }
    return outcome;
  }

  /** A literal is taken where it goes further than words do. */
  private Outcome literal(Outcome asWords, String text, int at, boolean more) {
    if (asWords != Outcome.FOUND) {
      return walk(FormSet.LITERAL_ROOT, text, at, more);
    }
    int wordsEnd = end;
    String wordsReplacement = replacement;
    int wordsStrategies = strategies;
    Form wordsForm = form;
    BitSet wordsFound = (BitSet) found.clone();
    Outcome outcome = walk(FormSet.LITERAL_ROOT, text, at, more);
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
    int errored = forms.errors().find(text, at, more, words, forms::isFoundWithErrors);
    if (errored == TypingErrors.UNDECIDED) {
      return Outcome.UNDECIDED;
    }
    int errorEnd = words.end();
    if (errored < 0) {
      return outcome;
    }
    Form meant = forms.form(errored);
    // "Pembertons" is Pemberton's plural, not another error.
    if (outcome == Outcome.FOUND && (meant.isWord() || errorEnd <= end)) {
      return outcome;
    }
    Place place = new Place(text, at, errorEnd, "", Surroundings.Following.PLAIN, false, more);
    switch (beside(meant, place)) {
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
        alignment.written(Alignment.cased(text.subSequence(at, errorEnd), meant.original().text()));
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
    while (!forms.isLeaf(node)) {
      int read = units.read(text, at, more);
      if (read == Units.INCOMPLETE) {
        return Outcome.UNDECIDED;
      }
      if (read == Units.END) {
        break;
      }
      char c = units.c;
      int child = forms.step(node, root, c);
      at += units.width;
      if (child != FormSet.NONE) {
        node = child;
        run = 0;
        seen = 0;
        if (forms.firstAt(node) != FormSet.NO_FORM && candidates < CANDIDATES_MAX) {
          candidateEnds[candidates] = at;
          candidateNodes[candidates++] = node;
        }
        continue;
      }
      int gap = Letters.gap(c);
      if (gap == 0 || node == root || !forms.passes(node, gap, seen) || run == GAP_UNITS_MAX) {
        break;
      }
      seen |= gap;
      run++;
    }
    for (int i = candidates - 1; i >= 0; i--) {
      Outcome outcome =
          switch (Surroundings.read(units, text, from, candidateEnds[i], more)) {
            case Surroundings.Undecided _ -> Outcome.UNDECIDED;
            case Surroundings.Nowhere _ -> Outcome.NOTHING;
            case Place place -> choose(place, candidateNodes[i]);
          };
      if (outcome != Outcome.NOTHING) {
        return outcome;
      }
    }
    return Outcome.NOTHING;
  }

  /**
   * Takes, of the forms that end here and fit the place, one that is found with the fewest
   * liberties.
   */
  private Outcome choose(Place place, int node) {
    hit = false;
    for (int index = forms.firstAt(node);
        index != FormSet.NO_FORM;
        index = forms.nextAfter(index)) {
      Form candidate = forms.form(index);
      if (forms.isDropped(index)) {
        continue;
      }
      int taken = alignment.align(candidate, place.text(), place.from(), place.to());
      if (taken == Alignment.NONE) {
        continue;
      }
      if (!place.suffix().isEmpty()) {
        if (!mayBeSuffixed(candidate, place.suffix())) {
          continue;
        }
        taken |= bit(Strategy.POSSESSIVE);
      }
      if ((taken & ~candidate.enabled()) != 0) {
        continue;
      }
      if ((candidate.strategies() & bit(Strategy.INITIALS)) != 0
          && !isInitial(candidate, taken, place)) {
        continue;
      }
      if (candidate.isAlias()) {
        boolean small = candidate.isWord() && place.isSmall();
        if (small && place.following() == Surroundings.Following.UNKNOWN) {
          return Outcome.UNDECIDED;
        }
        if (!stands(place, candidate)) {
          continue;
        }
      }
      if (taken != 0) {
        Neighbours.Verdict verdict = beside(candidate, place);
        if (verdict == Neighbours.Verdict.UNDECIDED) {
          return Outcome.UNDECIDED;
        }
        if (verdict == Neighbours.Verdict.OF_ANOTHER) {
          continue;
        }
      }
      take(index, candidate, place, taken);
    }
    return hit ? Outcome.FOUND : Outcome.NOTHING;
  }

  /** Whose a part of a name is; all else is nobody else's. */
  private Neighbours.Verdict beside(Form found, Place place) {
    Set<String> rest = found.rest();
    return neighbours == null || rest == null
        ? Neighbours.Verdict.ALONE
        : neighbours.of(
            rest,
            passed.before(place.text(), place.from()),
            place.text(),
            place.from(),
            place.to(),
            !place.suffix().isEmpty(),
            place.more());
  }

  /** "Juliet P." and not "Juliet, perhaps": a capital, with the stop that the form has. */
  private static boolean isInitial(Form candidate, int taken, Place place) {
    boolean stop = candidate.spelling().text().endsWith(".");
    boolean recased = (taken & bit(Strategy.CASE)) != 0;
    return !recased && place.suffix().isEmpty() && (place.stopped() || !stop);
  }

  private void take(int index, Form candidate, Place place, int taken) {
    String said = alignment.replacement(candidate, place.text(), taken);
    if (!hit) {
      hit = true;
      found.clear();
      found.set(index);
      end = place.to();
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
    return !forms.isWord(word.reverse().append(suffix).toString());
  }

  /** Whether a part of a value is there by itself, and not a part of something else. */
  private boolean stands(Place place, Form candidate) {
    if (candidate.writing() == Writing.NUMBER) {
      return !passed.endsWithCountryCode(place.text(), place.from());
    }
    if (!candidate.isWord()) {
      return true;
    }
    if (candidate.spelling().count() < WORD_CHARS_MIN) {
      return false;
    }
    if (!place.isSmall()) {
      return true;
    }
    boolean attached =
        switch (passed.left(place.text(), place.from())) {
          case '@', '_', '/', '.', '-', '=', '#' -> true;
          default -> false;
        };
    return place.following() != Surroundings.Following.PLACED
        && !attached
        && candidate.spelling().count() >= PLACED_CHARS_MIN;
  }

  @Override
  public String toString() {
    return "FormSearch[json=" + json + "]";
  }
}
