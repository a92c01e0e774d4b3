package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Names of accounts behind their labels: {@code username: jsmith}, {@code "login": "jsmith"},
 * {@code logged in as jsmith}, {@code Instagram: jane.smith}; and in paths of home folders.
 */
final class UsernameRecognizer implements Recognizer {
  private static final int CHARS_MIN = 3;
  private static final int CHARS_MAX = 40;
  private static final int HASH_CHARS_MIN = 12;
  private static final int TAG_DIGITS = 4;
  private static final int BEGINNING_CHARS = 3;

  /** Four bits for each of three characters; the one before them has left the slot. */
  private static final int BEGINNING_SLOTS = 1 << 12;

  private static final Set<String> LABELS =
      Set.of(
          ("username userid login loginname loginid benutzername benutzer"
                  + " benutzerkennung usuario nombredeusuario utilisateur nomdutilisateur"
                  + " identifiant nomeutente utente gebruikersnaam gebruiker utilizador"
                  + " nomedeusuario nick nickname screenname gamertag user accountname accountid"
                  + " samaccountname handle instagram twitter telegram discord skype snapchat"
                  + " tiktok github reddit nazwau\u017cytkownika u\u017cytkownik"
                  + " anv\u00e4ndarnamn loginas loggedinas signedinas dbuser dbusername smtpuser"
                  + " mysqluser postgresuser pguser")
              .split(" ", -1));

  /** Labels that programs and sentences use for much else. */
  private static final Set<String> LOOSE_LABELS = Set.of("user", "login", "handle", "nick");

  /** Stretches of the labels, in the spellings that they come in. */
  private static final String[] ANCHORS = {
    "user",
    "User",
    "USER",
    "login",
    "Login",
    "LOGIN",
    "logged in",
    "Logged in",
    "signed in",
    "nick",
    "Nick",
    "enutzer",
    "suario",
    "tilisateur",
    "dentifiant",
    "tente",
    "ebruiker",
    "tilizador",
    "andle",
    "ccount",
    "creen",
    "amertag",
    "nstagram",
    "witter",
    "elegram",
    "iscord",
    "napchat",
    "iktok",
    "ithub",
    "itHub",
    "\u017cytkownik",
    "nv\u00e4ndarnamn"
  };

  /** By the slot of three characters: a bit for each anchor that may begin with them. */
  private static final long[] BEGINNINGS = beginnings();

  private static final String[] HOMES = {"/home/", "/Users/", "\\Users\\", "\\Users\\\\"};

