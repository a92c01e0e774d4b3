package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds long names of which one or two letters are wrong, missing, too many or exchanged.
 *
 * <p>Only what begins with a capital and with the name's own first letter; and never a word that is
 * a name or a word of its own: "Marla" is not Maria misspelt. Immutable.
 */
final class TypingErrors {
  private static final int ONE_ERROR_LETTERS_MIN = 8;
  private static final int TWO_ERRORS_LETTERS_MIN = 12;
  private static final int LETTERS_MAX = 40;
  private static final int FIRST_LETTERS = 26;

  /** A name of one or two words, in small letters without accents and spaces. */
  private record Name(
      int form, String letters, int first, String original, int mask, int words, int errorsMax) {

    /** Prints no value. */
    @Override
    public String toString() {
      return "Name[" + form + "]";
    }
  }

  /** What was read of a text: one word or two. */
  static final class Words {
    private final char[] letters = new char[LETTERS_MAX + 3];
    private int count;
    private int mask;
    private int ends;
    private int firstEnds;
    private int firstCount;
    private int firstMask;

    /** Where what was found ends. */
    int end() {
      return ends;
    }
  }

  private final List<List<Name>> byFirstLetter = new ArrayList<>();
  private final Predicate<String> isWord;
  private final boolean empty;

  /**
   * Of the names among the forms.
   *
   * @param isWord whether a word in small letters is a usual one or a known name
   */
  TypingErrors(List<Form> forms, Predicate<String> isWord) {
    this.isWord = isWord;
    for (int i = 0; i < FIRST_LETTERS; i++) {
      byFirstLetter.add(new ArrayList<>());
    }
    boolean none = true;
    for (int i = 0; i < forms.size(); i++) {
      Name name = name(i, forms.get(i));
      if (name != null) {
        byFirstLetter.get(name.letters.charAt(0) - 'a').add(name);
        none = false;
      }
    }
    empty = none;
  }

  private static @Nullable Name name(int index, Form form) {
    Spelling spelling = form.spelling();
    int words = spelling.words();
    // Another initial is somebody else's.
    boolean initial = (form.strategies() & bit(Strategy.INITIALS)) != 0;
    boolean on = (form.enabled() & bit(Strategy.TYPO)) != 0 && !initial;
    boolean named =
        switch (form.type()) {
          case PERSON, ORG, LOCATION -> true;
          default -> false;
        };
    int count = spelling.count();
    if (!on || !named || words > 2 || count < ONE_ERROR_LETTERS_MIN || count > LETTERS_MAX) {
      return null;
    }
    char[] letters = new char[count];
    int mask = 0;
    int first = count;
    for (int i = 0; i < count; i++) {
      first = i > 0 && spelling.beginsWord(i) ? i : first;
      letters[i] = spelling.folded(i);
      if (letters[i] < 'a' || letters[i] > 'z') {
        return null;
      }
      mask |= 1 << (letters[i] - 'a');
    }
    String plain = spelling.trimmed();
    for (int i = 0; i < plain.length(); i++) {
      if (!Character.isLetter(plain.charAt(i)) && plain.charAt(i) != ' ') {
        return null;
      }
    }
    return new Name(
        index,
        new String(letters),
        first,
        form.original().text(),
        mask,
        words,
        count >= TWO_ERRORS_LETTERS_MIN ? 2 : 1);
  }

  boolean isEmpty() {
    return empty;
  }

  /** Whether a name begins like {@code c}. */
  boolean mayBegin(char c) {
    return c >= 'A' && c <= 'Z' && !byFirstLetter.get(c - 'A').isEmpty();
  }

  static final int NOT_FOUND = -1;
  static final int UNDECIDED = -2;

  /**
   * The form that stands at {@code start} with errors.
   *
   * @param words receives how far it goes
   * @param usable whether a form may be found
   */
  int find(CharSequence text, int start, boolean more, Words words, IntPredicate usable) {
    List<Name> names = byFirstLetter.get(text.charAt(start) - 'A');
    boolean open = read(text, start, more, words);
    int found = NOT_FOUND;
    for (Name name : names) {
      if (!usable.test(name.form)) {
        continue;
      }
      if (open && mayBecome(name, words)) {
        return UNDECIDED;
      }
    }
    for (int count = 2; count >= 1 && found < 0; count--) {
      int letters = count == 2 ? words.count : words.firstCount;
      int mask = count == 2 ? words.mask : words.firstMask;
      int end = count == 2 ? words.ends : words.firstEnds;
      if (letters == 0 || (count == 2 && words.ends == words.firstEnds)) {
        continue;
      }
      String said = text.subSequence(start, end).toString();
      found = best(names, said, count, letters, mask, words, usable);
      if (found >= 0) {
        words.ends = end;
      }
    }
    return found;
  }

