package io.mantle.controlplane.snapshot;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where a provider's API stands, taken from its base URL.
 *
 * @param secure whether it is spoken to over TLS
 * @param host in lower case; an IPv6 literal without brackets
 * @param basePath begins with a slash and does not end in one; {@code /v1} where the URL named none
 * @param privateAllowed whether a platform admin lets its name lead to addresses that are not on
 *     the public Internet, though it does not look as if it did
 */
public record ProviderEndpoint(
    boolean secure, String host, int port, String basePath, boolean privateAllowed) {
  private static final String FIELD = "base_url";
  private static final int URL_CHARACTERS_MAX = 2048;
  private static final String DEFAULT_BASE_PATH = "/v1";
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  /** Without leading zeros: Envoy refuses them, since some read them as octal. */
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.(?!$)|$)){4}");

  /** That it is well-formed otherwise, {@link URI} has seen to. */
  private static final Pattern IPV6 =
      Pattern.compile("[0-9a-f:]*:([0-9a-f]*|" + IPV4.pattern() + ")");

  private static final Pattern BASE_PATH = Pattern.compile("(/[A-Za-z0-9._~%-]+)+");

  /**
   * Reads a base URL.
   *
   * @throws InvalidTenantException if it is none, with a reason that repeats nothing of it
   */
  public static ProviderEndpoint parse(String baseUrl) throws InvalidTenantException {
    if (baseUrl.length() > URL_CHARACTERS_MAX) {
      throw new InvalidTenantException(
          "its base URL is longer than " + URL_CHARACTERS_MAX + " characters", FIELD);
    }
    URI uri;
    try {
      uri = new URI(baseUrl.strip());
    } catch (URISyntaxException e) {
      throw new InvalidTenantException("its base URL is not a URL", FIELD);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new InvalidTenantException(
          "its base URL begins with neither http:// nor https://", FIELD);
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new InvalidTenantException("its base URL has a user, a query or a fragment", FIELD);
    }
    boolean secure = scheme.equals("https");
    return new ProviderEndpoint(secure, host(uri), port(uri, secure), basePath(uri), false);
  }

  private static String host(URI uri) throws InvalidTenantException {
    if (uri.getHost() == null) {
      throw new InvalidTenantException("its base URL has no host", FIELD);
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    if (!isAddress(host) && (!DNS_NAME.matcher(host).matches() || host.matches("[0-9.]+"))) {
      throw new InvalidTenantException(
          "the host of its base URL is neither a name nor an address", FIELD);
    }
    return host;
  }

  private static int port(URI uri, boolean secure) throws InvalidTenantException {
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new InvalidTenantException("the port of its base URL is not within 1 and 65535", FIELD);
    }
    return uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
  }

  private static String basePath(URI uri) throws InvalidTenantException {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.isEmpty()) {
      return DEFAULT_BASE_PATH;
    }
    if (!BASE_PATH.matcher(path).matches() || path.contains("/.")) {
      throw new InvalidTenantException(
          "the path of its base URL has characters or dots that a base path does not need", FIELD);
    }
    return path;
  }

  private static boolean isAddress(String host) {
    return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
  }

  /** Whether the host is a literal address, not a name. */
  public boolean isAddress() {
    return isAddress(host);
  }

  /** The same, allowed to lead anywhere; no other where it is so anyway. */
  public ProviderEndpoint allowingPrivate() {
    return mayLeadAnywhere() ? this : new ProviderEndpoint(secure, host, port, basePath, true);
  }

  /**
   * Whether it is no business of ours what address it has: it says so itself, as an address or as a
   * name that only a local network has, or a platform admin does.
   */
  public boolean mayLeadAnywhere() {
    return privateAllowed || isAddress() || ProviderAddress.isInternalName(host);
  }

  /** What the provider expects in {@code Host}. */
  public String authority() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return port == (secure ? 443 : 80) ? shown : shown + ":" + port;
  }

  /**
   * One cluster for all tenants that call the same endpoint on the same terms; also what the
   * endpoint is called wherever it has to be told from others.
   */
  public String clusterName() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return (secure ? "https://" : "http://")
        + shown
        + ":"
        + port
        + (privateAllowed ? "/private" : "");
  }
}
