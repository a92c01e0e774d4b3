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
 * <p>A link is what follows {@code //}, {@code www.} or a scheme of the web, up to where its reader
 * would end it: a Markdown renderer, or a browser that reads an attribute. Both are read as they
 * read: a browser takes {@code https:/host} and {@code https:\host} for links, drops line breaks
 * from an attribute and decodes entities, Markdown drops backslashes. A link within a link, or
 * right behind it, can only take away: nothing is restored unless all their hosts may have it. Used
 * by one thread.
 */
final class LinkGuard {
  private static final int SCHEME_CHARS_MAX = 20;
  private static final int HOST_CHARS_MAX = 300;
  private static final Set<String> SCHEMES = Set.of("http", "https", "ftp", "ws", "wss");

  private enum Place {
    OUTSIDE,
    AUTHORITY,
    BELOW
  }

  private final Set<String> named;
  private final RestorationPolicy policy;
  private final boolean json;
  private final StringBuilder authority = new StringBuilder();

  private final SeenText seen = new SeenText();
  private final LinkEscapes escapes;
  private final LinkSigns signs = new LinkSigns(seen);

  private Place place = Place.OUTSIDE;
  private LinkEnding ending = LinkEnding.PROSE;

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
    this.escapes = new LinkEscapes(seen, json);
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
      case OUTSIDE -> mayBegin(escapes.pending()) ? Verdict.WITHHOLD : Verdict.RESTORE;
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

  /** Whether a link may begin with it. */
  private static boolean mayBegin(char c) {
    return c == '/' || c == '\\' || c == ':';
  }

  /**
   * Takes note of what the client is given: the same as if {@link #passed(char)} took each
   * character, but what is between signs is not looked at one by one.
   */
  void passed(String text, int from, int to) {
    if (to - from < LinkSigns.SEARCHED_CHARS_MIN) {
      for (int i = from; i < to; i++) {
        char c = text.charAt(i);
        if (isOutside() && !signs.isOne(c)) {
          seen.add(c);
        } else {
          passed(c);
        }
      }
      return;
    }
    signs.begin(text, to);
    int at = from;
    while (at < to) {
      if (isOutside()) {
        int sign = signs.next(at);
        seen.add(text, at, sign);
        at = sign;
      }
      if (at < to) {
        passed(text.charAt(at++));
      }
    }
  }

  private boolean isOutside() {
    return place == Place.OUTSIDE && seen.isPlain();
  }

  /** Takes note of one character. */
  void passed(char c) {
    char ended = escapes.endedBy(c);
    if (ended != '\0') {
      if (opens(ended)) {
        open("");
      }
      seen.add(ended);
    }
    if (escapes.isLeadingZero(c)) {
      return;
    }
    char read = escapes.read(c);
    if (read == '.' && place == Place.OUTSIDE && isWww()) {
      open("www.");
    } else if (opens(read)) {
      open("");
    } else if (place != Place.OUTSIDE) {
      within(c);
    }
    seen.add(read);
  }

  private void open(String began) {
    switch (place) {
      case OUTSIDE -> {
        around = true;
        ending = LinkEnding.of(seen);
      }
      case AUTHORITY -> around = around && authority.isEmpty();
      case BELOW -> around = around && allowed;
    }
    place = Place.AUTHORITY;
    authority.setLength(0);
    authority.append(began);
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
    for (int back = 1; scheme.length() <= SCHEME_CHARS_MAX; back++) {
      char c = seen.before(back);
      if (Letters.isLetterOrDigit(c)) {
        scheme.append(c);
      } else if (!LinkEnding.isDropped(c)) {
        break;
      }
    }
    return scheme.reverse().toString().toLowerCase(Locale.ROOT);
  }

  private boolean opensAuthority(char c) {
    int back = LinkEnding.isDropped(seen.before(1)) ? 2 : 1;
    char slash = seen.before(back);
    char opener = seen.before(back + 1);
    if (slash == '/' && (c == '/' || opener != '\\')) {
      return !Letters.isLetterOrDigit(opener) && "/\\.".indexOf(opener) < 0;
    }
    // Two of these are also how the path of a file share begins.
    return slash == '\\'
        && (opener == ':'
            || opener == '('
            || opener == '='
            || LinkEnding.isQuoteOfAttribute(seen, back + 1));
  }

  private boolean isWww() {
    return isW(seen.before(1))
        && isW(seen.before(2))
        && isW(seen.before(3))
        && !Letters.isLetterOrDigit(seen.before(4));
  }

  private static boolean isW(char c) {
    return c == 'w' || c == 'W';
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
    return (json && c == '"' && seen.before(1) != '\\') || ending.isEnd(c);
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
