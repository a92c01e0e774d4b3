package io.mantle.controlplane.xds;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.mantle.controlplane.snapshot.Snapshot;
import io.mantle.controlplane.snapshot.Snapshots;
import io.mantle.controlplane.snapshot.Versioned;
import io.mantle.controlplane.xds.DeltaCursor.Batch;
import io.mantle.controlplane.xds.DeltaCursor.Kind;
import io.mantle.proto.policy.v1.Ack;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PolicyRequest;
import io.mantle.proto.policy.v1.PolicyServiceGrpc.PolicyServiceImplBase;
import io.mantle.proto.policy.v1.Subscribe;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Streams every tenant's policy to the sidecars: first what differs from what a sidecar holds, then
 * each change. One delta is on its way at a time, and it is made only when the transport can take
 * it, so a slow sidecar costs nothing but its own delay.
 *
 * <p>A sidecar that holds all there is is told every {@value #HEARTBEAT_MILLIS} ms how old that is,
 * so that its policies age while the database is away and also where heartbeats merely stop.
 */
final class PolicyStreamService extends PolicyServiceImplBase {
  static final long HEARTBEAT_MILLIS = 1_000;

  static final String KIND = "policy";

  private final Snapshots snapshots;
  private final Supplier<Duration> age;
  private final Peers sidecars;
  private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();

  /**
   * Serves what is published.
   *
   * @param age how long ago the latest snapshot was last known to be what the database says
   */
  PolicyStreamService(Snapshots snapshots, Supplier<Duration> age, Peers sidecars) {
    this.snapshots = snapshots;
    this.age = age;
    this.sidecars = sidecars;
  }

  /** Tells every sidecar that holds all there is how old it is. */
  void beat() {
    subscribers.forEach(Subscriber::beat);
  }

  @Override
  public StreamObserver<PolicyRequest> streamPolicies(StreamObserver<PolicyDelta> deltas) {
    return new Subscriber((ServerCallStreamObserver<PolicyDelta>) deltas);
  }

  /** One sidecar's stream. */
  private final class Subscriber implements StreamObserver<PolicyRequest> {
    private final ServerCallStreamObserver<PolicyDelta> deltas;
    private final Consumer<Snapshot> follow = this::follow;
    private @Nullable DeltaCursor<TenantPolicy> cursor;
    private Peers.@Nullable Connection connection;
    private Optional<Long> sentForChangeAtNanos = Optional.empty();
    private boolean follows;
    private long nonces;
    private boolean completeUnderway;
    private boolean knowsComplete;
    private boolean toldNothing;
    private boolean wantsHeartbeats;
    private boolean closed;

    private Subscriber(ServerCallStreamObserver<PolicyDelta> deltas) {
      this.deltas = deltas;
      deltas.setOnReadyHandler(this::pump);
      deltas.setOnCancelHandler(this::close);
    }

    @Override
    public synchronized void onNext(PolicyRequest request) {
      switch (request.getKindCase()) {
        case SUBSCRIBE -> subscribe(request.getSubscribe());
        case ACK -> answered(request.getAck());
        case KIND_NOT_SET -> refuse("a request is either a subscription or an acknowledgement");
      }
    }

    private void subscribe(Subscribe subscribe) {
      if (cursor != null) {
        refuse("a stream subscribes once");
        return;
      }
      cursor = new DeltaCursor<>(subscribe.getHeldVersionsMap());
      connection = sidecars.connect(subscribe.getNodeId());
      wantsHeartbeats = subscribe.getHeartbeats();
      subscribers.add(this);
      snapshots.subscribe(follow);
      snapshots.latest().ifPresent(this::follow);
    }

    private void answered(Ack ack) {
      DeltaCursor<TenantPolicy> current = cursor;
      Peers.Connection from = connection;
      if (current == null || from == null) {
        refuse("the first request is a subscription");
        return;
      }
      if (!current.isUnderway() || !ack.getNonce().equals(Long.toString(nonces))) {
        refuse("there is no delta with the nonce that was answered");
        return;
      }
      if (ack.getRejectedBecause().isEmpty()) {
        current.accepted();
        knowsComplete |= completeUnderway;
        sentForChangeAtNanos.ifPresent(heardAtNanos -> from.tookEffect(KIND, heardAtNanos));
        if (current.isInSync()) {
          from.acked(KIND, current.currentVersion());
        }
      } else {
        current.rejected();
        from.rejected(KIND, ack.getRejectedBecause());
      }
      from.refuses(KIND, current.refused(Peers.REFUSED_NAMES_MAX));
      pump();
    }

    private synchronized void follow(Snapshot next) {
      if (cursor != null) {
        cursor.follow(next.policies(), next.changedAtNanos());
        follows = true;
        pump();
      }
    }

    private synchronized void pump() {
      DeltaCursor<TenantPolicy> current = cursor;
      if (closed || current == null || !follows || current.isUnderway() || !deltas.isReady()) {
        return;
      }
      // Before the batch is made: a change that is heard of meanwhile is then newer, not missing.
      long ageMillis = age.get().toMillis();
      Optional<Batch<TenantPolicy>> batch = current.next(Kind.ALL);
      if (batch.isEmpty() && !knowsComplete && !toldNothing) {
        // Also where what would have said so was refused: the rest is all there is.
        toldNothing = true;
        batch = Optional.of(current.nothing());
      }
      if (batch.isPresent()) {
        sentForChangeAtNanos = batch.get().heardAtNanos();
        completeUnderway = current.isLastUnderway();
        deltas.onNext(delta(batch.get(), completeUnderway, ageMillis));
      }
    }

    private synchronized void beat() {
      long ageMillis = age.get().toMillis();
      DeltaCursor<TenantPolicy> current = cursor;
      if (!closed
          && wantsHeartbeats
          && knowsComplete
          && current != null
          && !current.isBehind(Kind.ALL)
          && deltas.isReady()) {
        deltas.onNext(PolicyDelta.newBuilder().setAgeMillis(ageMillis).build());
      }
    }

    private PolicyDelta delta(Batch<TenantPolicy> batch, boolean complete, long ageMillis) {
      PolicyDelta.Builder delta =
          PolicyDelta.newBuilder()
              .setNonce(Long.toString(++nonces))
              .addAllRemovedTenantIds(batch.removed())
              .setComplete(complete);
      if (complete) {
        delta.setAgeMillis(ageMillis);
      }
      batch.changed().stream().map(Versioned::message).forEach(delta::addChanged);
      return delta.build();
    }

    private void refuse(String why) {
      if (!closed) {
        close();
        deltas.onError(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
      }
    }

    @Override
    public void onError(Throwable cause) {
      close();
    }

    @Override
    public synchronized void onCompleted() {
      if (!closed) {
        close();
        deltas.onCompleted();
      }
    }

    private synchronized void close() {
      closed = true;
      subscribers.remove(this);
      snapshots.unsubscribe(follow);
      if (connection != null) {
        connection.close();
      }
    }
  }
}
