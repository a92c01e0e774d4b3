package io.mantle.extproc.deletion;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.mantle.privacy.value.Plaintext;
import io.mantle.proto.vault.v1.Attach;
import io.mantle.proto.vault.v1.Deletion;
import io.mantle.proto.vault.v1.DeletionReply;
import io.mantle.proto.vault.v1.Done;
import io.mantle.proto.vault.v1.VaultServiceGrpc;
import io.mantle.vault.Vault;
import io.mantle.vault.value.ErasureReceipt;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes from a vault in this process's memory what the control plane says, one deletion after the
 * other. While the control plane is away nothing is deleted, which it knows: it answers nobody that
 * something was. The subscription comes back by itself.
 */
public final class DeletionSubscription implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeletionSubscription.class);
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;

  private final VaultServiceGrpc.VaultServiceStub control;
  private final String nodeId;
  private final Vault vault;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("deletion-subscription").factory());
  private volatile long retryMillis = RETRY_MILLIS_MIN;

  /** A subscription that has not begun. */
  public DeletionSubscription(Channel channel, String nodeId, Vault vault) {
    this.control = VaultServiceGrpc.newStub(channel);
    this.nodeId = nodeId;
    this.vault = vault;
  }

  /** Subscribes, and again whenever the stream ends. */
  public void start() {
    var _ = control.takeDeletions(new Deletions());
  }

  private void retry(Status.Code why) {
    if (retries.isShutdown()) {
      return;
    }
    log.warn("deletion stream ended ({}); again in {} ms", why, retryMillis);
    var _ = retries.schedule(this::start, retryMillis, TimeUnit.MILLISECONDS);
    retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
  }

  @Override
  public void close() {
    retries.shutdownNow();
  }

  private Done delete(Deletion deletion) {
    Done.Builder done = Done.newBuilder().setId(deletion.getId());
    String tenant = deletion.getTenantId();
    try {
      switch (deletion.getWhatCase()) {
        case CONVERSATION -> add(done, vault.forget(tenant, deletion.getConversation()));
        case EVERYTHING -> add(done, vault.eraseTenant(tenant));
        case VALUE -> {
          ErasureReceipt receipt = vault.erase(tenant, new Plaintext(deletion.getValue()));
          done.addAllKeys(receipt.keys()).setKeysTotal(receipt.conversations());
        }
        case WHAT_NOT_SET -> done.setFailed(true); // of a kind that came later than this code
      }
      return done.build();
    } catch (VaultException | RuntimeException e) {
      log.error("a deletion failed: {}", e.getClass().getName());
      return done.setFailed(true).build();
    }
  }

  private static void add(Done.Builder done, Receipt receipt) {
    done.addAllKeys(receipt.keys()).setKeysTotal(receipt.keys().size());
  }

  private final class Deletions implements ClientResponseObserver<DeletionReply, Deletion> {
    @SuppressWarnings("NullAway.Init") // beforeStart comes first
    private ClientCallStreamObserver<DeletionReply> replies;

    private boolean attached;

    @Override
    public void beforeStart(ClientCallStreamObserver<DeletionReply> stream) {
      replies = stream;
      replies.setOnReadyHandler(this::attachOnce);
    }

    private void attachOnce() {
      if (!attached) {
        attached = true;
        replies.onNext(
            DeletionReply.newBuilder().setAttach(Attach.newBuilder().setNodeId(nodeId)).build());
      }
    }

    @Override
    public void onNext(Deletion deletion) {
      retryMillis = RETRY_MILLIS_MIN;
      replies.onNext(DeletionReply.newBuilder().setDone(delete(deletion)).build());
    }

    @Override
    public void onError(Throwable t) {
      retry(Status.fromThrowable(t).getCode());
    }

    @Override
    public void onCompleted() {
      replies.onCompleted();
      retry(Status.Code.OK);
    }
  }
}
