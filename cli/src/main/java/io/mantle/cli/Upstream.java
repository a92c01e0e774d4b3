package io.mantle.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider named by {@code --upstream [KIND=]URL}.
 *
 * @param baseUrl without a slash at its end and with its version segment: {@code /v1} is added when
 *     the URL has none
 */
record Upstream(Kind kind, URI baseUrl) {
  /** The dialects that can be served today. */
  enum Kind {
    OPENAI,
    ANTHROPIC
  }

  private static final Set<String> KINDS_TO_COME = Set.of("google", "qwen", "ollama", "tgi", "cli");
  private static final Pattern KIND_AND_URL = Pattern.compile("(?:([a-z]+)=)?(.+)");
  private static final Pattern VERSION_SEGMENT = Pattern.compile(".*/v\\d[^/]*(/.*)?");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  /**
   * @throws LaunchException when the kind is not served, or the URL is not one, or is plain http to
   *     another host
   */
  static Upstream parse(String argument) throws LaunchException {
    Matcher parts = KIND_AND_URL.matcher(argument);
    if (!parts.matches()) {
      throw LaunchException.notStarted("--upstream needs [KIND=]URL");
    }
    String kind = parts.group(1) == null ? "openai" : parts.group(1);
    if (KINDS_TO_COME.contains(kind)) {
      throw LaunchException.notStarted(
          "--upstream "
              + kind
              + "=...: not yet; the kinds that are served are openai and anthropic");
    }
    for (Kind served : Kind.values()) {
      if (served.name().toLowerCase(Locale.ROOT).equals(kind)) {
        return new Upstream(served, baseUrl(parts.group(2)));
      }
    }
    throw LaunchException.notStarted(
        "--upstream: there is no kind '" + kind + "'; use openai=URL or anthropic=URL");
  }

  /**
   * The key for this kind: {@code MANTLE_UPSTREAM_KEY_<KIND>}, else {@code MANTLE_UPSTREAM_KEY}.
   */
  String key(Map<String, String> environment) {
    String general = environment.getOrDefault(Variable.MANTLE_UPSTREAM_KEY.name(), "");
    return environment.getOrDefault(Variable.MANTLE_UPSTREAM_KEY + "_" + kind, general);
  }

  private static URI baseUrl(String text) throws LaunchException {
    URI url = uri(text);
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw LaunchException.notStarted("--upstream needs a URL such as https://host/v1");
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw LaunchException.notStarted(
          "--upstream takes a URL without user, query or fragment; the key comes from MANTLE_UPSTREAM_KEY");
    }
    if (scheme.equals("http") && !LOOPBACK.matcher(url.getHost()).matches()) {
      throw LaunchException.notStarted(
          "--upstream " + url.getHost() + ": plain http is for loopback only; use https");
    }
    String trimmed = text.replaceAll("/+$", "");
    return URI.create(VERSION_SEGMENT.matcher(url.getPath()).matches() ? trimmed : trimmed + "/v1");
  }

  /** Says nothing of the text: people paste keys into the wrong place. */
  private static URI uri(String text) throws LaunchException {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw LaunchException.notStarted("--upstream needs a URL such as https://host/v1");
    }
  }
}
