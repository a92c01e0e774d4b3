package io.mantle.extproc.trace;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where traces go.
 *
 * @param endpoint of a collector, without {@code /v1/traces}; empty where none are made
 * @param headers sent with them, such as a credential
 * @param compression {@code gzip} or {@code none}
 * @param ratio how many of the traces that begin here are kept, from 0 to 1; of those that a client
 *     began, it decides
 * @param contentTenants whose traces may hold what was said, as the provider saw it, where their
 *     policies want that; {@link #EVERYBODY} for all
 */
public record TraceSettings(
    Optional<URI> endpoint,
    Map<String, String> headers,
    String compression,
    double ratio,
    Set<String> contentTenants) {
  /** Stands for all tenants. */
  public static final String EVERYBODY = "*";

  /** No traces. */
  public static final TraceSettings OFF =
      new TraceSettings(Optional.empty(), Map.of(), "none", 0, Set.of());

  /** Whether the operator lets a tenant show what was said. */
  public boolean letsShow(String tenantId) {
    return contentTenants.contains(EVERYBODY) || contentTenants.contains(tenantId);
  }

  public boolean isOn() {
    return endpoint.isPresent();
  }

  /**
   * Reads the address of a collector.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Optional<URI> endpoint(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!isHttp || uri.getHost() == null) {
      throw new IllegalArgumentException("not an http or https URL");
    }
    return Optional.of(uri);
  }

  /**
   * Reads headers as OpenTelemetry writes them: {@code name=value,name=value}, values
   * percent-encoded.
   *
   * @throws IllegalArgumentException if they are not so; quotes none
   */
  public static Map<String, String> headers(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String value = pair.substring(equals + 1).strip().replace("+", "%2B");
        headers.put(
            pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
      } else if (!pair.isBlank()) {
        throw new IllegalArgumentException("not name=value,name=value");
      }
    }
    return headers;
  }

  /**
   * Reads how they are packed.
   *
   * @throws IllegalArgumentException if it is not known
   */
  public static String compression(String text) {
    if (!text.equals("gzip") && !text.equals("none")) {
      throw new IllegalArgumentException("neither gzip nor none");
    }
    return text;
  }

  /**
   * Reads how many are kept.
   *
   * @throws IllegalArgumentException if it is no such number
   */
  public static double ratio(String text) {
    double ratio = Double.parseDouble(text);
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("not from 0 to 1");
    }
    return ratio;
  }

  /** Reads ids, separated by commas. */
  public static Set<String> tenants(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(id -> !id.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Prints no header. */
  @Override
  public String toString() {
    return "TraceSettings[" + isOn() + ", " + ratio + "]";
  }
}
