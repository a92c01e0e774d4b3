package io.mantle.extproc;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/** gRPC over Unix sockets, which needs Netty's epoll transport (Linux). */
final class UnixOrTcp {
  static final String UNIX = "unix:";

  private UnixOrTcp() {}

  /** Whether {@code HOST:PORT} is on this machine; not where the host has no address. */
  static boolean isLoopback(String hostAndPort) {
    try {
      String host = URI.create("tcp://" + hostAndPort).getHost();
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (IllegalArgumentException | UnknownHostException e) {
      return false;
    }
  }

  /**
   * A channel to {@code unix:PATH} or {@code HOST:PORT}.
   *
   * @param credentials of the two, or none
   */
  static ManagedChannel channel(
      String target, ChannelCredentials credentials, EventLoopGroup threads) {
    NettyChannelBuilder builder =
        target.startsWith(UNIX)
            ? NettyChannelBuilder.forAddress(
                    new DomainSocketAddress(target.substring(UNIX.length())), credentials)
                .overrideAuthority("control-plane")
            : NettyChannelBuilder.forTarget(target, credentials);
    if (target.startsWith(UNIX)) {
      builder
          .eventLoopGroup(threads)
          .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class);
    }
    return builder.maxInboundMessageSize(64 << 20).keepAliveTime(10, TimeUnit.SECONDS).build();
  }

  /**
   * A server on a Unix socket that only this user may open. What an earlier process left there is
   * removed.
   */
  static ServerBuilder<?> server(Path socket, EventLoopGroup acceptor, EventLoopGroup threads)
      throws IOException {
    Files.deleteIfExists(socket);
    return NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .channelType(EpollServerDomainSocketChannel.class)
        .bossEventLoopGroup(acceptor)
        .workerEventLoopGroup(threads);
  }

  static void restrict(Path socket) throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
  }

  static EventLoopGroup threads(int count) {
    return new MultiThreadIoEventLoopGroup(count, EpollIoHandler.newFactory());
  }

  static void stop(Server server) throws InterruptedException {
    server.shutdown();
    if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
      server.shutdownNow();
    }
  }
}
