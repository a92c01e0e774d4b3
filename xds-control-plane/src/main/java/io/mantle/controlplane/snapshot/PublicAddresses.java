package io.mantle.controlplane.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are of the public Internet and stand for one host. One table, by which both this
 * code and Envoy judge: of IPv4 everything but what is reserved, of IPv6 global unicast alone, but
 * for what carries an IPv4 address.
 */
final class PublicAddresses {
  private static final Block ANY_IPV4 = Block.of("0.0.0.0/0");
  private static final List<Block> IPV4_RESERVED =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10", // shared by carriers, RFC 6598
              "127.0.0.0/8",
              "168.63.129.16/32", // answers every virtual machine of Azure, and nobody else
              "169.254.0.0/16", // link-local, where clouds keep their metadata
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "224.0.0.0/3")
          .map(Block::of)
          .toList();
  private static final Block GLOBAL_UNICAST = Block.of("2000::/3");
  private static final List<Block> CARRYING_IPV4 =
      Stream.of("2001::/32", "2002::/16").map(Block::of).toList();

  private PublicAddresses() {}

  /**
   * Whether an address is one of them. An IPv4-mapped one is never seen here, as {@link
   * InetAddress} makes it the IPv4 address that it means.
   */
  static boolean contain(InetAddress address) {
    return isWithin(address, ANY_IPV4, IPV4_RESERVED)
        || isWithin(address, GLOBAL_UNICAST, CARRYING_IPV4);
  }

  private static boolean isWithin(InetAddress address, Block block, List<Block> except) {
    return block.contains(address) && except.stream().noneMatch(one -> one.contains(address));
  }

  /** The same judgement for Envoy, of the address that it is about to connect to. */
  static Permission permission() {
    return Permission.newBuilder()
        .setOrRules(
            Permission.Set.newBuilder()
                .addRules(within(ANY_IPV4, IPV4_RESERVED))
                .addRules(within(GLOBAL_UNICAST, CARRYING_IPV4)))
        .build();
  }

  private static Permission within(Block block, List<Block> except) {
    Permission.Set.Builder excepted = Permission.Set.newBuilder();
    except.forEach(one -> excepted.addRules(one.permission()));
    return Permission.newBuilder()
        .setAndRules(
            Permission.Set.newBuilder()
                .addRules(block.permission())
                .addRules(
                    Permission.newBuilder()
                        .setNotRule(Permission.newBuilder().setOrRules(excepted))))
        .build();
  }

  /** All addresses of one family that begin with the same bits. */
  private record Block(InetAddress first, int prefixBits) {

    private static Block of(String cidr) {
      int slash = cidr.indexOf('/');
      return new Block(
          InetAddress.ofLiteral(cidr.substring(0, slash)),
          Integer.parseInt(cidr.substring(slash + 1)));
    }

    private boolean contains(InetAddress address) {
      byte[] one = address.getAddress();
      byte[] other = first.getAddress();
      if (one.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < prefixBits; bit++) {
        if (((one[bit / 8] ^ other[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
          return false;
        }
      }
      return true;
    }

    private Permission permission() {
      UpstreamIpPortMatcher matcher =
          UpstreamIpPortMatcher.newBuilder()
              .setUpstreamIp(
                  CidrRange.newBuilder()
                      .setAddressPrefix(first.getHostAddress())
                      .setPrefixLen(UInt32Value.of(prefixBits)))
              .build();
      return Permission.newBuilder()
          .setMatcher(
              TypedExtensionConfig.newBuilder()
                  .setName("envoy.rbac.matchers.upstream_ip_port")
                  .setTypedConfig(Any.pack(matcher)))
          .build();
    }
  }
}
