package io.mantle.controlplane.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * Where Postgres is and who logs in there.
 *
 * @param jdbcUrl without the password
 * @param properties user and password, where the URL named them
 */
public record DatabaseUrl(String jdbcUrl, Properties properties) {

  /**
   * Reads {@code postgres://}, {@code postgresql://} or {@code jdbc:postgresql:}.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat the URL, which may
   *     hold a password
   */
  public static DatabaseUrl parse(String text) {
    if (text.startsWith("jdbc:postgresql:")) {
      return new DatabaseUrl(text, new Properties());
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is not a URL");
    }
    String scheme = uri.getScheme();
    if (!("postgres".equals(scheme) || "postgresql".equals(scheme)) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "is neither postgres://host/database nor a jdbc:postgresql: URL");
    }
    Properties properties = new Properties();
    if (uri.getRawUserInfo() != null) {
      String[] userAndPassword = uri.getRawUserInfo().split(":", 2);
      properties.setProperty("user", decode(userAndPassword[0]));
      if (userAndPassword.length == 2) {
        properties.setProperty("password", decode(userAndPassword[1]));
      }
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new DatabaseUrl("jdbc:postgresql://" + uri.getHost() + port + path + query, properties);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "DatabaseUrl";
  }
}
