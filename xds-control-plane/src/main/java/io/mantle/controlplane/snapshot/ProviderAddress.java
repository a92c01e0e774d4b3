package io.mantle.controlplane.snapshot;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** What the base URL of a provider gives away before anybody calls it. */
public final class ProviderAddress {
  private static final List<String> INTERNAL_SUFFIXES =
      List.of(".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa");

  /** 168.63.129.16 answers every virtual machine of Azure, and nobody else. */
  private static final byte[] AZURE_PLATFORM = {(byte) 168, 63, (byte) 129, 16};

  private ProviderAddress() {}

  /**
   * Whether it names a place that is not on the public Internet: a private, loopback or link-local
   * address (where clouds keep their metadata), or a name that only a local network has. A public
   * name that resolves to such an address is not found out here.
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

  private static boolean isInternalName(String host) {
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
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    if (bytes.length == 4) {
      return first == 0
          || first == 10
          || first == 127
          || (first == 100 && second >= 64 && second < 128) // shared by carriers, RFC 6598
          || (first == 169 && second == 254)
          || Arrays.equals(bytes, AZURE_PLATFORM)
          || (first == 172 && second >= 16 && second < 32)
          || (first == 192 && second == 168)
          || (first == 192 && second == 0 && bytes[2] == 0)
          || (first == 198 && (second & 0xfe) == 18)
          || first >= 224;
    }
    boolean globalUnicast = (first & 0xe0) == 0x20;
    boolean embedsIpv4 =
        (first == 0x20 && second == 0x02)
            || (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0);
    return !globalUnicast || embedsIpv4;
  }

  private static InetAddress literal(String host) throws InvalidTenantException {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      throw new InvalidTenantException("the host of its base URL is no address", "base_url");
    }
  }
}
