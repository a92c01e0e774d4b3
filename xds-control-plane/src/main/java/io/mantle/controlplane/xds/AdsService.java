package io.mantle.controlplane.xds;

import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.mantle.controlplane.snapshot.Snapshots;
import java.util.List;

/**
 * ADS, delta only. Each stream has a discovery server to itself, since the library tells its {@link
 * io.envoyproxy.controlplane.cache.ConfigWatcher} what is asked but not on which stream.
 */
final class AdsService extends AggregatedDiscoveryServiceImplBase {
  private final Snapshots snapshots;
  private final Peers envoys;

  AdsService(Snapshots snapshots, Peers envoys) {
    this.snapshots = snapshots;
    this.envoys = envoys;
  }

  @Override
  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
      StreamObserver<DeltaDiscoveryResponse> responses) {
    AdsStream stream = new AdsStream(snapshots, envoys);
    return new SingleStreamServer(stream)
        .getAggregatedDiscoveryServiceImpl()
        .deltaAggregatedResources(responses);
  }

  @Override
  public StreamObserver<DiscoveryRequest> streamAggregatedResources(
      StreamObserver<DiscoveryResponse> responses) {
    responses.onError(
        Status.UNIMPLEMENTED
            .withDescription("only delta ADS is served: set api_type: DELTA_GRPC")
            .asRuntimeException());
    return new StreamObserver<>() {
      @Override
      public void onNext(DiscoveryRequest request) {}

      @Override
      public void onError(Throwable cause) {}

      @Override
      public void onCompleted() {}
    };
  }

  /**
   * Puts the resources into each response itself: the library would serialise every one anew for
   * every Envoy, and knows no scoped routes.
   */
  private static final class SingleStreamServer extends V3DiscoveryServer {
    private final AdsStream stream;

    private SingleStreamServer(AdsStream stream) {
      super(stream, stream);
      this.stream = stream;
    }

    @Override
    public DeltaDiscoveryResponse makeDeltaResponse(
        String typeUrl,
        String version,
        String nonce,
        List<Resource> resources,
        List<String> removedResources) {
      return super.makeDeltaResponse(typeUrl, version, nonce, stream.leaving(), removedResources);
    }
  }
}
