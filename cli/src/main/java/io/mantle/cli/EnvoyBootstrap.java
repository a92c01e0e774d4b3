package io.mantle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Envoy's bootstrap file, rendered from {@code envoy/bootstrap.yaml}.
 *
 * @param nodeId the name under which the control plane knows this Envoy
 * @param adminPort on loopback
 * @param adsSocket the Unix socket of whoever serves ADS: the ext_proc server that relays it, or
 *     the control plane itself
 */
public record EnvoyBootstrap(String nodeId, int adminPort, Path adsSocket) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+)}");

  /**
   * @throws IllegalStateException when the template asks for what there is not
   */
  String render(String template) {
    Map<String, String> values =
        Map.of(
            "node_id", quoted(nodeId),
            "admin_port", Integer.toString(adminPort),
            "ads_socket", quoted(adsSocket.toString()));
    return PLACEHOLDER
        .matcher(withoutComments(template))
        .replaceAll(
            match -> {
              String value = values.get(match.group(1));
              if (value == null) {
                throw new IllegalStateException("no value for ${" + match.group(1) + "}");
              }
              return Matcher.quoteReplacement(value);
            });
  }

  public void write(Path target) throws IOException {
    Path template = ProjectRoot.path().resolve("envoy").resolve("bootstrap.yaml");
    Files.createDirectories(target.toAbsolutePath().getParent());
    PrivateFiles.write(target, render(Files.readString(template)));
  }

  /** The template's comments speak of its placeholders. */
  private static String withoutComments(String template) {
    return template.replaceAll("(?m)^\\s*#.*\\R", "");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
