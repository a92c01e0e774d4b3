package io.mantle.vault.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one connection to Redis that all threads share, made when it is first needed and again
 * whenever it broke. While there is none nothing waits for it: what is asked fails at once.
 */
public final class RedisConnection implements AutoCloseable {
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.ASCII, ByteArrayCodec.INSTANCE);

  /** Questions that wait for their answers; further ones fail. */
  private static final int QUESTIONS_WAITING_MAX = 10_000;

  private static final Duration RECONNECT_DELAY_MIN = Duration.ofMillis(50);
  private static final Duration RECONNECT_DELAY_MAX = Duration.ofSeconds(1);
  private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);

  private final ClientResources resources;
  private final AbstractRedisClient client;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable Connected connected;

  /** A connection, and how it is asked; a single node's and a cluster's have this in common. */
  private record Connected(
      StatefulConnection<String, byte[]> connection,
      RedisClusterAsyncCommands<String, byte[]> commands) {}

  /** Makes no connection yet. */
  public RedisConnection(RedisAddress address, RedisTimes times) {
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(2)
            .computationThreadPoolSize(2)
            .reconnectDelay(
                Delay.exponential(
                    RECONNECT_DELAY_MIN, RECONNECT_DELAY_MAX, 2, TimeUnit.MILLISECONDS))
            .build();
    List<RedisURI> nodes = address.nodes(times.commandTimeout());
    if (address.isCluster()) {
      RedisClusterClient cluster = RedisClusterClient.create(resources, nodes);
      cluster.setOptions(clusterOptions(times));
      client = cluster;
    } else {
      RedisClient single = RedisClient.create(resources, nodes.getFirst());
      // Not kept until there is a connection again: whoever asked has long been refused by then. In
      // a cluster they must be kept until the time-out, since each node's connection is made by the
      // first question to it.
      single.setOptions(
          options(ClientOptions.builder(), times)
              .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
              .build());
      client = single;
    }
  }

  private static <B extends ClientOptions.Builder> B options(B builder, RedisTimes times) {
    builder
        .autoReconnect(true)
        .requestQueueSize(QUESTIONS_WAITING_MAX)
        .timeoutOptions(TimeoutOptions.enabled(times.commandTimeout()))
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(times.connectTimeout())
                .tcpNoDelay(true)
                .keepAlive(true)
                .build());
    return builder;
  }

  private static ClusterClientOptions clusterOptions(RedisTimes times) {
    return options(ClusterClientOptions.builder(), times)
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder().enablePeriodicRefresh(TOPOLOGY_REFRESH).build())
        .build();
  }

  /**
   * How Redis is asked.
   *
   * @throws RedisException if there is no connection, and none could be made within the time-out,
   *     or another thread is about to make it
   */
  public RedisClusterAsyncCommands<String, byte[]> commands() {
    Connected known = connected;
    if (known != null) {
      return known.commands();
    }
    if (!connecting.tryLock()) {
      throw new RedisException("connecting");
    }
    try {
      Connected made = connected;
      if (made == null) {
        made = connect();
        connected = made;
      }
      return made.commands();
    } finally {
      connecting.unlock();
    }
  }

  /** How Redis is asked; null where there was no connection yet. Never waits. */
  public @Nullable RedisClusterAsyncCommands<String, byte[]> commandsIfConnected() {
    Connected known = connected;
    return known == null ? null : known.commands();
  }

  private Connected connect() {
    return switch (client) {
      case RedisClient single -> {
        StatefulRedisConnection<String, byte[]> connection = single.connect(CODEC);
        yield new Connected(connection, connection.async());
      }
      case RedisClusterClient cluster -> {
        StatefulRedisClusterConnection<String, byte[]> connection = cluster.connect(CODEC);
        yield new Connected(connection, connection.async());
      }
      default -> throw new IllegalStateException("a client of another kind");
    };
  }

  @Override
  public void close() {
    Connected known = connected;
    if (known != null) {
      known.connection().close();
    }
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    var _ = resources.shutdown(0, 1, TimeUnit.SECONDS);
  }
}
