package io.mantle.extproc.scripted;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PolicyRequest;
import io.mantle.proto.policy.v1.PolicyServiceGrpc.PolicyServiceImplBase;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.ReportUsageResponse;
import io.mantle.proto.usage.v1.UsageServiceGrpc.UsageServiceImplBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A control plane that says what the test tells it to, over the real protocol on loopback. */
public final class ControlPlane implements AutoCloseable {
  private static final long WAIT_SECONDS = 10;

  private final BlockingQueue<PolicyStream> streams = new LinkedBlockingQueue<>();
  private final BlockingQueue<ReportUsageRequest> batches = new LinkedBlockingQueue<>();
  private final Function<ReportUsageRequest, Status> usage;
  private final ManagedChannel channel;
  private final int port;
  private @Nullable Server server;

  /** One that takes every batch of usage. */
  public static ControlPlane start() throws IOException {
    return start(_ -> Status.OK);
  }

  /**
   * One that answers usage as it is told.
   *
   * @param usage what a batch is answered with
   */
  public static ControlPlane start(Function<ReportUsageRequest, Status> usage) throws IOException {
    return new ControlPlane(usage);
  }

  private ControlPlane(Function<ReportUsageRequest, Status> usage) throws IOException {
    this.usage = usage;
    Server first = serve(0);
    server = first;
    port = first.getPort();
    channel = NettyChannelBuilder.forAddress(loopback(port)).usePlaintext().build();
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** Goes away, all streams broken. */
  public void stop() throws InterruptedException {
    Server running = server;
    if (running != null) {
      running.shutdownNow();
      running.awaitTermination(WAIT_SECONDS, TimeUnit.SECONDS);
      server = null;
    }
  }

  /** Comes back where it was. */
  public void restart() throws IOException {
    server = serve(port);
    channel.resetConnectBackoff();
  }

  /** The next subscription. */
  public PolicyStream subscription() throws InterruptedException {
    return taken(streams);
  }

  /** The next batch of usage. */
  public ReportUsageRequest batch() throws InterruptedException {
    return taken(batches);
  }

  private Server serve(int atPort) throws IOException {
    return NettyServerBuilder.forAddress(loopback(atPort))
        .addService(policyService())
        .addService(usageService())
        .build()
        .start();
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private BindableService policyService() {
    return new PolicyServiceImplBase() {
      @Override
      public StreamObserver<PolicyRequest> streamPolicies(StreamObserver<PolicyDelta> deltas) {
        PolicyStream stream = new PolicyStream(deltas);
        streams.add(stream);
        return stream;
      }
    };
  }

  private BindableService usageService() {
    return new UsageServiceImplBase() {
      @Override
      public void reportUsage(
          ReportUsageRequest batch, StreamObserver<ReportUsageResponse> response) {
        batches.add(batch);
        Status status = usage.apply(batch);
        if (status.isOk()) {
          response.onNext(ReportUsageResponse.getDefaultInstance());
          response.onCompleted();
        } else {
          response.onError(status.asRuntimeException());
        }
      }
    };
  }

  /** One subscription, seen from the control plane. */
  public static final class PolicyStream implements StreamObserver<PolicyRequest> {
    private final StreamObserver<PolicyDelta> deltas;
    private final BlockingQueue<PolicyRequest> requests = new LinkedBlockingQueue<>();

    private PolicyStream(StreamObserver<PolicyDelta> deltas) {
      this.deltas = deltas;
    }

    public PolicyRequest request() throws InterruptedException {
      return taken(requests);
    }

    public void push(PolicyDelta delta) {
      deltas.onNext(delta);
    }

    /** Ends it cleanly. */
    public void complete() {
      deltas.onCompleted();
    }

    @Override
    public void onNext(PolicyRequest request) {
      requests.add(request);
    }

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }

  private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
    T item = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (item == null) {
      throw new AssertionError("nothing came");
    }
    return item;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    Server running = server;
    if (running != null) {
      running.shutdownNow();
    }
  }
}
