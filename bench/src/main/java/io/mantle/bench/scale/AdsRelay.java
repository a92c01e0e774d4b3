package io.mantle.bench.scale;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;

/**
 * Stands between Envoy and the control plane, passes every message on as it is, and notes what was
 * sent and what Envoy acknowledged. Thread-safe.
 */
final class AdsRelay extends AggregatedDiscoveryServiceImplBase implements AutoCloseable {
  private static final String SCOPES =
      "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration";
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  private final ManagedChannel controlPlane;
  private final Server server;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong rejections = new AtomicLong();
  private final Set<String> ackedScopes = ConcurrentHashMap.newKeySet();
  private volatile ObjLongConsumer<String> onAck = (_, _) -> {};

  /**
   * Listens on a loopback port of its own.
   *
   * @param controlPlanePort on loopback; nothing need listen there yet
   */
  AdsRelay(int controlPlanePort) throws IOException {
    this.controlPlane =
        NettyChannelBuilder.forAddress("127.0.0.1", controlPlanePort)
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .build();
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .addService(this)
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  /** Bytes of all responses since the start, as protobuf. */
  long bytes() {
    return bytes.get();
  }

  /** How often Envoy refused something. */
  long rejections() {
    return rejections.get();
  }

  /** The scopes that Envoy took since {@link #forget}. */
  int ackedScopes() {
    return ackedScopes.size();
  }

  void forget() {
    ackedScopes.clear();
  }

  /** Is told the name of each scope, and the moment of its acknowledgement. */
  void onAck(ObjLongConsumer<String> listener) {
    onAck = listener;
  }

  @Override
  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
      StreamObserver<DeltaDiscoveryResponse> envoy) {
    Map<String, List<String>> sent = new ConcurrentHashMap<>();
    StreamObserver<DeltaDiscoveryRequest> asked =
        AggregatedDiscoveryServiceGrpc.newStub(controlPlane)
            .deltaAggregatedResources(
                new Passing<DeltaDiscoveryResponse>(envoy) {
                  @Override
                  void note(DeltaDiscoveryResponse response) {
                    bytes.addAndGet(response.getSerializedSize());
                    if (response.getTypeUrl().equals(SCOPES)) {
                      sent.put(
                          response.getNonce(),
                          response.getResourcesList().stream().map(Resource::getName).toList());
                    }
                  }
                });
    return new Passing<>(asked) {
      @Override
      void note(DeltaDiscoveryRequest request) {
        long now = System.nanoTime();
        List<String> names = sent.remove(request.getResponseNonce());
        if (request.hasErrorDetail()) {
          rejections.incrementAndGet();
        } else if (names != null) {
          ackedScopes.addAll(names);
          names.forEach(name -> onAck.accept(name, now));
        }
      }
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
    controlPlane.shutdownNow();
  }

  /** Passes on what it notes. */
  private abstract static class Passing<T> implements StreamObserver<T> {
    private final StreamObserver<T> to;

    private Passing(StreamObserver<T> to) {
      this.to = to;
    }

    abstract void note(T message);

    @Override
    public void onNext(T message) {
      note(message);
      to.onNext(message);
    }

    @Override
    public void onError(Throwable cause) {
      to.onError(cause);
    }

    @Override
    public void onCompleted() {
      to.onCompleted();
    }
  }
}
