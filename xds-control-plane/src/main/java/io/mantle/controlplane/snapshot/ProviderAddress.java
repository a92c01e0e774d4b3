package io.mantle.controlplane.snapshot;

import java.net.InetAddress;
import java.util.List;

/** What the base URL of a provider gives away before anybody calls it. */
public final class ProviderAddress {
  private static final List<String> INTERNAL_SUFFIXES =
      List.of(".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa");

  private ProviderAddress() {}

  /**
   * Whether it names a place that is not on the public Internet: a private, loopback or link-local
   * address (where clouds keep their metadata), or a name that only a local network has. Where a
   * public name leads is judged when it is called.
   *
   * @throws InvalidTenantException if it is no base URL
   */
  public static boolean isInternal(String baseUrl) throws InvalidTenantException {
    ProviderEndpoint endpoint = ProviderEndpoint.parse(baseUrl);
    return endpoint.isAddress()
        ? isInternal(literal(endpoint.host()))
        : isInternalName(endpoint.host());
  }

  /**
   * Whether two base URLs lead to the same host and port in the same way; paths may differ.
   *
   * @throws InvalidTenantException if one is no base URL
   */
  public static boolean isSameEndpoint(String one, String other) throws InvalidTenantException {
    return ProviderEndpoint.parse(one)
        .clusterName()
        .equals(ProviderEndpoint.parse(other).clusterName());
  }

  /** Whether a name is one that only a local network has. */
  static boolean isInternalName(String host) {
    int lastDot = host.lastIndexOf('.');
    // Some resolvers read 0x7f.1 as an address; no public name ends in a label that begins so.
    return lastDot < 0
        || Character.isDigit(host.charAt(lastDot + 1))
        || INTERNAL_SUFFIXES.stream().anyMatch(host::endsWith);
  }

  /**
   * Whether an address is anything but one of the public Internet that stands for one host: for
   * example loopback, private, link-local, unique-local, multicast, unspecified, or an IPv6 address
   * that carries an IPv4 one. An IPv4-mapped one is never seen here, as {@link InetAddress} makes
   * it the IPv4 address that it means.
   */
  public static boolean isInternal(InetAddress address) {
    return !PublicAddresses.contain(address);
  }

  private static InetAddress literal(String host) throws InvalidTenantException {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      throw new InvalidTenantException("the host of its base URL is no address", "base_url");
    }
  }
}
