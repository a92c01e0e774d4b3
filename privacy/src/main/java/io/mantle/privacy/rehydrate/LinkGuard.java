package io.mantle.privacy.rehydrate;

import io.mantle.privacy.value.EntityType;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Knows, as a text leaves, whether it is inside of a link, and where that link leads.
 *
 * <p>A model that was told to by what it read can put a surrogate into a link or an image; the
 * client that renders it would send the restored value to that host. So nothing is restored within
 * a link whose host the prompt did not name and the tenant does not allow, nor within a host
 * itself.
 *
 * <p>A link is what follows {@code //}, {@code www.} or a scheme of the web, up to where its reader
 * would end it: a Markdown renderer, or a browser that reads an attribute. Both are read as they
 * read: a browser takes {@code https:/host} and {@code https:\host} for links, drops line breaks
 * from an attribute and decodes entities, Markdown drops backslashes. A link within a link, or
 * right behind it, can only take away: nothing is restored unless all their hosts may have it. Used
 * by one thread.
 */
final class LinkGuard {
  private static final int SEEN_CHARS_MIN = 64;
  private static final int SEEN_CHARS_MAX = 512;
  private static final int SCHEME_CHARS_MAX = 20;
  private static final int ENTITY_CHARS_MAX = 12;
  private static final int HOST_CHARS_MAX = 300;
  private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "ws", "wss");
  private static final Map<String, Character> ENTITIES =
      Map.of(
          "colon", ':', "sol", '/', "bsol", '\\', "period", '.', "lpar", '(', "lsqb", '[', "Tab",
          '\t', "NewLine", '\n');

  /** Without one of these, and outside of any link, a character changes nothing. */
  private static final boolean[] SIGNS = signs();

  private static boolean[] signs() {
    boolean[] signs = new boolean[128];
    for (char c : new char[] {':', '/', '\\', '.', ';'}) {
      signs[c] = true;
    }
    return signs;
  }

  private enum Place {
    OUTSIDE,
    AUTHORITY,
    BELOW
  }

  /** What ends a link. */
  private enum Ending {
    /** Of a link that stands in prose: white space, an angle bracket or a quote. */
    PROSE,
    /** Of an address in Markdown: quotes, brackets and other spaces are part of it. */
    BLANK,
    /** Of an attribute without quotes. */
    BLANK_OR_ANGLE,
    ANGLE,
    QUOTE,
    APOSTROPHE,
    /** Of an attribute, which may go over lines. */
    QUOTE_OF_ATTRIBUTE,
    APOSTROPHE_OF_ATTRIBUTE
  }

  private final Set<String> named;
  private final RestorationPolicy policy;
  private final boolean json;
  private final StringBuilder authority = new StringBuilder();

  /** The last characters, as a browser or Markdown reads them; white space as one. */
  private final char[] seen = new char[SEEN_CHARS_MAX];

  private int seenChars;

  private Place place = Place.OUTSIDE;
  private Ending ending = Ending.PROSE;

  /** Whether the links around the innermost one may have values. */
  private boolean around = true;

  private boolean allowed;

  /** Whether a backslash ended the host, which in Markdown and JSON it does only before a slash. */
  private boolean inDoubt;

  private String host = "";

  /**
   * Outside of any link.
   *
   * @param named hosts, in small letters, that the prompt names
   * @param json whether the text is the source of a JSON text
   */
  LinkGuard(Set<String> named, RestorationPolicy policy, boolean json) {
    this.named = named;
    this.policy = policy;
    this.json = json;
  }

  enum Verdict {
    RESTORE,
    WITHHOLD,
    /** It takes the character after it to tell. */
    OPEN
  }

  /**
   * Whether a value may be restored now that all before it has {@linkplain #passed passed}.
   *
   * @param next what follows the surrogate: a character, -1 for the end, -2 for what is not there
   *     yet
   */
  Verdict verdict(EntityType type, int next) {
    return switch (place) {
      case OUTSIDE -> Verdict.RESTORE;
      case BELOW -> allowed && !inDoubt ? Verdict.RESTORE : Verdict.WITHHOLD;
      case AUTHORITY -> {
        // A host that left as a surrogate of its own comes back as the host that the prompt named.
        boolean mayBeHost = type == EntityType.URL || type == EntityType.IP;
        if (!mayBeHost || !around || !authority.isEmpty()) {
          yield Verdict.WITHHOLD;
        }
        if (next == -2) {
          yield Verdict.OPEN;
        }
        boolean ends =
            next == -1
                || endsAuthority((char) next)
                || isEnd((char) next)
                || next == ')'
                || next == ':';
        yield ends ? Verdict.RESTORE : Verdict.WITHHOLD;
      }
    };
  }

  /** The host of the link, empty where the text stands in the host itself. */
  String host() {
    return place == Place.BELOW ? host : "";
  }

  /** Takes note of what the client is given. */
  void passed(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (saysNothing(c)) {
        remember(c);
      } else {
        step(c);
      }
    }
  }

  /** Whether {@link #step} would do no more than remember it: nearly always. */
  private boolean saysNothing(char c) {
    return place == Place.OUTSIDE
        && (c >= SIGNS.length || !SIGNS[c])
        && before(1) != '\\'
        && !(json && before(5) == '\\');
  }

  private void step(char c) {
    char read = read(c);
    boolean web = read == '.' && place == Place.OUTSIDE && isWww();
    if (web || opens(read)) {
      switch (place) {
        case OUTSIDE -> {
          around = true;
          ending = ending();
        }
        case AUTHORITY -> around = around && authority.isEmpty();
        case BELOW -> around = around && allowed;
      }
      place = Place.AUTHORITY;
      authority.setLength(0);
      if (web) {
        authority.append("www.");
      }
    } else if (place != Place.OUTSIDE) {
      within(c);
    }
    remember(read);
  }

  private void remember(char c) {
    boolean white = isWhite(c);
    if (white && seenChars > 0 && isWhite(before(1))) {
      return;
    }
    if (seenChars == SEEN_CHARS_MAX) {
      System.arraycopy(seen, SEEN_CHARS_MAX - SEEN_CHARS_MIN, seen, 0, SEEN_CHARS_MIN);
      seenChars = SEEN_CHARS_MIN;
    }
    seen[seenChars++] = c;
  }

  /**
   * What the character is read as; takes the rest of an escape that it ends out of what is seen.
   */
  private char read(char c) {
    if (c == ';') {
      return entity();
    }
    if (before(1) == '\\') {
      if (json && (c == 'n' || c == 'r' || c == 't')) {
        seenChars--;
        return '\n';
      }
      if (c == ':' || (json && c == '/')) {
        seenChars--;
      }
      return c;
    }
    if (json && before(5) == '\\' && before(4) == 'u') {
      int code = number(seenFrom(seenChars - 3) + c, 16);
      if (code >= 0) {
        seenChars -= 5;
        return (char) code;
      }
    }
    return c;
  }

  private char entity() {
    int from = seenChars - 1;
    while (from >= 0 && seenChars - from <= ENTITY_CHARS_MAX && seen[from] != '&') {
      from--;
    }
    if (from < 0 || seenChars - from > ENTITY_CHARS_MAX) {
      return ';';
    }
    String name = seenFrom(from + 1);
    char meant = ENTITIES.getOrDefault(name, '\0');
    if (name.startsWith("#")) {
      boolean hex = name.startsWith("#x") || name.startsWith("#X");
      int code = hex ? number(name.substring(2), 16) : number(name.substring(1), 10);
      meant = code > 0 && code <= Character.MAX_VALUE ? (char) code : '\0';
    }
    if (meant == '\0') {
      return ';';
    }
    seenChars = from;
    return meant;
  }

  private String seenFrom(int index) {
    return new String(seen, index, seenChars - index);
  }

  private static int number(String digits, int radix) {
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = Character.digit(digits.charAt(i), radix);
      if (digit < 0) {
        return -1;
      }
      number = Math.min(number * radix + digit, Character.MAX_CODE_POINT);
    }
    return digits.isEmpty() ? -1 : number;
  }

  /** The last character but {@code back - 1}. */
  private char before(int back) {
    return at(seenChars - back);
  }

  private char at(int index) {
    return index < 0 || index >= seenChars ? '\0' : seen[index];
  }

  private boolean opens(char c) {
    return switch (c) {
      case ':' -> SCHEMES.contains(scheme());
      case '/', '\\' -> opensAuthority(c);
      default -> false;
    };
  }

  /** The word at the end, in small letters; a browser reads no line breaks in it. */
  private String scheme() {
    StringBuilder scheme = new StringBuilder();
    for (int i = seenChars - 1; i >= 0 && scheme.length() <= SCHEME_CHARS_MAX; i--) {
      char c = seen[i];
      if (Letters.isLetterOrDigit(c)) {
        scheme.append(c);
      } else if (!isDropped(c) || scheme.isEmpty()) {
        break;
      }
    }
    return scheme.reverse().toString().strip().toLowerCase(Locale.ROOT);
  }

  private boolean opensAuthority(char c) {
    int first = seenChars - 1;
    if (isDropped(at(first))) {
      first--;
    }
    char slash = at(first);
    char opener = at(first - 1);
    if (slash == '/' && (c == '/' || opener != '\\')) {
      return !Letters.isLetterOrDigit(opener) && "/\\.".indexOf(opener) < 0;
    }
    // Two of these are also how the path of a file share begins.
    return slash == '\\'
        && (opener == ':'
            || opener == '('
            || opener == '='
            || (isQuote(opener) && lastBefore(first - 1) == '='));
  }

  private boolean isWww() {
    return isW(before(1))
        && isW(before(2))
        && isW(before(3))
        && !Letters.isLetterOrDigit(before(4));
  }

  private static boolean isW(char c) {
    return c == 'w' || c == 'W';
  }

  /** What ends the link of which a scheme or slash has been seen. */
  private Ending ending() {
    int i = seenChars - 1;
    while (at(i) == '/' || at(i) == '\\' || at(i) == ':') {
      i--;
    }
    for (int scheme = 0; scheme < SCHEME_CHARS_MAX; scheme++, i--) {
      char c = at(i);
      if (!Letters.isLetterOrDigit(c) && c != ':' && c != '+' && c != '-') {
        break;
      }
    }
    char direct = at(i);
    int opener = isWhite(direct) ? i - 1 : i;
    char c = at(opener);
    if (isQuote(c) && lastBefore(opener) == '=') {
      return c == '"' ? Ending.QUOTE_OF_ATTRIBUTE : Ending.APOSTROPHE_OF_ATTRIBUTE;
    }
    if (c == '(' || (c == ':' && at(opener - 1) == ']')) {
      return Ending.BLANK;
    }
    if (c == '=') {
      return Ending.BLANK_OR_ANGLE;
    }
    return switch (direct) {
      case '"' -> Ending.QUOTE;
      case '\'' -> Ending.APOSTROPHE;
      case '<' -> Ending.ANGLE;
      default -> Ending.PROSE;
    };
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  /** The last character before {@code index} that is no white space, nor the escape of a quote. */
  private char lastBefore(int index) {
    int i = index - 1;
    while (isWhite(at(i)) || at(i) == '\\') {
      i--;
    }
    return at(i);
  }

  private void within(char c) {
    if (isEnd(c)) {
      place = Place.OUTSIDE;
      return;
    }
    switch (place) {
      case OUTSIDE -> {}
      case AUTHORITY -> {
        if (!endsAuthority(c)) {
          if (authority.length() <= HOST_CHARS_MAX) {
            authority.append(c);
          }
        } else if (!authority.isEmpty()) {
          host = host(authority);
          allowed = around && (named.contains(host) || policy.allowsLinksTo(host));
          inDoubt = c == '\\';
          place = Place.BELOW;
        }
      }
      case BELOW -> {
        allowed = allowed && (!inDoubt || c == '/');
        inDoubt = false;
      }
    }
  }

  private static boolean endsAuthority(char c) {
    return c == '/' || c == '?' || c == '#' || c == '\\';
  }

  private boolean isEnd(char c) {
    if (json && c == '"' && before(1) != '\\') {
      return true;
    }
    boolean line = c == '\n' || c == '\r';
    return switch (ending) {
      case PROSE -> isWhite(c) || c == '<' || c == '>' || c == '"' || c == '`';
      case BLANK -> c <= ' ';
      case BLANK_OR_ANGLE -> c <= ' ' || c == '>';
      case ANGLE -> c == '>' || line;
      case QUOTE -> c == '"' || line;
      case APOSTROPHE -> c == '\'' || line;
      case QUOTE_OF_ATTRIBUTE -> c == '"';
      case APOSTROPHE_OF_ATTRIBUTE -> c == '\'';
    };
  }

  private static boolean isWhite(char c) {
    if (c > ' ' && c < 128) {
      return false;
    }
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** Whether a browser reads an address as if it were not there. */
  private static boolean isDropped(char c) {
    return c == '\t' || c == '\n' || c == '\r';
  }

  /** Of {@code user@host:port}; empty where it is none. */
  private static String host(CharSequence authority) {
    if (authority.length() > HOST_CHARS_MAX) {
      return "";
    }
    String text = authority.toString().toLowerCase(Locale.ROOT);
    String afterUser = text.substring(text.lastIndexOf('@') + 1);
    int port = afterUser.startsWith("[") ? afterUser.indexOf("]:") + 1 : afterUser.indexOf(':');
    if (port > 0 && !afterUser.substring(port + 1).chars().allMatch(c -> c >= '0' && c <= '9')) {
      return "";
    }
    String bare = port > 0 ? afterUser.substring(0, port) : afterUser;
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }
}
