package io.mantle.controlplane.xds;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.mantle.controlplane.database.RecordedExchanges;
import io.mantle.controlplane.database.UsageRepository;
import io.mantle.controlplane.snapshot.Snapshots;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC server that Envoys and sidecars connect to, on a Unix socket only its owner can open, on
 * a loopback port, or with TLS both ways on any. What it sends includes the providers' credentials.
 */
public final class XdsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(XdsServer.class);
  private static final int REQUEST_BYTES_MAX = 16 << 20;
  private static final int SOCKET_PATH_BYTES_MAX = 107;

  private final Server server;
  private final ExecutorService calls;
  private final @Nullable EventLoopGroup eventLoops;
  private final ScheduledExecutorService tlsFiles;
  private final ScheduledExecutorService heartbeats;

  private XdsServer(
      Server server,
      ExecutorService calls,
      @Nullable EventLoopGroup eventLoops,
      ScheduledExecutorService tlsFiles,
      ScheduledExecutorService heartbeats) {
    this.server = server;
    this.calls = calls;
    this.eventLoops = eventLoops;
    this.tlsFiles = tlsFiles;
    this.heartbeats = heartbeats;
  }

  /**
   * What the server serves, and where it notes what its peers say.
   *
   * @param age how long ago the snapshot was last known to be what the database says
   */
  public record Services(
      Snapshots snapshots,
      Supplier<Duration> age,
      UsageRepository usage,
      RecordedExchanges exchanges,
      SidecarVaults vaults,
      Peers envoys,
      Peers sidecars,
      MeterRegistry meters) {}

  /**
   * Listens on a Unix socket; a stale one is replaced.
   *
   * @throws IOException if the path is too long for a socket or cannot be used, or the platform has
   *     no Unix sockets for Netty
   */
  public static XdsServer onSocket(Path path, Services services) throws IOException {
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES_MAX) {
      throw new IOException(
          path + " is longer than the " + SOCKET_PATH_BYTES_MAX + " bytes a Unix socket may have");
    }
    if (!Epoll.isAvailable()) {
      throw new IOException("Unix sockets need Linux here; set MANTLE_XDS_LISTEN to host:port");
    }
    Files.createDirectories(
        path.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.deleteIfExists(path);
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    XdsServer server =
        start(
            NettyServerBuilder.forAddress(new DomainSocketAddress(path.toFile()))
                .channelType(EpollServerDomainSocketChannel.class)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops),
            services,
            loops,
            tlsFiles());
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return server;
  }

  /**
   * Listens on a TCP port, any free one where it is 0.
   *
   * @param tls empty on loopback alone
   */
  public static XdsServer onPort(String host, int port, Optional<MutualTls> tls, Services services)
      throws IOException {
    ScheduledExecutorService tlsFiles = tlsFiles();
    ServerCredentials credentials =
        tls.isPresent() ? tls.get().credentials(tlsFiles) : InsecureServerCredentials.create();
    return start(
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port), credentials),
        services,
        null,
        tlsFiles);
  }

  /** Its thread begins with the first file that is to be watched. */
  private static ScheduledExecutorService tlsFiles() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("tls-files").factory());
  }

  private static XdsServer start(
      NettyServerBuilder builder,
      Services services,
      @Nullable EventLoopGroup loops,
      ScheduledExecutorService tlsFiles)
      throws IOException {
    ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    PolicyStreamService policies =
        new PolicyStreamService(services.snapshots(), services.age(), services.sidecars());
    Server server =
        builder
            .executor(calls)
            .maxInboundMessageSize(REQUEST_BYTES_MAX)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .permitKeepAliveTime(5, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(new AdsService(services.snapshots(), services.envoys()))
            .addService(policies)
            .addService(new UsageReportService(services.usage(), services.meters()))
            .addService(new ExchangeRecordService(services.exchanges()))
            .addService(services.vaults().service())
            .build()
            .start();
    VersionMeters.register(
        services.meters(), services.snapshots(), services.envoys(), services.sidecars());
    ScheduledExecutorService heartbeats =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("policy-heartbeats").factory());
    var _ =
        heartbeats.scheduleWithFixedDelay(
            policies::beat,
            PolicyStreamService.HEARTBEAT_MILLIS,
            PolicyStreamService.HEARTBEAT_MILLIS,
            TimeUnit.MILLISECONDS);
    return new XdsServer(server, calls, loops, tlsFiles, heartbeats);
  }

  /** The TCP port; -1 on a Unix socket. */
  public int port() {
    return server.getPort();
  }

  /** Ends every stream at once: peers keep what they have and connect again. */
  @Override
  public void close() {
    heartbeats.shutdownNow();
    server.shutdownNow();
    try {
      server.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    calls.shutdownNow();
    tlsFiles.shutdownNow();
    if (eventLoops != null) {
      boolean stopped =
          eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
      if (!stopped) {
        LOG.warn("The event loop of the xDS socket did not stop");
      }
    }
  }
}
