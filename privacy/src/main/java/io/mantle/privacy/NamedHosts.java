package io.mantle.privacy;

import io.mantle.privacy.value.Plaintext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The hosts that texts name. */
final class NamedHosts {
  /** The first of all hosts; into links to any beyond them nothing is restored. */
  static final int HOSTS_MAX = 10_000;

  private static final int HOST_CHARS_MAX = 253;

  private NamedHosts() {}

  /**
   * A set of its own; in small letters: whatever is written like one, since no list of suffixes is
   * complete.
   */
  static Set<String> in(List<Plaintext> texts) {
    Set<String> hosts = new HashSet<>();
    for (Plaintext text : texts) {
      String revealed = text.reveal();
      int from = 0;
      for (int dot = revealed.indexOf('.'); dot >= 0; dot = revealed.indexOf('.', from)) {
        int start = dot;
        while (start > from && isOfHost(revealed.charAt(start - 1))) {
          start--;
        }
        int end = dot + 1;
        while (end < revealed.length() && isOfHost(revealed.charAt(end))) {
          end++;
        }
        from = end;
        while (end > start && revealed.charAt(end - 1) == '.') {
          end--;
        }
        boolean host = start < dot && end > dot + 1 && end - start <= HOST_CHARS_MAX;
        if (host && hosts.size() < HOSTS_MAX) {
          hosts.add(revealed.substring(start, end).toLowerCase(Locale.ROOT));
        }
      }
    }
    return hosts;
  }

  private static boolean isOfHost(char c) {
    return c == '.' || c == '-' || Character.isLetterOrDigit(c);
  }
}
