package io.mantle.privacy.surrogate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Links: same scheme and port, an example host, a path and query of the same shape. */
final class UrlShape implements Shape {
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*://)?(?:(?<user>[^@/?#\\s]*)@)?"
              + "(?<host>[^:/?#\\s\\[\\]]+)(?<port>:[0-9]*)?(?<rest>[/?#].*)?",
          Pattern.DOTALL);

  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
  private static final Pattern EXTENSION = Pattern.compile("\\.[A-Za-z]{2,5}(?=$|[?#])");

  private final Hosts hosts;

  UrlShape(Hosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public String identity(String spelling) {
    return spelling;
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    KeyedStream stream = draws.about("URL", spelling);
    Matcher url = URL.matcher(spelling);
    if (!url.matches() || CharacterClasses.isJsonNumber(spelling)) {
      return CharacterClasses.replacedWithMarks(spelling, stream);
    }
    String rest = orEmpty(url.group("rest"));
    String user = url.group("user");
    boolean hostAlone = user == null && rest.chars().noneMatch(Character::isLetterOrDigit);
    return orEmpty(url.group("scheme"))
        + (user == null ? "" : CharacterClasses.replaced(user, stream) + "@")
        + hosts.surrogate(orEmpty(url.group("host")), hostAlone ? draws : draws.steady())
        + orEmpty(url.group("port"))
        + rest(rest, stream);
  }

  /** Escapes and a file's extension are left as they are, so that it stays a link of its kind. */
  private static String rest(String rest, KeyedStream stream) {
    Matcher extension = EXTENSION.matcher(rest);
    int extensionStart = -1;
    int extensionEnd = -1;
    if (extension.find()) {
      extensionStart = extension.start();
      extensionEnd = extension.end();
    }
    StringBuilder out = new StringBuilder(rest.length());
    Matcher escape = ESCAPE.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      int next = at + 1;
      if (at == extensionStart) {
        next = extensionEnd;
        out.append(rest, at, next);
      } else if (rest.charAt(at) == '%' && escape.find(at) && escape.start() == at) {
        next = escape.end();
        out.append(rest, at, next);
      } else {
        out.append(CharacterClasses.replaced(rest.substring(at, next), stream));
      }
      at = next;
    }
    return out.toString();
  }

  private static String orEmpty(String group) {
    return group == null ? "" : group;
  }
}
