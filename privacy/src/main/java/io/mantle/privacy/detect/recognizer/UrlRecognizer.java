package io.mantle.privacy.detect.recognizer;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** Links: {@code http}, {@code https} and {@code ftp} URLs without userinfo, and {@code www.}. */
final class UrlRecognizer implements Recognizer {
  private static final int CHARS_MAX = 4_096;

  /** Sites of standards, software and reference: a link there tells nothing about its writer. */
  private static final Set<String> PUBLIC_HOSTS =
      Set.of(
          "github.com",
          "github.io",
          "githubusercontent.com",
          "gitlab.com",
          "w3.org",
          "apache.org",
          "nodejs.org",
          "npmjs.com",
          "npmjs.org",
          "mozilla.org",
          "python.org",
          "pypi.org",
          "readthedocs.io",
          "readthedocs.org",
          "java.net",
          "oracle.com",
          "openjdk.org",
          "maven.org",
          "ietf.org",
          "rfc-editor.org",
          "gnu.org",
          "kernel.org",
          "debian.org",
          "ubuntu.com",
          "microsoft.com",
          "google.com",
          "googlesource.com",
          "wikipedia.org",
          "stackoverflow.com",
          "unicode.org",
          "json-schema.org",
          "whatwg.org",
          "golang.org",
          "rust-lang.org",
          "docs.rs",
          "crates.io",
          "tc39.es",
          "opensource.org",
          "creativecommons.org",
          "iana.org",
          "openssl.org",
          "freedesktop.org",
          "sourceforge.net",
          "docker.com",
          "kubernetes.io",
          "openai.com",
          "anthropic.com",
          "amazonaws.com",
          "shields.io",
          "chromium.org",
          "ecma-international.org",
          "llvm.org",
          "cloudflare.com",
          "jquery.com",
          "schema.org");

  private static final Set<String> MEMBERS_HOSTS = Set.of("github.com", "gitlab.com");

  private static final String[] SCHEMES = {"https", "http", "ftp"};

  @Override
  public void recognize(Passage passage, Consumer<Span> found) {
    String text = passage.text();
    int free = 0;
    if (passage.hasColon()) {
      for (int mark = text.indexOf("://"); mark >= 0; mark = text.indexOf("://", free)) {
        int start = schemeStart(passage, mark);
        free = mark + 3;
        if (start >= 0) {
          free = report(passage, start, mark + 3, found);
        }
      }
    }
    free = 0;
    for (int www = text.indexOf("www."); www >= 0; www = text.indexOf("www.", free)) {
      free =
          passage.startsWord(www) && passage.at(www - 1) != '/'
              ? report(passage, www, www + 4, found)
              : www + 4;
    }
  }

  private static int schemeStart(Passage passage, int mark) {
    for (String scheme : SCHEMES) {
      int start = mark - scheme.length();
      if (passage.text().regionMatches(true, Math.max(0, start), scheme, 0, scheme.length())
          && start >= 0
          && passage.startsWord(start)) {
        return start;
      }
    }
    return -1;
  }

  private static int report(Passage passage, int start, int authority, Consumer<Span> found) {
    int high = Math.min(passage.length(), start + CHARS_MAX);
    int end = authority;
    boolean inAuthority = true;
    boolean userinfo = false;
    while (end < high && isPart(passage.at(end))) {
      char c = passage.at(end);
      inAuthority &= c != '/' && c != '?' && c != '#';
      userinfo |= inAuthority && c == '@';
      end++;
    }
    int past = Math.max(end, authority);
    while (end > authority && ".,;:!?)]}'*_~".indexOf(passage.at(end - 1)) >= 0) {
      end--;
    }
    if (end - authority >= 4
        && !userinfo
        && CharClass.isWord(passage.at(authority))
        && !isReference(passage, start, authority, end)) {
      found.accept(new Span(start, end, EntityType.URL, 0.9));
    }
    return past;
  }

  /** A page that everybody reads, or one of a document's own links deep into some site. */
  private static boolean isReference(Passage passage, int start, int authority, int end) {
    int host = authority;
    while (host < end && passage.at(host) != '/' && passage.at(host) != ':') {
      host++;
    }
    int segments = 0;
    for (int i = host; i + 1 < end; i++) {
      segments += passage.at(i) == '/' && passage.at(i + 1) != '/' ? 1 : 0;
    }
    String name = passage.text().substring(authority, host).toLowerCase(Locale.ROOT);
    int last = name.lastIndexOf('.');
    int second = last < 0 ? -1 : name.lastIndexOf('.', last - 1);
    if (segments > 0 && PUBLIC_HOSTS.contains(name.substring(second + 1))) {
      // One segment on such a site may be somebody's page.
      return segments > 1 || !MEMBERS_HOSTS.contains(name.substring(second + 1));
    }
    boolean link =
        passage.text().startsWith("](", start - 2)
            || passage.text().startsWith("href=", start - 6)
            || passage.text().startsWith("src=", start - 5)
            || passage.text().startsWith("xmlns", start - 7);
    return link && segments >= 2;
  }

  private static boolean isPart(char c) {
    if (c < 128) {
      return c > ' ' && c != 127 && "\"<>`{}|\\^".indexOf(c) < 0;
    }
    return !Character.isWhitespace(c) && !Character.isISOControl(c) && !CharClass.isQuote(c);
  }
}
