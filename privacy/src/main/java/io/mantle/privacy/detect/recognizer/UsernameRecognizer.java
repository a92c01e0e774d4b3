package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
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
  private static final int CHARS_MIN = AccountNames.CHARS_MIN;
  private static final int CHARS_MAX = AccountNames.CHARS_MAX;
  private static final int TAG_DIGITS = 4;
  private static final int BEGINNING_CHARS = 3;

  /** Five bits for each of three letters. */
  private static final int BEGINNING_SLOTS = 1 << 15;

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

  /** By the slot of three letters: whether a label begins with them. */
  private static final boolean[] BEGINNINGS = beginnings();

  private static final String[] HOMES = {"/home/", "/Users/", "\\Users\\", "\\Users\\\\"};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    for (int word = 0; word < passage.words(); word++) {
      int start = passage.wordStart(word);
      if (mayBeginLabel(passage, start, passage.wordEnd(word))) {
        labelled(passage, start, found);
      }
    }
    if (passage.hasSlash() || passage.hasEscape()) {
      homes(passage, found);
    }
  }

  private static boolean[] beginnings() {
    boolean[] beginnings = new boolean[BEGINNING_SLOTS];
    for (String label : LABELS) {
      int slot = 0;
      for (int i = 0; i < BEGINNING_CHARS; i++) {
        slot = slot(slot, label.charAt(i));
      }
      beginnings[slot] = true;
    }
    return beginnings;
  }

  /** The slot of letters that end with {@code c}, from that of the letters before it. */
  private static int slot(int before, char c) {
    return ((before << 5) | (Character.toLowerCase(c) & 31)) & (BEGINNING_SLOTS - 1);
  }

  private static boolean mayBeginLabel(Passage passage, int start, int end) {
    int slot = 0;
    int letters = 0;
    for (int at = start; at < end && letters < BEGINNING_CHARS; at++) {
      char c = passage.at(at);
      if (c != '_') {
        slot = slot(slot, c);
        letters++;
      }
    }
    return letters == BEGINNING_CHARS && BEGINNINGS[slot];
  }

  private static void homes(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    for (String home : HOMES) {
      for (int at = text.indexOf(home); at >= 0; at = text.indexOf(home, at + 4)) {
        home(passage, at, at + home.length(), found);
      }
    }
  }

  /** Reports the account behind the label that begins at {@code start}, if one does. */
  private static void labelled(Passage passage, int start, Consumer<Span> found) {
    Label label = Label.at(passage, start);
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
    int from = quoted || passage.at(at) == '@' ? at + 1 : at;
    int end = AccountNames.end(passage, from);
    if (from == label.end || end - from < CHARS_MIN || end - from > CHARS_MAX) {
      return;
    }
    boolean closes =
        quoted ? CharClass.isQuote(passage.at(end)) : AccountNames.mayFollow(passage, end);
    if (passage.at(end) == '#' && isTag(passage, end + 1)) {
      end += 1 + TAG_DIGITS;
    }
    if (closes && isName(passage, from, end, label.name, assigned, quoted, told)) {
      found.accept(new Span(from, end, EntityType.USERNAME, 0.75));
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
    if (passage.at(end) == '@' || AccountNames.isNoName(value)) {
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

  /**
   * A label and where it ends.
   *
   * @param name in lower case, its words together
   */
  private record Label(String name, int end) {

    /** The label that begins at {@code start}; null if none does. */
    static @Nullable Label at(Passage passage, int start) {
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
        && !AccountNames.isNoName(value)) {
      found.accept(new Span(start, end, EntityType.USERNAME, 0.7));
    }
  }
}
