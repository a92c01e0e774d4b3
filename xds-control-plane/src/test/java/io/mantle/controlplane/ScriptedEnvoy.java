package io.mantle.controlplane;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A delta ADS client that says what a test tells it to. */
final class ScriptedEnvoy implements AutoCloseable, StreamObserver<DeltaDiscoveryResponse> {
  static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
  static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
  static final String SCOPE = "type.googleapis.com/envoy.config.route.v3.ScopedRouteConfiguration";

  private final String nodeId;
  private final ManagedChannel channel;
  private final StreamObserver<DeltaDiscoveryRequest> requests;
  private final BlockingQueue<DeltaDiscoveryResponse> responses = new LinkedBlockingQueue<>();

  ScriptedEnvoy(String nodeId, Address address) {
    if (!(address instanceof Address.Tcp tcp)) {
      throw new IllegalArgumentException("this client speaks TCP");
    }
    this.nodeId = nodeId;
    this.channel = NettyChannelBuilder.forAddress(tcp.host(), tcp.port()).usePlaintext().build();
    this.requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
  }

  void subscribe(String type, Map<String, String> heldVersions) {
    requests.onNext(
        DeltaDiscoveryRequest.newBuilder()
            .setNode(Node.newBuilder().setId(nodeId))
            .setTypeUrl(type)
            .putAllInitialResourceVersions(heldVersions)
            .build());
  }

  void ack(DeltaDiscoveryResponse response) {
    requests.onNext(answer(response).build());
  }

  void nack(DeltaDiscoveryResponse response, String reason) {
    requests.onNext(
        answer(response)
            .setErrorDetail(Status.newBuilder().setCode(13).setMessage(reason))
            .build());
  }

  private static DeltaDiscoveryRequest.Builder answer(DeltaDiscoveryResponse response) {
    return DeltaDiscoveryRequest.newBuilder()
        .setTypeUrl(response.getTypeUrl())
        .setResponseNonce(response.getNonce());
  }

  /** The next response, of this type. */
  DeltaDiscoveryResponse next(String type) throws InterruptedException {
    DeltaDiscoveryResponse response = responses.poll(5, TimeUnit.SECONDS);
    if (response == null || !response.getTypeUrl().equals(type)) {
      throw new AssertionError("expected " + type + ", got " + response);
    }
    return response;
  }

  /** The next response, of this type, acknowledged. */
  DeltaDiscoveryResponse take(String type) throws InterruptedException {
    DeltaDiscoveryResponse response = next(type);
    ack(response);
    return response;
  }

  /** What comes within this time, null where nothing does. */
  @Nullable DeltaDiscoveryResponse poll(Duration within) throws InterruptedException {
    return responses.poll(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  static List<String> names(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream().map(Resource::getName).toList();
  }

  static Map<String, String> versions(DeltaDiscoveryResponse response) {
    return response.getResourcesList().stream()
        .collect(java.util.stream.Collectors.toMap(Resource::getName, Resource::getVersion));
  }

  @Override
  public void onNext(DeltaDiscoveryResponse response) {
    responses.add(response);
  }

  @Override
  public void onError(Throwable cause) {}

  @Override
  public void onCompleted() {}

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
