package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.json.JsonText;
import io.mantle.privacy.value.Alias.Writing;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A stretch of an answer laid beside a form: which strategies it takes to see the one in the other,
 * and what it says with the original in the surrogate's place. Used by one thread.
 */
final class Alignment {
  /** What it takes when it is not the form at all. */
  static final int NONE = -1;

  private static final int NUMBER_GAP_MAX = 3;
  private static final int WHITE = Letters.SPACE | Letters.LINE;
  private static final String UNRESERVED = "-._~";

  private final Units units;
  private final boolean json;
  private int[] starts = new int[32];
  private int[] ends = new int[32];
  private char escape;

  Alignment(boolean json) {
    this.json = json;
    this.units = new Units(json);
  }

  /** The strategies that {@code [start, end)} takes, or {@link #NONE}. */
  int align(Form form, CharSequence text, int start, int end) {
    Spelling spelling = form.spelling();
    int count = spelling.count();
    if (starts.length < count) {
      starts = new int[count];
      ends = new int[count];
    }
    escape = 0;
    int strategies = form.strategies();
    int index = 0;
    int gapStart = start;
    int at = start;
    StringBuilder gap = new StringBuilder();
    while (at < end) {
      if (units.read(text, at, false) != Units.OK) {
        return NONE;
      }
      char c = units.c;
      int next = at + units.width;
      if (units.escape != 0) {
        escape = units.escape;
        strategies |= bit(Strategy.ESCAPED);
      }
      if (index < count && matches(spelling, index, c)) {
        int across = index == 0 ? 0 : gapStrategies(form, index, gap);
        if (across == NONE) {
          return NONE;
        }
        strategies |= across | letterStrategies(spelling.raw(index), c);
        boolean expanded = Spelling.second(c, false) != 0;
        starts[index] = at;
        ends[index++] = next;
        if (expanded && index < count) {
          starts[index] = at;
          ends[index++] = next;
        }
        gap.setLength(0);
        gapStart = next;
      } else if (index > 0 && gap.isEmpty() && Character.getType(c) == Character.NON_SPACING_MARK) {
        ends[index - 1] = next; // an accent that stands by itself belongs to the letter before it
        strategies |= bit(Strategy.ACCENTS);
      } else if (index == 0 || Letters.gap(c) == 0) {
        return NONE;
      } else {
        gap.append(c);
      }
      at = next;
    }
    boolean open = gap.chars().anyMatch(c -> Letters.gap((char) c) != Letters.SOFT);
    if (index != count || open || gapStart > end) {
      return NONE;
    }
    return gap.isEmpty() ? strategies : strategies | bit(Strategy.ACCENTS);
  }

  private static boolean matches(Spelling spelling, int index, char c) {
    char second = Spelling.second(c, false);
    if (second != 0) {
      boolean both = index + 1 < spelling.count() && spelling.folded(index + 1) == second;
      return both && spelling.folded(index) == (second == 's' ? 's' : firstOf(c));
    }
    return spelling.folded(index) == Letters.fold(c);
  }

  private static char firstOf(char c) {
    return c == '\u00E6' || c == '\u00C6' ? 'a' : 'o';
  }

  private static int letterStrategies(char expected, char actual) {
    if (expected == actual) {
      return 0;
    }
    if (Character.toLowerCase(expected) == Character.toLowerCase(actual)) {
      return bit(Strategy.CASE);
    }
    return bit(Letters.gap(actual) == Letters.DASH ? Strategy.HYPHENATION : Strategy.ACCENTS);
  }

  private static int gapStrategies(Form form, int index, StringBuilder gap) {
    String expected = form.spelling().gapBefore(index);
    if (gap.compareTo(new StringBuilder(expected)) == 0) {
      return 0;
    }
    int actual = classes(gap);
    return switch (form.writing()) {
      case NUMBER -> gap.length() > NUMBER_GAP_MAX ? NONE : bit(Strategy.NUMBER_FORMAT);
      case LITERAL -> (actual & ~(Letters.MARK | Letters.SOFT)) != 0 ? NONE : liberties(actual, 0);
      case WORDS -> expected.isEmpty() ? hyphenation(actual) : between(form, expected, actual);
    };
  }

  /** Inside of a word: a soft hyphen, or a hyphen, with or without the line's end. */
  private static int hyphenation(int actual) {
    boolean visible = (actual & Letters.DASH) != 0;
    int allowed = Letters.SOFT | (visible ? Letters.DASH | WHITE : 0);
    return (actual & ~allowed) != 0 ? NONE : bit(Strategy.HYPHENATION);
  }

