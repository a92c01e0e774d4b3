package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Names of accounts: {@code @handle} where a word speaks of a network or the handle holds a digit,
 * and what {@code username:} and its like are followed by. Annotations and decorators of programs,
 * scopes of packages and the like are none.
 */
final class UsernameRecognizer implements Recognizer {
  private static final int CHARS_MAX = 40;

  private static final Set<String> NETWORKS =
      Set.of(
          "twitter",
          "instagram",
          "insta",
          "ig",
          "handle",
          "follow",
          "telegram",
          "tiktok",
          "github",
          "dm",
          "snapchat",
          "discord",
          "mastodon",
          "threads",
          "bluesky",
          "account",
          "profile",
          "username",
          "user",
          "tweet",
          "tweeted",
          "retweet",
          "rt",
          "via",
          "x",
          "youtube",
          "twitch",
          "contact",
          "ping",
          "cc",
          "thanks",
          "message");

  private static final Set<String> LABELS =
      Set.of(
          "username",
          "userid",
          "login",
          "loginname",
          "benutzername",
          "benutzer",
          "usuario",
          "nombredeusuario",
          "utilisateur",
          "identifiant",
          "nomeutente",
          "gebruikersnaam",
          "utilizador",
          "nick",
          "nickname",
          "screenname",
          "user");

  /** Labels that programs use for much else. */
  private static final Set<String> PROGRAM_LABELS = Set.of("user", "login");

  /** Stretches of the labels, in the spellings that they come in. */
  private static final String[] ANCHORS = {
    "user",
    "User",
    "USER",
    "login",
    "Login",
    "LOGIN",
    "nick",
    "Nick",
    "enutzer",
    "suario",
    "tilisateur",
    "dentifiant",
    "omeutente",
    "ebruikersnaam",
    "tilizador"
  };

