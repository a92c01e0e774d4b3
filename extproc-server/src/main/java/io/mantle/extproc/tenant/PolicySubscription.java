package io.mantle.extproc.tenant;

import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.mantle.extproc.lastgood.SealedJournal;
import io.mantle.privacy.detect.SecondTier;
import io.mantle.proto.policy.v1.Ack;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PolicyRequest;
import io.mantle.proto.policy.v1.PolicyServiceGrpc;
import io.mantle.proto.policy.v1.Subscribe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link PolicyBook} equal to what the control plane pushes.
 *
 * <p>While the control plane is away the book stays as it is, and ages, and the subscription comes
 * back by itself, naming the versions it holds, so that only what changed is sent again.
 *
 * <p>A delta that cannot be read whole is refused whole, with the reason. Of a tenant whose policy
 * is refused, or not known to the control plane either, what is held goes on {@linkplain Tightening
 * tightened}, and ages from then on, though all others are current: beyond the limit its requests
 * are refused.
 *
 * <p>A book that is still empty is given what was good last at {@link #start}, to go on from. It
 * comes into force when the control plane has sent the difference, or when it does not answer.
 */
public final class PolicySubscription implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PolicySubscription.class);
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;

  /** For a control plane that neither answers nor refuses to. */
  private static final long ANSWER_MILLIS_MAX = 3_000;

  private final ManagedChannel channel;
  private final PolicyServiceGrpc.PolicyServiceStub control;
  private final String nodeId;
  private final PolicyBook book;
  private final @Nullable SecondTier deep;
  private final @Nullable LastGoodPolicies lastGood;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("policy-subscription").factory());
  private volatile long retryMillis = RETRY_MILLIS_MIN;
  private volatile boolean toldStale;

  /**
   * A subscription that has not begun.
   *
   * @param deep the deep tier, or null where there is none: then policies that ask for it are
   *     refused
   * @param lastGood what is kept for the next start, or null where nothing is
   */
  public PolicySubscription(
      ManagedChannel channel,
      String nodeId,
      PolicyBook book,
      @Nullable SecondTier deep,
      @Nullable LastGoodPolicies lastGood) {
    this.channel = channel;
    this.control = PolicyServiceGrpc.newStub(channel);
    this.nodeId = nodeId;
    this.book = book;
    this.deep = deep;
    this.lastGood = lastGood;
  }

  /** Subscribes, and again whenever the stream ends. */
  public void start() {
    if (lastGood != null) {
      take(lastGood.load());
    }
    long noteMillis = book.freshness().noteEvery().toMillis();
    var _ =
        retries.scheduleWithFixedDelay(this::note, noteMillis, noteMillis, TimeUnit.MILLISECONDS);
    var _ = retries.schedule(this::goOnAlone, ANSWER_MILLIS_MAX, TimeUnit.MILLISECONDS);
    subscribe();
  }

  private void subscribe() {
    // By itself it would dial ever more seldom, up to every two minutes, and all others with it.
    channel.resetConnectBackoff();
    var _ = control.streamPolicies(new Deltas());
  }

  /** A policy that does not read, after an upgrade say, is left out, and no other. */
  private synchronized void take(
      Optional<SealedJournal.Opened<List<io.mantle.proto.policy.v1.TenantPolicy>>> held) {
    if (held.isEmpty()) {
      return;
    }
    Policies next = Policies.NONE;
    for (io.mantle.proto.policy.v1.TenantPolicy message : held.get().content()) {
      try {
        TenantPolicy policy = PolicyMessages.read(message, null, deep);
        long currentUntil = message.getCurrentUntilEpochMillis();
        next =
            next.tightened(policy, currentUntil == 0 ? null : Instant.ofEpochMilli(currentUntil));
      } catch (IllegalArgumentException e) {
        log.error("last-good policy of {} is left out: {}", message.getTenantId(), e.getMessage());
      }
    }
    book.freshness().heldAsOf(held.get().asOf());
    book.swap(next, false);
  }

  /** Puts what was good last in force, where there is such a thing and nothing came since. */
  private synchronized void goOnAlone() {
    if (!book.isComplete() && !book.freshness().asOf().equals(Instant.EPOCH)) {
      book.swap(book.current(), true);
      log.warn(
          "the control plane does not answer; going on with {} policies as of {}",
          book.current().size(),
          book.freshness().asOf());
    }
  }

  private synchronized void take(ReadDelta read, PolicyDelta delta, boolean current) {
    book.swap(book.current().with(read.policies(), delta.getRemovedTenantIdsList()), current);
    if (lastGood != null) {
      lastGood.apply(read.messages(), delta.getRemovedTenantIdsList());
    }
    if (current) {
      if (delta.hasAgeMillis()) {
        book.freshness().told(Duration.ofMillis(delta.getAgeMillis()));
      } else if (delta.getComplete()) {
        book.freshness().untold();
      }
      if (lastGood != null) {
        lastGood.complete();
      }
    }
  }

  private synchronized void tighten(List<Tightening> some, Instant currentUntil) {
    for (Tightening tightening : some) {
      TenantPolicy held = book.current().tenant(tightening.tenantId());
      if (held != null) {
        book.swap(book.current().tightened(tightening.of(held), currentUntil), false);
        if (lastGood != null) {
          lastGood.tighten(tightening, currentUntil);
        }
      }
    }
    if (lastGood != null && !some.isEmpty() && book.isComplete()) {
      lastGood.complete();
    }
  }

  private void note() {
    boolean stale = book.isComplete() && !book.isInForce();
    if (stale && !toldStale) {
      log.error("policies are as of {}: requests are refused", book.freshness().asOf());
    }
    toldStale = stale;
    if (lastGood != null && book.freshness().isConnected()) {
      lastGood.complete();
    }
  }

  private void retry(String why) {
    book.freshness().lost();
    goOnAlone();
    if (retries.isShutdown()) {
      return;
    }
    log.warn("policy stream ended ({}); again in {} ms", why, retryMillis);
    var _ = retries.schedule(this::subscribe, retryMillis, TimeUnit.MILLISECONDS);
    retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
  }

  @Override
  public void close() {
    retries.shutdownNow();
    if (lastGood != null) {
      note();
      lastGood.close();
    }
  }

  private final class Deltas implements ClientResponseObserver<PolicyRequest, PolicyDelta> {
    @SuppressWarnings("NullAway.Init") // beforeStart comes first
    private ClientCallStreamObserver<PolicyRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<PolicyRequest> stream) {
      requests = stream;
      requests.setOnReadyHandler(this::subscribeOnce);
    }

    private boolean subscribed;

    /** Whether all that there is has arrived on this stream. */
    private boolean current;

    private void subscribeOnce() {
      if (subscribed) {
        return;
      }
      subscribed = true;
      requests.onNext(
          PolicyRequest.newBuilder()
              .setSubscribe(
                  Subscribe.newBuilder()
                      .setNodeId(nodeId)
                      .putAllHeldVersions(book.current().versions())
                      .setHeartbeats(true))
              .build());
    }

    @Override
    public void onNext(PolicyDelta delta) {
      if (delta.getNonce().isEmpty()) {
        heard(delta);
        return;
      }
      Ack.Builder ack = Ack.newBuilder().setNonce(delta.getNonce());
      try {
        ReadDelta read = ReadDelta.of(delta, book.current(), deep);
        tighten(read.kept(), book.freshness().asOfOrNow());
        if (read.isGood()) {
          current |= delta.getComplete();
          take(read, delta, current);
          retryMillis = RETRY_MILLIS_MIN;
        } else {
          tighten(read.refused(), book.freshness().asOfOrNow());
          refuse(ack, read.refusedBecause());
        }
      } catch (RuntimeException e) {
        refuse(ack, String.valueOf(e.getMessage()));
      }
      requests.onNext(PolicyRequest.newBuilder().setAck(ack).build());
    }

    private static void refuse(Ack.Builder ack, String because) {
      log.error("policy delta refused: {}", because);
      ack.setRejectedBecause(because.isEmpty() ? "it does not read" : because);
    }

    private void heard(PolicyDelta heartbeat) {
      if (current && heartbeat.hasAgeMillis()) {
        book.freshness().told(Duration.ofMillis(heartbeat.getAgeMillis()));
      }
    }

    @Override
    public void onError(Throwable t) {
      retry(io.grpc.Status.fromThrowable(t).getCode().name());
    }

    @Override
    public void onCompleted() {
      requests.onCompleted();
      retry("closed");
    }
  }
}
