package io.mantle.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which control plane, and as whom: {@code --server} and {@code --token-file}, else {@code
 * MANTLE_ADMIN_URL}, else what {@code ./mantle up} runs here. The token of a local run is given to
 * that run alone.
 */
final class AdminTarget {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The control plane's admin URL. Default: MANTLE_ADMIN_URL, else the local run.")
  private @Nullable String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with a bearer token. Default: the local run's.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--insecure",
      description = "Sends the token over plain http also to another machine.")
  private boolean insecure;

  @Mixin private DataOption data = new DataOption();

  /** An admin URL without a slash at its end, and a token. */
  record Resolved(URI server, String token) {
    @Override
    public String toString() {
      return "Resolved[" + server + "]";
    }
  }

  Resolved resolve(Map<String, String> environment) throws LaunchException {
    Optional<RunFile> run = RunFile.read(data.folder().runFile());
    String named = server == null ? environment.get(Variable.MANTLE_ADMIN_URL.name()) : server;
    if (named == null || named.isEmpty()) {
      named =
          run.map(RunFile::adminUrl)
              .orElseThrow(
                  () ->
                      LaunchException.notStarted(
                          "no control plane runs here; name one with --server URL or"
                              + " MANTLE_ADMIN_URL, or start one with ./mantle up"));
    }
    URI url = url(named);
    if (tokenFile != null) {
      return new Resolved(url, token(tokenFile));
    }
    return run.filter(local -> isSame(local.adminUrl(), url))
        .map(local -> new Resolved(url, local.adminToken()))
        .orElseThrow(
            () -> LaunchException.notStarted("--server needs --token-file FILE with a token"));
  }

  private static boolean isSame(String local, URI asked) {
    return local.replaceAll("/+$", "").equals(asked.toString());
  }

  private URI url(String text) throws LaunchException {
    URI url;
    try {
      url = new URI(text.replaceAll("/+$", ""));
    } catch (URISyntaxException e) {
      throw LaunchException.notStarted("--server needs a URL such as https://host:8081");
    }
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean known = scheme.equals("http") || scheme.equals("https");
    if (!known || url.getHost() == null || url.getRawUserInfo() != null || url.getQuery() != null) {
      throw LaunchException.notStarted("--server needs a URL such as https://host:8081");
    }
    if (scheme.equals("http") && !insecure && !LOOPBACK.matcher(url.getHost()).matches()) {
      throw LaunchException.notStarted(
          "--server "
              + url.getHost()
              + ": over plain http anybody between could read the token; use https, or --insecure");
    }
    return url;
  }

  private static String token(Path file) throws LaunchException {
    try {
      String token = Files.readString(file).strip();
      if (token.matches("[\\x21-\\x7e]{1,8192}")) {
        return token;
      }
    } catch (IOException e) {
      throw LaunchException.notStarted("--token-file " + file + ": cannot be read");
    }
    throw LaunchException.notStarted("--token-file " + file + ": holds no token");
  }
}
