package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Names of accounts as networks write them: {@code @handle} where a word speaks of a network or the
 * handle holds a digit, and {@code u/name}. Annotations, decorators, documentation tags, scopes of
 * packages, rules of style sheets and versions are none.
 */
final class HandleRecognizer implements Recognizer {
  private static final int CHARS_MAX = 40;
  private static final int INDENT_CHARS_MAX = 32;

  private static final Set<String> NETWORKS =
      Set.of(
          ("twitter instagram insta ig handle follow telegram tiktok github dm snapchat"
                  + " discord mastodon threads bluesky account profile username user tweet"
                  + " tweeted retweet rt via x youtube twitch contact ping cc thanks message hey"
                  + " reddit linkedin venmo cashapp slack assigned mention mentioned nickname"
                  + " seguime folge")
              .split(" ", -1));

  /** What stands behind an at sign in programs, documentation and style sheets. */
  private static final Set<String> TAGS =
      Set.of(
          ("param params return returns throws throw exception see since author version"
                  + " deprecated code link linkplain literal value inheritdoc serial serialfield"
                  + " serialdata implspec implnote apinote override nullable nonnull notnull"
                  + " test before after beforeeach aftereach suppresswarnings autowired inject"
                  + " component service repository controller entity table column bean"
                  + " configuration data builder getter setter requestmapping getmapping"
                  + " postmapping requestbody pathvariable transactional media import charset"
                  + " keyframes supports layer container apply tailwind property staticmethod"
                  + " classmethod dataclass abstractmethod pytest fixture wraps cached type"
                  + " typedef template brief file date todo note warning details example public"
                  + " private protected readonly internal module package class interface"
                  + " function method async static default enum extends implements ignore"
                  + " license copyright preserve injectable input output ngmodule observable"
                  + " action computed interface_ end objc available main state published"
                  + " everyone here channel all name field stable draft internalapi hide jls"
                  + " jvms spec usage syntax ts echo off interfaceaddress parameters attr symbol"
                  + " selector synthesize dynamic optional required autoreleasepool property_"
                  + " implementation")
              .split(" ", -1));

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (passage.hasAt()) {
      handles(passage, found);
    }
    if (passage.hasSlash()) {
      reddit(passage, found);
    }
  }

  private static void handles(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    int free = 0;
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', free)) {
      int end = AccountNames.end(passage, at + 1);
      free = Math.max(end, at + 1);
      if (end - at >= 4
          && end - at <= CHARS_MAX
          && mayPrecede(passage.at(at - 1))
          && AccountNames.mayFollow(passage, end)
          && !isAssigned(passage, end)
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
        || (CharClass.isQuote(c) && c != '`');
  }

  private static boolean isAssigned(Passage passage, int end) {
    int at = end;
    while (at - end < 2 && CharClass.isBlank(passage.at(at))) {
      at++;
    }
    return passage.at(at) == '=';
  }

  private static boolean isHandle(Passage passage, int at, int end) {
    String name = passage.text().substring(at + 1, end);
    if (isVersion(name) || TAGS.contains(name.toLowerCase(Locale.ROOT))) {
      return false;
    }
    char lead = lineLead(passage, at);
    boolean ownLine = lead == '\n' || lead == Passage.OUTSIDE;
    char after = passage.at(end);
    // "* @gamma:", "// @tag", and a decorator on a line of its own.
    if (isCommentMark(lead) || (ownLine && (after == '\n' || after == '\r' || after == ':'))) {
      return false;
    }
    if (isAnnotation(name)) {
      return ContextWords.lastBefore(passage, at, NETWORKS) && passage.at(at - 1) == ' ';
    }
    if (ContextWords.before(passage, at, NETWORKS)) {
      return true;
    }
    // At the start of a line it is as likely an annotation.
    return Plausible.hasDigit(name)
        && (at == 0 || (CharClass.isBlank(passage.at(at - 1)) && !ownLine));
  }

  private static boolean isCommentMark(char c) {
    return c == '*' || c == '/' || c == '#' || c == '%' || c == ';' || c == '!' || c == '+';
  }

  /** {@code @NonNullByDefault}: a capital and letters only. */
  private static boolean isAnnotation(String name) {
    return Character.isUpperCase(name.charAt(0))
        && name.chars().allMatch(c -> CharClass.isAsciiLetter((char) c) || c == '.');
  }

  private static boolean isVersion(String name) {
    int from = name.charAt(0) == 'v' || name.charAt(0) == '^' ? 1 : 0;
    return name.length() > from
        && name.chars().skip(from).allMatch(c -> CharClass.isDigit((char) c) || c == '.');
  }

  /** What stands before {@code at} but for blanks; a line's end if nothing does. */
  private static char lineLead(Passage passage, int at) {
    int before = at;
    while (at - before < INDENT_CHARS_MAX && CharClass.isBlank(passage.at(before - 1))) {
      before--;
    }
    return passage.at(before - 1);
  }

  private static void reddit(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    for (int at = text.indexOf("u/"); at >= 0; at = text.indexOf("u/", at + 2)) {
      boolean rooted = passage.at(at - 1) == '/';
      char before = passage.at(rooted ? at - 2 : at - 1);
      int end = AccountNames.end(passage, at + 2);
      boolean named = end - at >= 5 && Plausible.hasLetter(text.substring(at + 2, end));
      if ((before == Passage.OUTSIDE || CharClass.isBlank(before) || before == '(')
          && named
          && AccountNames.mayFollow(passage, end)) {
        found.accept(new Span(at, end, EntityType.USERNAME, 0.7));
      }
    }
  }
}