  private static int between(Form form, String expected, int actual) {
    int wanted = classes(expected);
    boolean apart = (actual & (WHITE | Letters.DASH)) != 0 || (wanted & WHITE) == 0;
    boolean stops =
        (actual & Letters.STOP) == 0
            || (wanted & Letters.STOP) != 0
            || form.type() != EntityType.PERSON;
    // "J.Pons": the stop alone keeps them apart.
    boolean stopped = (actual & wanted & Letters.STOP) != 0;
    if ((!apart && !stopped) || !stops || actual == 0) {
      return NONE;
    }
    int liberties = liberties(actual & ~wanted, 0);
    return liberties == 0 ? bit(Strategy.SPACING) : liberties;
  }

  private static int liberties(int classes, int already) {
    int liberties = already;
    liberties |= (classes & Letters.MARK) != 0 ? bit(Strategy.MARKUP) : 0;
    liberties |= (classes & (Letters.DASH | Letters.SOFT)) != 0 ? bit(Strategy.HYPHENATION) : 0;
    liberties |= (classes & (WHITE | Letters.STOP)) != 0 ? bit(Strategy.SPACING) : 0;
    return liberties;
  }

  private static int classes(CharSequence gap) {
    int classes = 0;
    for (int i = 0; i < gap.length(); i++) {
      classes |= Letters.gap(gap.charAt(i));
    }
    return classes;
  }

  /** What takes the place of what was aligned last. */
  String replacement(Form form, CharSequence text, int strategies) {
    Spelling spelling = form.spelling();
    Spelling original = form.original();
    boolean recased = form.ignoresCase() && (strategies & bit(Strategy.CASE)) != 0;
    int count = spelling.count();
    if (form.writing() == Writing.NUMBER && original.count() == count) {
      StringBuilder out = new StringBuilder();
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          out.append(text, ends[i - 1], starts[i]);
        }
        out.append(written(String.valueOf(original.raw(i))));
      }
      return out.toString();
    }
    if (form.writing() == Writing.WORDS && spelling.words() == original.words()) {
      return wordByWord(spelling, original, text, recased);
    }
    String whole = spelling.isTrimmed() ? original.text() : original.trimmed();
    return written(recased ? cased(text.subSequence(starts[0], ends[count - 1]), whole) : whole);
  }

  private String wordByWord(
      Spelling spelling, Spelling original, CharSequence text, boolean recased) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    int originalFrom = 0;
    while (from < spelling.count()) {
      int to = wordEnd(spelling, from);
      int originalTo = wordEnd(original, originalFrom);
      String word = original.slice(originalFrom, originalTo);
      out.append(
          written(recased ? cased(text.subSequence(starts[from], ends[to - 1]), word) : word));
      if (to < spelling.count()) {
        out.append(text, ends[to - 1], starts[to]);
      }
      from = to;
      originalFrom = originalTo;
    }
    return out.toString();
  }

  private static int wordEnd(Spelling spelling, int from) {
    int to = from + 1;
    while (to < spelling.count() && !spelling.beginsWord(to)) {
      to++;
    }
    return to;
  }

  /** {@code original} in capitals, in small letters or with a capital, where the model is. */
  static String cased(CharSequence model, String original) {
    int upper = 0;
    int lower = 0;
    boolean capital = false;
    for (int i = 0; i < model.length(); i++) {
      char c = model.charAt(i);
      capital |= upper + lower == 0 && Character.isUpperCase(c);
      upper += Character.isUpperCase(c) ? 1 : 0;
      lower += Character.isLowerCase(c) ? 1 : 0;
    }
    if (upper > 1 && lower == 0) {
      return original.toUpperCase(Locale.ROOT);
    }
    if (upper == 0 && lower > 0) {
      return original.toLowerCase(Locale.ROOT);
    }
    boolean oneCase =
        original.equals(original.toUpperCase(Locale.ROOT))
            || original.equals(original.toLowerCase(Locale.ROOT));
    if (capital && upper == 1 && oneCase && !original.isEmpty()) {
      return original.substring(0, 1).toUpperCase(Locale.ROOT)
          + original.substring(1).toLowerCase(Locale.ROOT);
    }
    return original;
  }

  /** As the place where the surrogate stood needs it. */
  String written(String original) {
    String escaped =
        switch (escape) {
          case '%' -> percent(original);
          case '&' -> html(original);
          case '\\' -> JsonText.escape(original);
          default -> original;
        };
    return json ? JsonText.escape(escaped) : escaped;
  }

  void nothingEscaped() {
    escape = 0;
  }

  private static String percent(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain = c < 128 && (Letters.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
      }
    }
    return out.toString();
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
