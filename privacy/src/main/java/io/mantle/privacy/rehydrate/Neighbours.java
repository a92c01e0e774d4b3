package io.mantle.privacy.rehydrate;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells a part of a person's name that stands by itself from one that stands beside another name,
 * and so is somebody else's: with "Juliet Pemberton" in force, "Ms. Pemberton" is she, "Edwin
 * Pemberton" and "Juliet Ashdown" are not.
 *
 * <p>A neighbour is a word on the same line, behind a blank or a hyphen. It is a name where it is
 * an initial or has a capital, unless it is a title, a word that opens sentences where one begins,
 * or of the same person's name. Where capitals say nothing (in German, and where all are capitals
 * or none is) it is a name where it is known as one.
 *
 * <p>Says the same however the text was cut: it looks {@link #CHARS_BEFORE_MAX} characters back and
 * never further, and ahead no further than to the end of the next word that is no particle. Used by
 * one thread.
 */
final class Neighbours {
  /** So much of what stands before a part has a say. */
  static final int CHARS_BEFORE_MAX = 48;

  private static final int GAP_UNITS_MAX = 6;
  private static final int WORD_CHARS_MAX = 24;
  private static final int PARTICLES_MAX = 3;
  private static final String SENTENCE_BEFORE = ".!?:\u2026([{<|>#\u2022" + Units.NO_CHARACTER;
  private static final String QUOTES = "\"\u201C\u201E\u00AB";

  /** What a part is. */
  enum Verdict {
    ALONE,
    OF_ANOTHER,
    /** What follows is not there yet. */
    UNDECIDED
  }

  private final Units units;
  private final Predicate<String> isWord;
  private final StringBuilder before = new StringBuilder(CHARS_BEFORE_MAX);
  private final StringBuilder word = new StringBuilder(WORD_CHARS_MAX);
  private Set<String> own = Set.of();
  private boolean beginsText;
  private boolean small;
  private boolean capitalsTell;
  private boolean endsInInitial;
  private boolean stopped;
  private int cursor;

  /**
   * In one channel.
   *
   * @param isWord whether a word in small letters is a known name
   */
  Neighbours(boolean json, Predicate<String> isWord) {
    this.units = new Units(json);
    this.isWord = isWord;
  }

  /** The words of a name, folded. */
  static Set<String> wordsOf(String name) {
    Set<String> words = new HashSet<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i <= name.length(); i++) {
      if (i < name.length() && isOfWord(name.charAt(i))) {
        word.append(name.charAt(i));
      } else if (!word.isEmpty()) {
        words.add(folded(word));
        word.setLength(0);
      }
    }
    return words;
  }

  /** Whether no more than one name is there in full. */
  static boolean isOneName(String name) {
    int names = 0;
    for (String word : name.split("[\\s,]+", -1)) {
      String plain = word.replace(".", "").toLowerCase(Locale.ROOT);
      boolean counts = plain.length() > 1 && !NeighbourWords.isParticle(plain);
      names += counts && !NeighbourWords.isTitle(plain) ? 1 : 0;
    }
    return names <= 1;
  }

  /**
   * What the part at {@code [from, to)} is.
   *
   * @param rest the words of the name that are not the part's, folded
   * @param left what stands before it, no more than {@link #CHARS_BEFORE_MAX}
   * @param suffixed whether it has an ending, behind which nothing belongs to it
   */
  Verdict of(
      Set<String> rest,
      String left,
      String text,
      int from,
      int to,
      boolean suffixed,
      boolean more) {
    own = rest;
    beginsText = left.length() < CHARS_BEFORE_MAX;
    readBefore(left);
    readCase(text, from, to);
    if (isNameBefore()) {
      return Verdict.OF_ANOTHER;
    }
    return suffixed ? Verdict.ALONE : after(text, to, more);
  }

  private void readBefore(String left) {
    before.setLength(0);
    int at = 0;
    while (at < left.length() && units.read(left, at, false) == Units.OK) {
      before.append(units.c);
      at += units.width;
    }
  }

  private void readCase(String text, int from, int to) {
    int upper = 0;
    int lower = 0;
    int letters = 0;
    int at = from;
    while (at < to && units.read(text, at, false) == Units.OK) {
      letters = Character.isLetter(units.c) ? letters + 1 : 0;
      upper += Character.isUpperCase(units.c) ? 1 : 0;
      lower += Character.isLowerCase(units.c) ? 1 : 0;
      at += units.width;
    }
    endsInInitial = letters == 1;
    small = upper == 0 && lower > 0;
    boolean capitals = lower == 0 && upper > 1;
    capitalsTell = !small && !capitals && !isGerman();
  }

  private boolean isGerman() {
    int start = 0;
    for (int i = 0; i <= before.length(); i++) {
      if (i == before.length() || !isOfWord(before.charAt(i))) {
        if (i > start && NeighbourWords.isGerman(lower(before.substring(start, i)))) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  private boolean isNameBefore() {
    int at = before.length();
    boolean tell = capitalsTell;
    for (int passed = 0; passed <= PARTICLES_MAX; passed++) {
      int end = skippedBack(at);
      if (end == 0) {
        return false;
      }
      char last = before.charAt(end - 1);
      boolean stop = last == '.';
      boolean hyphen = isHyphen(last) && end == at && passed == 0;
      if (stop || hyphen) {
        end--;
      }
      int start = wordStart(end);
      if (start == end || isGenitive(start, end)) {
        return false;
      }
      String said = before.substring(start, end);
      if (stop) {
        if (said.length() > 1 || !isOwnInitial(said)) {
          return isStoppedName(said, start, end + 1 == at, tell);
        }
      } else if (NeighbourWords.isParticle(said)) {
        tell &= own.contains(said);
      } else {
        boolean opens = tell && !hyphen && beginsSentence(start) && isOpener(lower(said));
        return !opens && isName(said, tell);
      }
      at = start;
    }
    return false;
  }

  /** Where what is before {@code end} ends, but for blanks and marks. */
  private int skippedBack(int end) {
    int at = end;
    while (at > 0
        && (Letters.gap(before.charAt(at - 1)) & (Letters.SPACE | Letters.MARK | Letters.SOFT))
            != 0) {
      at--;
    }
    return at;
  }

  private int wordStart(int end) {
    int start = end;
    while (start > 0 && isOfWord(before.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /** The {@code s} of "Edwin's". */
  private boolean isGenitive(int start, int end) {
    boolean s = end - start == 1 && Character.toLowerCase(before.charAt(start)) == 's';
    return s && start > 1 && isApostrophe(before.charAt(start - 1));
  }

  /** Whether a word with a stop is of a name, and not the last of a sentence. */
  private boolean isStoppedName(String said, int start, boolean attached, boolean tell) {
    if (said.length() == 1) {
      return Character.isUpperCase(said.charAt(0)) && !isAbbreviated(start);
    }
    return NeighbourWords.isOfPlaces(lower(said)) || (attached && isName(said, tell));
  }

  /** "z. B.", "i. A.": a small letter with a stop before a capital one. */
  private boolean isAbbreviated(int start) {
    int stop = skippedBack(start) - 1;
    return stop > 0
        && before.charAt(stop) == '.'
        && wordStart(stop) == stop - 1
        && Character.isLowerCase(before.charAt(stop - 1));
  }

  private boolean beginsSentence(int start) {
    int end = skippedBack(start);
    if (end == 0) {
      return beginsText;
    }
    for (int i = end; i < start; i++) {
      if (QUOTES.indexOf(before.charAt(i)) >= 0) {
        return true;
      }
    }
    char c = before.charAt(end - 1);
    if (c == '.') {
      String said = before.substring(wordStart(end - 1), end - 1);
      return said.length() != 1 && !NeighbourWords.isTitle(lower(said));
    }
    boolean dash = Letters.gap(c) == Letters.DASH && end < start;
    return dash || Letters.gap(c) == Letters.LINE || SENTENCE_BEFORE.indexOf(c) >= 0;
  }

  private Verdict after(String text, int to, boolean more) {
    cursor = to;
    for (int particles = 0; particles <= PARTICLES_MAX; particles++) {
      Verdict verdict = toWord(text, endsInInitial, more);
      if (verdict == null) {
        verdict = word(text, particles == 0, more);
      }
      if (verdict != null) {
        return verdict;
      }
    }
    return Verdict.ALONE;
  }

  /** Goes on to where the next word begins; null where there is one. */
  private @Nullable Verdict toWord(String text, boolean stopJoins, boolean more) {
    boolean hyphen = false;
    stopped = false;
    for (int i = 0; i < GAP_UNITS_MAX; i++) {
      int read = units.read(text, cursor, more);
      if (read != Units.OK) {
        return read == Units.INCOMPLETE ? Verdict.UNDECIDED : Verdict.ALONE;
      }
      char c = units.c;
      if (Character.isLetter(c)) {
        return null;
      }
      boolean opens = i == 0 && (isHyphen(c) || (stopJoins && c == '.'));
      boolean blank = Letters.gap(c) == Letters.SPACE && !hyphen;
      boolean unseen = (Letters.gap(c) & (Letters.MARK | Letters.SOFT)) != 0;
      boolean genitive = i == 0 && isApostrophe(c);
      if (genitive || !(opens || blank || unseen)) {
        return Verdict.ALONE;
      }
      hyphen |= isHyphen(c);
      stopped |= c == '.';
      cursor += units.width;
    }
    return Verdict.ALONE;
  }

  /** Reads a word; null where the next one tells: behind a particle, or an initial of the name. */
  private @Nullable Verdict word(String text, boolean first, boolean more) {
    word.setLength(0);
    int read = Units.END;
    while (word.length() < WORD_CHARS_MAX) {
      read = units.read(text, cursor, more);
      if (read == Units.INCOMPLETE) {
        return Verdict.UNDECIDED;
      }
      if (read == Units.END || !isOfWord(units.c)) {
        break;
      }
      word.append(units.c);
      cursor += units.width;
      // So that no more is held back than must be.
      boolean lower = Character.isLowerCase(word.charAt(0));
      if (lower && !small && !NeighbourWords.beginsParticle(word.toString())) {
        return Verdict.ALONE;
      }
    }
    String said = word.toString();
    if (first ? NeighbourWords.isFirstParticle(said) : NeighbourWords.isParticle(said)) {
      return null;
    }
    boolean stop = read == Units.OK && units.c == '.';
    boolean label = read == Units.OK && units.c == ':';
    endsInInitial = said.length() == 1 && stop;
    if (endsInInitial && isOwnInitial(said)) {
      return null;
    }
    boolean opens = stopped && isOpener(lower(said));
    boolean name =
        endsInInitial
            ? Character.isUpperCase(said.charAt(0))
            : !opens && isName(said, capitalsTell && !label);
    return name ? Verdict.OF_ANOTHER : Verdict.ALONE;
  }

  private boolean isName(String said, boolean tell) {
    String lower = lower(said);
    if (own.contains(folded(said)) || NeighbourWords.isTitle(lower)) {
      return false;
    }
    boolean capital = Character.isUpperCase(said.charAt(0));
    if (said.length() == 1) {
      return tell && capital && !said.equals("I") && !isOwnInitial(said);
    }
    if (tell) {
      return capital;
    }
    return (capital || small) && isWord.test(lower) && !NeighbourWords.isEveryday(lower, small);
  }

  private boolean isOpener(String lower) {
    return NeighbourWords.isOpener(lower)
        || (NeighbourWords.endsLikeAnOpener(lower) && !isWord.test(lower));
  }

  private boolean isOwnInitial(String said) {
    String folded = folded(said);
    return Character.isUpperCase(said.charAt(0))
        && own.stream().anyMatch(word -> word.startsWith(folded));
  }

  private static boolean isOfWord(char c) {
    return Character.isLetter(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static boolean isHyphen(char c) {
    return c == '-' || c == '\u2010' || c == '\u2011';
  }

  private static boolean isApostrophe(char c) {
    return c == '\'' || c == '\u2019';
  }

  private static String lower(CharSequence word) {
    return word.toString().toLowerCase(Locale.ROOT);
  }

  private static String folded(CharSequence word) {
    StringBuilder folded = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      if (Character.isLetter(word.charAt(i))) {
        folded.append(Letters.fold(word.charAt(i)));
      }
    }
    return folded.toString();
  }
}