  private int best(
      List<Name> names,
      String said,
      int wordCount,
      int letters,
      int mask,
      Words words,
      IntPredicate usable) {
    int found = NOT_FOUND;
    String original = null;
    for (Name name : names) {
      boolean near =
          name.words == wordCount
              && Math.abs(name.letters.length() - letters) <= name.errorsMax
              && Integer.bitCount(name.mask ^ mask) <= 2 * name.errorsMax;
      if (near && usable.test(name.form)) {
        int errors = errors(words, letters, name);
        if (errors > 0 && errors <= name.errorsMax && !isItself(name, said)) {
          if (original != null && !original.equalsIgnoreCase(name.original)) {
            return NOT_FOUND; // of two names either might be meant
          }
          original = name.original;
          found = name.form;
        }
      }
    }
    return found;
  }

  /** Whether a word that is not the name's is one that is known: then it says itself. */
  private boolean isItself(Name name, String said) {
    for (String word : said.toLowerCase(Locale.ROOT).split("[ \u00a0]", -1)) {
      if (isWord.test(word) && !isOfName(name, word)) {
        return true;
      }
    }
    return false;
  }

  private static int errors(Words words, int letters, Name name) {
    if (name.words == 1) {
      return errors(words.letters, letters, name.letters, false);
    }
    char[] second = Arrays.copyOfRange(words.letters, words.firstCount, letters);
    return errors(words.letters, words.firstCount, name.letters.substring(0, name.first), false)
        + errors(second, second.length, name.letters.substring(name.first), false);
  }

  private static boolean isOfName(Name name, String word) {
    return word.equals(name.letters)
        || word.equals(name.letters.substring(0, name.first))
        || word.equals(name.letters.substring(name.first));
  }

  private boolean mayBecome(Name name, Words words) {
    if (words.count > name.letters.length() + name.errorsMax) {
      return false;
    }
    boolean second = words.ends > words.firstEnds;
    if (name.words == 1 && second) {
      return false;
    }
    return errors(words.letters, words.count, name.letters, true) <= name.errorsMax;
  }

  /**
   * Reads one word, a space and another.
   *
   * @return whether the text ends before what it may still say is known
   */
  private static boolean read(CharSequence text, int start, boolean more, Words words) {
    words.count = 0;
    words.mask = 0;
    words.firstEnds = 0;
    words.firstCount = 0;
    words.firstMask = 0;
    int at = letters(text, start, words);
    words.ends = at;
    words.firstEnds = at;
    if (at == text.length()) {
      return first(words, at, more);
    }
    if (words.count > LETTERS_MAX || continues(text.charAt(at))) {
      words.count = 0;
      return false;
    }
    first(words, at, false);
    char gap = text.charAt(at);
    if (gap != ' ' && gap != '\u00A0') {
      return false;
    }
    if (at + 1 == text.length()) {
      words.ends = at + 1;
      boolean open = more;
      if (!more) {
        words.ends = at;
      }
      return open;
    }
    int end = letters(text, at + 1, words);
    boolean stands = end > at + 1 && words.count <= LETTERS_MAX;
    if (end == text.length() && stands) {
      words.ends = end;
      return more;
    }
    if (!stands || continues(text.charAt(end))) {
      words.ends = at;
      words.count = words.firstCount;
      return false;
    }
    words.ends = end;
    return false;
  }

  private static boolean first(Words words, int end, boolean open) {
    words.firstEnds = end;
    words.firstCount = words.count;
    words.firstMask = words.mask;
    return open;
  }

  private static int letters(CharSequence text, int start, Words words) {
    int at = start;
    while (at < text.length() && words.count <= LETTERS_MAX) {
      char c = text.charAt(at);
      if (!Character.isLetter(c)) {
        break;
      }
      char folded = Letters.fold(c);
      words.letters[words.count++] = folded;
      if (folded >= 'a' && folded <= 'z') {
        words.mask |= 1 << (folded - 'a');
      }
      at++;
    }
    return at;
  }

  /** What follows makes it another word than letters alone. */
  private static boolean continues(char c) {
    return Letters.isLetterOrDigit(c) || Letters.gap(c) == Letters.SOFT || c == '_' || c == '@';
  }

  /**
   * How many letters must be changed, put in, taken out or exchanged with their neighbour; of a
   * beginning, to make it a beginning of the name.
   */
  static int errors(char[] word, int length, String name, boolean beginning) {
    int[] before = new int[name.length() + 1];
    int[] previous = new int[name.length() + 1];
    int[] current = new int[name.length() + 1];
    for (int j = 0; j <= name.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= length; i++) {
      current[0] = i;
      for (int j = 1; j <= name.length(); j++) {
        int cost = word[i - 1] == name.charAt(j - 1) ? 0 : 1;
        int errors = Math.min(Math.min(previous[j], current[j - 1]) + 1, previous[j - 1] + cost);
        if (i > 1
            && j > 1
            && word[i - 1] == name.charAt(j - 2)
            && word[i - 2] == name.charAt(j - 1)) {
          errors = Math.min(errors, before[j - 2] + 1);
        }
        current[j] = errors;
      }
      int[] spare = before;
      before = previous;
      previous = current;
      current = spare;
    }
    if (!beginning) {
      return previous[name.length()];
    }
    int least = previous[0];
    for (int errors : previous) {
      least = Math.min(least, errors);
    }
    return least;
  }
}