  private static final Set<String> NO_VALUES =
      Set.of(
          "username",
          "user",
          "login",
          "name",
          "type",
          "object",
          "number",
          "integer",
          "assistant",
          "system",
          "password",
          "self",
          "this",
          "value",
          "root",
          "admin",
          "here");

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (passage.hasAt()) {
      handles(passage, found);
    }
    String text = passage.text();
    for (String anchor : ANCHORS) {
      for (int at = text.indexOf(anchor); at >= 0; at = text.indexOf(anchor, at + 4)) {
        labelled(passage, at, found);
      }
    }
  }

  private static void handles(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    int free = 0;
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', free)) {
      int end = valueEnd(passage, at + 1);
      free = Math.max(end, at + 1);
      if (end - at >= 4
          && end - at <= CHARS_MAX
          && mayPrecede(passage.at(at - 1))
          && mayFollow(passage, end)
          && isHandle(passage, at, end)) {
        found.accept(new Span(at, end, EntityType.USERNAME, 0.8));
      }
    }
  }

  private static boolean mayPrecede(char c) {
    return c == Passage.OUTSIDE
        || CharClass.isBlank(c)
        || c == '\n'
        || c == '('
        || c == ':'
        || c == ','
        || c == '.'
        || CharClass.isQuote(c);
  }

  private static boolean mayFollow(Passage passage, int end) {
    return switch (passage.at(end)) {
      case '(', '/', '@', '=', '[', '-', '{' -> false;
      case '.', ':' -> !CharClass.isWord(passage.at(end + 1)) && passage.at(end + 1) != ':';
      default -> passage.endsWord(end);
    };
  }

  private static boolean isHandle(Passage passage, int at, int end) {
    boolean ownLine = startsLine(passage, at);
    if (ownLine && (passage.at(end) == '\n' || passage.at(end) == '\r')) {
      return false;
    }
    if (ContextWords.before(passage, at, NETWORKS)) {
      return true;
    }
    boolean digit = false;
    for (int i = at + 1; i < end; i++) {
      digit |= CharClass.isDigit(passage.at(i));
    }
    // At the start of a line it is as likely an annotation.
    return digit && CharClass.isBlank(passage.at(at - 1)) && !ownLine;
  }

  private static boolean startsLine(Passage passage, int at) {
    int before = at;
    while (at - before < 16 && CharClass.isBlank(passage.at(before - 1))) {
      before--;
    }
    char c = passage.at(before - 1);
    return c == '\n' || c == Passage.OUTSIDE || c == '*';
  }

  private static int valueEnd(Passage passage, int from) {
    int end = from;
    while (end - from <= CHARS_MAX
        && (CharClass.isAsciiAlnum(passage.at(end))
            || passage.at(end) == '_'
            || (passage.at(end) == '.' && CharClass.isAsciiAlnum(passage.at(end + 1))))) {
      end++;
    }
    return end;
  }

  /** Reports the account behind a label in whose word {@code anchor} is. */
  private static void labelled(Passage passage, int anchor, Consumer<Span> found) {
    String name = label(passage, anchor);
    if (!LABELS.contains(name)) {
      return;
    }
    int nameEnd = anchor;
    while (CharClass.isWord(passage.at(nameEnd)) || isSpacedId(passage, nameEnd)) {
      nameEnd++;
    }
    int at = nameEnd;
    if (CharClass.isQuote(passage.at(at))) {
      at++;
    }
    at = skipBlanks(passage, at);
    boolean assigned = passage.at(at) == ':' || passage.at(at) == '=';
    if (assigned) {
      at = skipBlanks(passage, at + 1);
    } else if (passage.text().startsWith("is ", at) || passage.text().startsWith("was ", at)) {
      at = skipBlanks(passage, at + 3);
    }
    boolean quoted = CharClass.isQuote(passage.at(at));
    int start = quoted || passage.at(at) == '@' ? at + 1 : at;
    int end = valueEnd(passage, start);
    if (start == nameEnd || end - start < 3 || end - start > CHARS_MAX) {
      return;
    }
    boolean closes = quoted ? CharClass.isQuote(passage.at(end)) : mayFollow(passage, end);
    String value = passage.text().substring(start, end);
    boolean made = Plausible.hasDigit(value) || value.indexOf('_') > 0;
    boolean told =
        quoted
            || (made && Plausible.hasLetter(value))
            || (assigned && !PROGRAM_LABELS.contains(name) && isPlainWord(passage, start, end));
    boolean whole = passage.at(end) != '@' && (!name.equals("user") || assigned);
    if (closes && told && whole && !Plausible.isNoValue(value, NO_VALUES)) {
      found.accept(new Span(start, end, EntityType.USERNAME, 0.75));
    }
  }

  /** The word around {@code anchor}, with "id" or "name" behind it, lower case, without joints. */
  private static String label(Passage passage, int anchor) {
    int start = anchor;
    while (anchor - start < CHARS_MAX && CharClass.isWord(passage.at(start - 1))) {
      start--;
    }
    StringBuilder name = new StringBuilder();
    for (int i = start; i - start < CHARS_MAX; i++) {
      char c = passage.at(i);
      if (CharClass.isWord(c)) {
        if (c != '_') {
          name.append(Character.toLowerCase(c));
        }
      } else if (!isSpacedId(passage, i)) {
        break;
      }
    }
    return name.toString();
  }

  /** "user ID", "user name": the blank between. */
  private static boolean isSpacedId(Passage passage, int at) {
    char c = passage.at(at);
    return (c == ' ' || c == '-')
        && (passage.text().regionMatches(true, at + 1, "id", 0, 2)
            || passage.text().regionMatches(true, at + 1, "name", 0, 4));
  }

  /** {@code Username: jsmith} and no more on that side of the line; programs go on. */
  private static boolean isPlainWord(Passage passage, int start, int end) {
    boolean apart = CharClass.isBlank(passage.at(start - 1));
    char after = passage.at(end);
    for (int i = start; i < end; i++) {
      if (!Character.isLowerCase(passage.at(i))) {
        return false;
      }
    }
    boolean ends = after == Passage.OUTSIDE || after == '\n' || after == '\r';
    return apart && end - start >= 4 && ends;
  }

  private static int skipBlanks(Passage passage, int from) {
    int at = from;
    while (at - from < 4 && CharClass.isBlank(passage.at(at))) {
      at++;
    }
    return at;
  }
}
