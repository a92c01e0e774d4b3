package io.mantle.privacy.rehydrate;

import io.mantle.privacy.value.EntityType;
import java.util.Locale;
import java.util.Set;

/**
 * Knows, as a text leaves, whether it is inside of a link, and where that link leads.
 *
 * <p>A model that was told to by what it read can put a surrogate into a link or an image; the
 * client that renders it would send the restored value to that host. So nothing is restored within
 * a link whose host the prompt did not name and the tenant does not allow, nor within a host
 * itself.
 *
 * <p>A link is what follows {@code //} or {@code www.}, up to white space, an angle bracket or a
 * quote; where a quote or an angle bracket opened it, up to the one that closes it, spaces
 * included. Used by one thread.
 */
final class LinkGuard {
  private static final int TAIL_CHARS = 24;
  private static final int HOST_CHARS_MAX = 300;
  private static final char WHITE = ' ';

  private enum Place {
    OUTSIDE,
    AUTHORITY,
    BELOW
  }

  private final Set<String> named;
  private final RestorationPolicy policy;
  private final StringBuilder authority = new StringBuilder();
  private String tail = "";

  /** Where in the text that is passing the tail is followed. */
  private int base;

  private Place place = Place.OUTSIDE;
  private char closedBy = WHITE;
  private boolean allowed;
  private String host = "";

  /**
   * Outside of any link.
   *
   * @param named hosts, in small letters, that the prompt names
   */
  LinkGuard(Set<String> named, RestorationPolicy policy) {
    this.named = named;
    this.policy = policy;
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
      case BELOW -> allowed ? Verdict.RESTORE : Verdict.WITHHOLD;
      case AUTHORITY -> {
        // A host that left as a surrogate of its own comes back as the host that the prompt named.
        boolean mayBeHost = type == EntityType.URL || type == EntityType.IP;
        if (!mayBeHost || !authority.isEmpty()) {
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
  void passed(CharSequence text, int from, int to) {
    base = from;
    int at = from;
    while (at < to) {
      at = place == Place.OUTSIDE ? enter(text, at, to) : within(text, at, to);
    }
    remember(text, from, to);
  }

  private void remember(CharSequence text, int from, int to) {
    if (to - from >= TAIL_CHARS) {
      tail = text.subSequence(to - TAIL_CHARS, to).toString();
    } else if (to > from) {
      String all = tail + text.subSequence(from, to);
      tail = all.substring(Math.max(0, all.length() - TAIL_CHARS));
    }
  }

  private int enter(CharSequence text, int from, int to) {
    Signs signs = new Signs(text, to);
    for (int i = signs.next(from); i < to; i = signs.next(i + 1)) {
      char c = text.charAt(i);
      boolean slashes = (c == '/' || c == '\\') && opensAuthority(text, i);
      boolean web = c == '.' && isWww(text, i);
      if (slashes || web) {
        place = Place.AUTHORITY;
        authority.setLength(0);
        if (web) {
          authority.append("www.");
        }
        closedBy = opener(text, slashes ? i - 2 : i - 4);
        return i + 1;
      }
    }
    return to;
  }

  /** The characters with which a link may begin, each looked for by itself: that is fastest. */
  private static final class Signs {
    private final CharSequence text;
    private final int to;
    private int slash = -1;
    private int backslash = -1;
    private int stop = -1;

    private Signs(CharSequence text, int to) {
      this.text = text;
      this.to = to;
    }

    /** The next one, or the end. */
    private int next(int from) {
      slash = slash < from ? next('/', from) : slash;
      backslash = backslash < from ? next('\\', from) : backslash;
      stop = stop < from ? next('.', from) : stop;
      return Math.min(slash, Math.min(backslash, stop));
    }

    private int next(char sign, int from) {
      int at = from >= to ? -1 : text.toString().indexOf(sign, from, to);
      return at < 0 ? to : at;
    }
  }

  private boolean opensAuthority(CharSequence text, int at) {
    char before = at(text, at - 1);
    if (before != '/' && !(before == '\\' && at(text, at - 2) == ':')) {
      return false;
    }
    char opener = at(text, at - 2);
    return opener == ':'
        || opener == '('
        || opener == '<'
        || opener == '"'
        || opener == '\''
        || opener == '\0'
        || opener == '='
        || isWhite(opener);
  }

  private boolean isWww(CharSequence text, int at) {
    return isW(at(text, at - 1))
        && isW(at(text, at - 2))
        && isW(at(text, at - 3))
        && !Letters.isLetterOrDigit(at(text, at - 4));
  }

  private static boolean isW(char c) {
    return c == 'w' || c == 'W';
  }

  /** What closes the link that a scheme or host before {@code at} begins. */
  private char opener(CharSequence text, int at) {
    int i = at;
    for (int scheme = 0; scheme < TAIL_CHARS - 4; scheme++, i--) {
      char c = at(text, i);
      if (!Letters.isLetterOrDigit(c) && c != ':' && c != '+' && c != '-') {
        break;
      }
    }
    return switch (at(text, i)) {
      case '"' -> '"';
      case '\'' -> '\'';
      case '<' -> '>';
      default -> WHITE;
    };
  }

  private char at(CharSequence text, int at) {
    if (at >= base) {
      return at < text.length() ? text.charAt(at) : '\0';
    }
    int inTail = tail.length() + at - base;
    return inTail >= 0 ? tail.charAt(inTail) : '\0';
  }

  private int within(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (isEnd(c)) {
        if (place == Place.AUTHORITY) {
          authority.setLength(0);
        }
        place = Place.OUTSIDE;
        return i + 1;
      }
      if (place == Place.AUTHORITY) {
        if (endsAuthority(c)) {
          if (!authority.isEmpty()) {
            host = host(authority);
            allowed = named.contains(host) || policy.allowsLinksTo(host);
            place = Place.BELOW;
          }
        } else if (authority.length() < HOST_CHARS_MAX) {
          authority.append(c);
        }
      }
    }
    return to;
  }

  private static boolean endsAuthority(char c) {
    return c == '/' || c == '?' || c == '#' || c == '\\';
  }

  private boolean isEnd(char c) {
    if (closedBy == WHITE) {
      return isWhite(c) || c == '<' || c == '>' || c == '"' || c == '`';
    }
    return c == closedBy || c == '\n' || c == '\r';
  }

  private static boolean isWhite(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** Of {@code user@host:port}. */
  private static String host(CharSequence authority) {
    String text = authority.toString().toLowerCase(Locale.ROOT);
    String afterUser = text.substring(text.lastIndexOf('@') + 1);
    int port = afterUser.startsWith("[") ? afterUser.indexOf("]:") + 1 : afterUser.indexOf(':');
    String bare = port > 0 ? afterUser.substring(0, port) : afterUser;
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }
}
