package io.mantle.extproc.tenant;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.mantle.privacy.detect.SecondTier;
import io.mantle.proto.policy.v1.Ack;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PolicyRequest;
import io.mantle.proto.policy.v1.PolicyServiceGrpc;
import io.mantle.proto.policy.v1.Subscribe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link PolicyBook} equal to what the control plane pushes.
 *
 * <p>While the control plane is away the book stays as it is, and the subscription comes back by
 * itself, naming the versions it holds, so that only what changed is sent again. A delta that
 * cannot be read whole is refused whole, with the reason.
 */
public final class PolicySubscription implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PolicySubscription.class);
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;

  private final PolicyServiceGrpc.PolicyServiceStub control;
  private final String nodeId;
  private final PolicyBook book;
  private final @Nullable SecondTier deep;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("policy-subscription").factory());
  private volatile long retryMillis = RETRY_MILLIS_MIN;

  /**
   * A subscription that has not begun.
   *
   * @param deep the deep tier, or null where there is none: then policies that ask for it are
   *     refused
   */
  public PolicySubscription(
      Channel channel, String nodeId, PolicyBook book, @Nullable SecondTier deep) {
    this.control = PolicyServiceGrpc.newStub(channel);
    this.nodeId = nodeId;
    this.book = book;
    this.deep = deep;
  }

  /** Subscribes, and again whenever the stream ends. */
  public void start() {
    var _ = control.streamPolicies(new Deltas());
  }

  private void retry(String why) {
    if (retries.isShutdown()) {
      return;
    }
    log.warn("policy stream ended ({}); again in {} ms", why, retryMillis);
    var _ = retries.schedule(this::start, retryMillis, TimeUnit.MILLISECONDS);
    retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
  }

  @Override
  public void close() {
    retries.shutdownNow();
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
                      .putAllHeldVersions(book.current().versions()))
              .build());
    }

    @Override
    public void onNext(PolicyDelta delta) {
      Ack.Builder ack = Ack.newBuilder().setNonce(delta.getNonce());
      try {
        List<TenantPolicy> changed = new ArrayList<>(delta.getChangedCount());
        Policies held = book.current();
        for (io.mantle.proto.policy.v1.TenantPolicy message : delta.getChangedList()) {
          changed.add(PolicyMessages.read(message, held.tenant(message.getTenantId()), deep));
        }
        book.swap(held.with(changed, delta.getRemovedTenantIdsList()), delta.getComplete());
        retryMillis = RETRY_MILLIS_MIN;
      } catch (RuntimeException e) {
        log.error("policy delta refused: {}", e.getMessage());
        ack.setRejectedBecause(String.valueOf(e.getMessage()));
      }
      requests.onNext(PolicyRequest.newBuilder().setAck(ack).build());
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
