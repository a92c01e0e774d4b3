package io.mantle.extproc.relay;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceStub;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.mantle.extproc.relay.RelayedType.Batch;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Envoy's stream, and the one to the control plane that is kept up on its behalf. Thread-safe.
 *
 * <p>An Envoy that starts first takes what was good last, type by type, clusters before what names
 * them. A type that Envoy has taken all of is handed over: the control plane is told what Envoy
 * holds, so that it sends the difference, deletions included, and from then on each of its
 * responses goes to Envoy and each answer, also a refusal with its reason, goes back. What is sent
 * next, and in which order, is the control plane's affair alone; so is what a refusal leads to.
 *
 * <p>When the control plane goes, Envoy's stream stays, silent. What Envoy still answers is
 * remembered, and when the control plane is back, it is told again what Envoy holds.
 */
final class EnvoyStream implements StreamObserver<DeltaDiscoveryRequest> {
  private static final Logger log = LoggerFactory.getLogger(EnvoyStream.class);
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;

  private final AggregatedDiscoveryServiceStub controlPlane;
  private final LastGoodConfig config;
  private final ScheduledExecutorService retries;
  private final ServerCallStreamObserver<DeltaDiscoveryResponse> envoy;
  private final Map<ConfigType, RelayedType> types = new EnumMap<>(ConfigType.class);
  private Node node = Node.getDefaultInstance();
  private @Nullable ControlStream control;
  private long controlStreams;
  private long lastGoodNonces;
  private long retryMillis = RETRY_MILLIS_MIN;
  private boolean begun;
  private boolean closed;

  EnvoyStream(
      AggregatedDiscoveryServiceStub controlPlane,
      LastGoodConfig config,
      ScheduledExecutorService retries,
      ServerCallStreamObserver<DeltaDiscoveryResponse> envoy) {
    this.controlPlane = controlPlane;
    this.config = config;
    this.retries = retries;
    this.envoy = envoy;
    envoy.setOnCancelHandler(this::close);
  }

  @Override
  public synchronized void onNext(DeltaDiscoveryRequest request) {
    ConfigType asked = ConfigType.of(request.getTypeUrl());
    if (closed || asked == null) {
      return;
    }
    if (!begun) {
      begun = true;
      node = request.getNode();
      connect();
    }
    RelayedType type =
        types.computeIfAbsent(
            asked, _ -> new RelayedType(asked, request.getInitialResourceVersionsMap(), config));
    Batch batch = type.answered(request.getResponseNonce());
    if (batch != null) {
      settle(type, batch, request);
    }
    proceed();
  }

  private void settle(RelayedType type, Batch batch, DeltaDiscoveryRequest answer) {
    if (!answer.hasErrorDetail()) {
      type.took(batch);
    } else if (batch.from() == 0) {
      log.warn(
          "Envoy refused {} of last good: {}", type.type(), answer.getErrorDetail().getMessage());
      type.refusedLastGood(batch);
    }
    // What came by an earlier stream is not waited for any more; the next one was told of it.
    if (control != null && batch.from() == control.number) {
      control.answer(type.type(), batch.nonce(), answer);
    }
  }

  private void proceed() {
    RelayedType clusters = types.get(ConfigType.CLUSTER);
    for (RelayedType type : types.values()) {
      if (type != clusters && clusters != null && clusters.isBehindLastGood()) {
        return;
      }
      List<Resource> next = type.nextOfLastGood();
      if (next != null) {
        sendLastGood(type, next);
      }
      if (control == null || type.isBehindLastGood() || !type.isAnswered()) {
        continue;
      }
      if (type == clusters || clusters == null || control.has(ConfigType.CLUSTER)) {
        control.subscribe(type);
      }
    }
  }

  private void sendLastGood(RelayedType type, List<Resource> resources) {
    String nonce = "last-good-" + ++lastGoodNonces;
    type.sent(nonce, new Batch(0, nonce, resources, List.of()));
    envoy.onNext(
        DeltaDiscoveryResponse.newBuilder()
            .setTypeUrl(type.type().url())
            .setNonce(nonce)
            .setSystemVersionInfo("last-good")
            .addAllResources(resources)
            .build());
  }

  private synchronized void connect() {
    if (!closed) {
      ControlStream next = new ControlStream(++controlStreams);
      control = next;
      var _ = controlPlane.deltaAggregatedResources(next);
      proceed();
    }
  }

  private synchronized void lost(ControlStream stream, Status why) {
    if (closed || control != stream) {
      return;
    }
    control = null;
    log.warn("the control plane's ADS ended ({}); again in {} ms", why.getCode(), retryMillis);
    try {
      var _ = retries.schedule(this::connect, retryMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the relay is closing");
    }
    retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
  }

  @Override
  public void onError(Throwable cause) {
    close();
  }

  @Override
  public void onCompleted() {
    close();
    envoy.onCompleted();
  }

  private synchronized void close() {
    closed = true;
    if (control != null) {
      control.cancel();
    }
  }

  /** A stream to the control plane, which sees in it Envoy. */
  private final class ControlStream
      implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
    private final long number;
    private final Map<ConfigType, RelayedType> subscribed = new EnumMap<>(ConfigType.class);

    @SuppressWarnings("NullAway.Init") // beforeStart comes first
    private ClientCallStreamObserver<DeltaDiscoveryRequest> requests;

    private ControlStream(long number) {
      this.number = number;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> stream) {
      requests = stream;
    }

    private boolean has(ConfigType type) {
      return subscribed.containsKey(type);
    }

    private void subscribe(RelayedType type) {
      if (subscribed.putIfAbsent(type.type(), type) == null) {
        requests.onNext(
            DeltaDiscoveryRequest.newBuilder()
                .setNode(node)
                .setTypeUrl(type.type().url())
                .putAllInitialResourceVersions(type.heldVersions())
                .build());
      }
    }

    private void answer(ConfigType type, String nonce, DeltaDiscoveryRequest answer) {
      DeltaDiscoveryRequest.Builder request =
          DeltaDiscoveryRequest.newBuilder().setTypeUrl(type.url()).setResponseNonce(nonce);
      if (answer.hasErrorDetail()) {
        request.setErrorDetail(answer.getErrorDetail());
      }
      requests.onNext(request.build());
    }

    private void cancel() {
      requests.cancel("Envoy left", null);
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
      synchronized (EnvoyStream.this) {
        ConfigType told = ConfigType.of(response.getTypeUrl());
        RelayedType type = told == null ? null : subscribed.get(told);
        if (closed || control != this || type == null) {
          return;
        }
        retryMillis = RETRY_MILLIS_MIN;
        // Nonces begin anew with each stream of the control plane, but not with Envoy's.
        String nonce = number + "-" + response.getNonce();
        type.sent(
            nonce,
            new Batch(
                number,
                response.getNonce(),
                response.getResourcesList(),
                response.getRemovedResourcesList()));
        envoy.onNext(response.toBuilder().setNonce(nonce).build());
      }
    }

    @Override
    public void onError(Throwable cause) {
      lost(this, Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      synchronized (EnvoyStream.this) {
        requests.onCompleted();
        lost(this, Status.OK);
      }
    }
  }
}
