package io.mantle.vault.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where Redis is: {@code redis://[user:password@]host:port[/database]}, {@code rediss://} for TLS,
 * {@code redis-socket://path}, {@code redis-sentinel://...}; or, with {@code +cluster} after the
 * scheme, the nodes of a cluster by which the others are found, parted by commas. Prints no
 * password.
 */
public final class RedisAddress {
  private static final String CLUSTER = "+cluster://";
  private static final int NODES_MAX = 64;

  private final List<RedisURI> nodes;
  private final boolean cluster;

  private RedisAddress(List<RedisURI> nodes, boolean cluster) {
    this.nodes = List.copyOf(nodes);
    this.cluster = cluster;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException if it is none; the message holds nothing of it
   */
  public static RedisAddress parse(String url) {
    int cluster = url.indexOf(CLUSTER);
    try {
      if (cluster < 0) {
        return new RedisAddress(List.of(RedisURI.create(url)), false);
      }
      String scheme = url.substring(0, cluster) + "://";
      String[] hosts = url.substring(cluster + CLUSTER.length()).split(",", NODES_MAX + 1);
      if (hosts.length > NODES_MAX) {
        throw new IllegalArgumentException("too many nodes");
      }
      List<RedisURI> nodes = new ArrayList<>();
      for (String host : hosts) {
        nodes.add(RedisURI.create(scheme + host));
      }
      return new RedisAddress(nodes, true);
    } catch (RuntimeException e) {
      // Without the cause, which quotes the address and its password.
      throw new IllegalArgumentException(
          "not an address as redis://host:port, rediss://user:password@host:port or"
              + " rediss+cluster://host:port,host:port");
    }
  }

  boolean isCluster() {
    return cluster;
  }

  /** For one client; the command time-out is in each. */
  List<RedisURI> nodes(Duration timeout) {
    List<RedisURI> copies = new ArrayList<>();
    for (RedisURI node : nodes) {
      RedisURI copy = RedisURI.builder(node).withTimeout(timeout).build();
      copies.add(copy);
    }
    return copies;
  }

  @Override
  public String toString() {
    return "RedisAddress[" + nodes.size() + (cluster ? " nodes of a cluster]" : " node]");
  }
}