  private static final Set<String> NO_VALUES =
      Set.of(
          ("username user users login name type object number integer assistant system"
                  + " password self this value root admin here email account invalid already"
                  + " required anonymous guest default unknown public shared runner ubuntu node"
                  + " app vscode travis jenkins circleci ec2-user vagrant git work project test"
                  + " vsts handle api com org http https not the and but for incorrect taken"
                  + " correct wrong missing empty too used you your our tool function developer"
                  + " postgres all both null")
              .split(" ", -1));

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    String text = passage.text();
    for (long left = anchorsThatMayBeIn(text); left != 0; left &= left - 1) {
      String anchor = ANCHORS[Long.numberOfTrailingZeros(left)];
      for (int at = text.indexOf(anchor); at >= 0; at = text.indexOf(anchor, at + 4)) {
        labelled(passage, at, found);
      }
    }
    for (String home : HOMES) {
      for (int at = text.indexOf(home); at >= 0; at = text.indexOf(home, at + 4)) {
        home(passage, at, at + home.length(), found);
      }
    }
  }

  private static long[] beginnings() {
    long[] beginnings = new long[BEGINNING_SLOTS];
    for (int anchor = 0; anchor < ANCHORS.length; anchor++) {
      int slot = 0;
      for (int i = 0; i < BEGINNING_CHARS; i++) {
        slot = slot(slot, ANCHORS[anchor].charAt(i));
      }
      beginnings[slot] |= 1L << anchor;
    }
    return beginnings;
  }

  /** The slot of three characters that end with {@code c}, from that of the three before it. */
  private static int slot(int before, char c) {
    return ((before << 4) ^ c) & (BEGINNING_SLOTS - 1);
  }

  /** In one pass, where a search for each would be one pass each; a bit for each anchor. */
  private static long anchorsThatMayBeIn(String text) {
    long found = 0;
    int slot = 0;
    for (int i = 0; i < text.length(); i++) {
      slot = slot(slot, text.charAt(i));
      found |= BEGINNINGS[slot];
    }
    return found;
  }

  /** Reports the account behind a label in whose word {@code anchor} is. */
  private static void labelled(Passage passage, int anchor, Consumer<Span> found) {
    Label label = Label.around(passage, anchor);
    if (label == null) {
      return;
    }
    int at = label.end;
    if (CharClass.isQuote(passage.at(at))) {
      at++;
    }
    at = skipBlanks(passage, at);
    boolean assigned = passage.at(at) == ':' || passage.at(at) == '=' || passage.at(at) == '>';
    boolean told = false;
    if (assigned) {
      at = skipBlanks(passage, at + 1);
    } else {
      int past = copulaEnd(passage, at);
      told = past > at || label.name.endsWith("inas");
      at = skipBlanks(passage, past);
    }
    boolean quoted = CharClass.isQuote(passage.at(at));
    int start = quoted || passage.at(at) == '@' ? at + 1 : at;
    int end = AccountNames.end(passage, start);
    if (start == label.end || end - start < CHARS_MIN || end - start > CHARS_MAX) {
      return;
    }
    boolean closes =
        quoted ? CharClass.isQuote(passage.at(end)) : AccountNames.mayFollow(passage, end);
    if (passage.at(end) == '#' && isTag(passage, end + 1)) {
      end += 1 + TAG_DIGITS;
    }
    if (closes && isName(passage, start, end, label.name, assigned, quoted, told)) {
      found.accept(new Span(start, end, EntityType.USERNAME, 0.75));
    }
  }

  /** The four digits behind a name of Discord's. */
  private static boolean isTag(Passage passage, int from) {
    for (int i = from; i < from + TAG_DIGITS; i++) {
      if (!CharClass.isDigit(passage.at(i))) {
        return false;
      }
    }
    return passage.endsWord(from + TAG_DIGITS);
  }

  private static boolean isName(
      Passage passage,
      int start,
      int end,
      String label,
      boolean assigned,
      boolean quoted,
      boolean told) {
    String value = passage.text().substring(start, end);
    if (passage.at(end) == '@' || Plausible.isNoValue(value, NO_VALUES) || isHash(value)) {
      return false;
    }
    boolean loose = LOOSE_LABELS.contains(label);
    boolean letters = Plausible.hasLetter(value);
    if (!quoted && isExpression(value, label)) {
      return false;
    }
    boolean made = Plausible.hasDigit(value) || value.indexOf('_') > 0;
    if (quoted) {
      return assigned || told || (made && letters);
    }
    if (made) {
      return (letters || !loose) && (assigned || told || !loose || label.equals("login"));
    }
    boolean plain = assigned ? !loose : told && (!loose || value.indexOf('.') > 0);
    return plain && isPlainWord(passage, start, end);
  }

  /** {@code self.account_id}, or a variable of the label's own name. */
  private static boolean isExpression(String value, String label) {
    boolean digit = Plausible.hasDigit(value);
    int dot = value.indexOf('.');
    boolean member = dot > 0 && !digit && value.indexOf('_', dot) > 0;
    return member
        || value.startsWith("self.")
        || value.startsWith("this.")
        || value.replace("_", "").toLowerCase(Locale.ROOT).endsWith(label);
  }

  private static boolean isHash(String value) {
    return value.length() >= HASH_CHARS_MIN
        && value.chars().allMatch(c -> c == '-' || CharClass.isHex((char) c))
        && Plausible.hasDigit(value);
  }

  /**
   * A label and where it ends.
   *
   * @param name in lower case, its words together
   */
  private record Label(String name, int end) {

    /** The label in whose word {@code anchor} is; null if that is none. */
    static @Nullable Label around(Passage passage, int anchor) {
      int start = anchor;
      while (anchor - start < CHARS_MAX && CharClass.isWord(passage.at(start - 1))) {
        start--;
      }
      StringBuilder name = new StringBuilder();
      int at = start;
      while (at - start < CHARS_MAX) {
        char c = passage.at(at);
        if (CharClass.isWord(c)) {
          if (c != '_') {
            name.append(Character.toLowerCase(c));
          }
        } else if (!isJoint(passage, at)) {
          break;
        }
        at++;
      }
      String whole = name.toString();
      return LABELS.contains(whole) ? new Label(whole, at) : null;
    }

    /** "user ID", "user name", "logged in as": the blank between. */
    private static boolean isJoint(Passage passage, int at) {
      char c = passage.at(at);
      if (c != ' ' && c != '-') {
        return false;
      }
      String text = passage.text();
      return text.regionMatches(true, at + 1, "id", 0, 2)
          || text.regionMatches(true, at + 1, "name", 0, 4)
          || text.regionMatches(true, at + 1, "in as ", 0, 6)
          || text.regionMatches(true, at + 1, "as ", 0, 3);
    }
  }

  /** Past "is" and its like. */
  private static int copulaEnd(Passage passage, int from) {
    for (String word : new String[] {"is ", "was ", "ist ", "lautet ", "es ", "est ", "handle "}) {
      if (passage.text().startsWith(word, from)) {
        return from + word.length();
      }
    }
    return from;
  }

  /** {@code Username: jsmith} and no more on that side of the line or sentence. */
  private static boolean isPlainWord(Passage passage, int start, int end) {
    boolean apart = CharClass.isBlank(passage.at(start - 1)) || passage.at(start - 1) == '>';
    for (int i = start; i < end; i++) {
      if (!Character.isLowerCase(passage.at(i)) && passage.at(i) != '.' && passage.at(i) != '-') {
        return false;
      }
    }
    char after = passage.at(end);
    boolean ends =
        after == Passage.OUTSIDE
            || after == '\n'
            || after == '\r'
            || after == '<'
            || ((after == '.' || after == ',') && !CharClass.isWord(passage.at(end + 1)));
    return apart && end - start >= 4 && ends;
  }

  private static int skipBlanks(Passage passage, int from) {
    int at = from;
    while (at - from < 4 && CharClass.isBlank(passage.at(at))) {
      at++;
    }
    return at;
  }

  /** The folder of a person, between two marks of a path. */
  private static void home(Passage passage, int path, int start, Consumer<Span> found) {
    char mark = passage.at(path);
    int end = AccountNames.end(passage, start);
    boolean rooted = mark == '\\' ? passage.at(path - 1) == ':' : passage.startsWord(path);
    boolean follows = passage.at(end) == mark || !CharClass.isWord(passage.at(end));
    String value = passage.text().substring(start, end);
    if (rooted
        && follows
        && end - start >= CHARS_MIN
        && passage.at(end) != '.'
        && passage.at(end) != '*'
        && Plausible.hasLetter(value)
        && !Plausible.isNoValue(value, NO_VALUES)) {
      found.accept(new Span(start, end, EntityType.USERNAME, 0.7));
    }
  }
}
