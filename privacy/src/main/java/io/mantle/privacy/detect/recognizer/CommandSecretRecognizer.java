package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Passwords in command lines where the command says what a short flag means: {@code curl -u
 * user:pass}, {@code mysql -psecret}, {@code sshpass -p secret}, {@code redis-cli -a secret}, and
 * {@code sqlplus user/pass@host}.
 */
final class CommandSecretRecognizer implements Recognizer {
  private static final int LINE_CHARS_MAX = 400;

  /**
   * A command and the flag behind which its secret stands.
   *
   * @param glued whether no blank parts them
   * @param divided the mark behind which the secret begins; {@link Passage#OUTSIDE} if at once
   */
  private record Flag(String command, String flag, boolean glued, char divided) {}

  private static final List<Flag> FLAGS =
      List.of(
          new Flag("curl", "-u", false, ':'),
          new Flag("curl", "--user", false, ':'),
          new Flag("curl", "-U", false, ':'),
          new Flag("curl", "--proxy-user", false, ':'),
          new Flag("wget", "--user", false, ':'),
          new Flag("http", "-a", false, ':'),
          new Flag("mysql", "-p", true, Passage.OUTSIDE),
          new Flag("mysqldump", "-p", true, Passage.OUTSIDE),
          new Flag("mysqladmin", "-p", true, Passage.OUTSIDE),
          new Flag("mariadb", "-p", true, Passage.OUTSIDE),
          new Flag("sshpass", "-p", false, Passage.OUTSIDE),
          new Flag("sshpass", "-p", true, Passage.OUTSIDE),
          new Flag("mongo", "-p", false, Passage.OUTSIDE),
          new Flag("mongosh", "-p", false, Passage.OUTSIDE),
          new Flag("mongodump", "-p", false, Passage.OUTSIDE),
          new Flag("login", "-p", false, Passage.OUTSIDE),
          new Flag("redis-cli", "-a", false, Passage.OUTSIDE),
          new Flag("ldapsearch", "-w", false, Passage.OUTSIDE),
          new Flag("sqlcmd", "-P", false, Passage.OUTSIDE),
          new Flag("bcp", "-P", false, Passage.OUTSIDE),
          new Flag("zip", "-P", false, Passage.OUTSIDE),
          new Flag("smbclient", "-U", false, '%'),
          new Flag("snmpwalk", "-A", false, Passage.OUTSIDE),
          new Flag("openssl", "pass", true, ':'));

  private static final String SQLPLUS = "sqlplus ";

  private static final Set<String> COMMANDS =
      FLAGS.stream().map(Flag::command).collect(Collectors.toUnmodifiableSet());

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    if (!passage.hasLetter()) {
      return;
    }
    String text = passage.text();
    if (passage.hasHyphen()) {
      Line line = new Line(passage);
      int free = 0;
      for (int hyphen = text.indexOf(" -"); hyphen >= 0; hyphen = text.indexOf(" -", free)) {
        free = flag(line, hyphen + 1, found);
      }
    }
    for (int at = text.indexOf(SQLPLUS); at >= 0; at = text.indexOf(SQLPLUS, at + 1)) {
      oracle(passage, at + SQLPLUS.length(), found);
    }
  }

  /**
   * Reports the secret behind the flag at {@code start}, if it is one; returns how far was read.
   */
  private static int flag(Line line, int start, Consumer<Span> found) {
    Passage passage = line.passage;
    int end = start;
    while (CharClass.isWord(passage.at(end)) || passage.at(end) == '-') {
      end++;
    }
    for (Flag flag : FLAGS) {
      int nameEnd = start + flag.flag.length();
      boolean fits =
          passage.text().startsWith(flag.flag, start)
              && (flag.glued ? nameEnd < end || isMark(passage.at(end)) : nameEnd == end);
      if (fits && line.commandBefore(start).equals(flag.command)) {
        int value = flag.glued ? nameEnd : passage.at(end) == ' ' ? end + 1 : end;
        return Math.max(end, report(passage, value, flag.divided, found));
      }
    }
    return end;
  }

  private static boolean isMark(char c) {
    return c > ' ' && c != Passage.OUTSIDE;
  }

  /** The words of a line that were read already, and the last command among them. */
  private static final class Line {
    private final Passage passage;
    private int read;
    private String command = "";

    Line(Passage passage) {
      this.passage = passage;
    }

    /** The last command on the line of {@code start}, before it; empty if there is none. */
    String commandBefore(int start) {
      if (start - read > LINE_CHARS_MAX) {
        command = "";
        read = start - LINE_CHARS_MAX;
      }
      while (read < start) {
        char c = passage.at(read);
        if (c == '\n' || c == '|') {
          command = "";
        }
        int end = read;
        while (end < start && (CharClass.isWord(passage.at(end)) || passage.at(end) == '-')) {
          end++;
        }
        if (end > read && passage.at(end) == ' ') {
          String word = passage.text().substring(read, end);
          command = COMMANDS.contains(word) ? word : command;
        }
        read = Math.max(end, read + 1);
      }
      return command;
    }
  }

  private static int report(Passage passage, int from, char divided, Consumer<Span> found) {
    boolean quoted = CharClass.isQuote(passage.at(from));
    int start = quoted ? from + 1 : from;
    int end =
        quoted
            ? SecretValue.quotedEnd(passage, start, passage.at(from))
            : SecretValue.bareEnd(passage, start);
    if (end <= start) {
      return from;
    }
    int secret = start;
    if (divided != Passage.OUTSIDE) {
      secret = indexOf(passage, divided, start, end) + 1;
      if (secret <= start || secret >= end) {
        return end;
      }
    }
    String value = passage.text().substring(secret, end);
    if (value.length() >= 3 && !value.startsWith("$") && !Plausible.isPlaceholder(value)) {
      found.accept(new Span(secret, end, EntityType.PASSWORD_OR_SECRET, 0.85));
    }
    return end;
  }

  /** Where {@code c} is between two places, -1 if it is not: never read the rest of a long text. */
  private static int indexOf(Passage passage, char c, int from, int to) {
    for (int i = from; i < to; i++) {
      if (passage.at(i) == c) {
        return i;
      }
    }
    return -1;
  }

  /** {@code user/pass@host}. */
  private static void oracle(Passage passage, int from, Consumer<Span> found) {
    int end = SecretValue.bareEnd(passage, from);
    int slash = indexOf(passage, '/', from, end);
    int at = slash < 0 ? -1 : indexOf(passage, '@', slash, end);
    if (slash > from && slash < end) {
      int stop = at > slash ? at : end;
      if (stop - slash > 3) {
        found.accept(new Span(slash + 1, stop, EntityType.PASSWORD_OR_SECRET, 0.85));
      }
    }
  }
}
