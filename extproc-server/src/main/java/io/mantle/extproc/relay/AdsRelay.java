package io.mantle.extproc.relay;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Channel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.mantle.extproc.lastgood.LastGoodFolder;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Serves delta ADS to the Envoy beside this process, from the control plane while it is there and
 * from what Envoy took last while it is not.
 *
 * <p>It judges nothing: what Envoy has not taken is not kept, and what is kept has no time limit of
 * its own, since a route alone lets no request pass.
 */
public final class AdsRelay extends AggregatedDiscoveryServiceImplBase implements AutoCloseable {
  private final AggregatedDiscoveryServiceStub controlPlane;
  private final LastGoodConfig config;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ads-relay").factory());

  /**
   * A relay that knows what Envoy took before this process started.
   *
   * @param folder null to know nothing of that
   */
  public AdsRelay(Channel controlPlane, @Nullable LastGoodFolder folder) {
    this.controlPlane = AggregatedDiscoveryServiceGrpc.newStub(controlPlane);
    this.config = new LastGoodConfig(folder);
  }

  @Override
  public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
      StreamObserver<DeltaDiscoveryResponse> responses) {
    return new EnvoyStream(
        controlPlane,
        config,
        retries,
        (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses);
  }

  /** Connects no more; writes what is still to be written. */
  @Override
  public void close() {
    retries.shutdownNow();
    config.close();
  }
}
