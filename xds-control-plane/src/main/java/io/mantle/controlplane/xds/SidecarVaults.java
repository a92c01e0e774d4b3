package io.mantle.controlplane.xds;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.mantle.privacy.value.Plaintext;
import io.mantle.proto.vault.v1.Deletion;
import io.mantle.proto.vault.v1.DeletionReply;
import io.mantle.proto.vault.v1.Done;
import io.mantle.proto.vault.v1.Everything;
import io.mantle.proto.vault.v1.VaultServiceGrpc.VaultServiceImplBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The sidecars that keep conversations in their own memory: what is to be forgotten is said to each
 * that is connected. Safe for use by many threads.
 *
 * <p>Not guaranteed: that a sidecar which is not connected right now has nothing; {@link Answer}
 * says how many were asked.
 */
public final class SidecarVaults {
  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(3);

  /** More wait for an answer only where sidecars hang. */
  private static final int UNDERWAY_MAX = 1_000;

  private final Set<Sidecar> sidecars = ConcurrentHashMap.newKeySet();

  /**
   * What became of a deletion.
   *
   * @param sidecars how many were asked
   * @param keysTotal how many keys were destroyed
   * @param keys their fingerprints, of each sidecar's the first 1,000
   */
  public record Answer(int sidecars, int keysTotal, List<String> keys) {}

  /** Not every sidecar that was asked has answered, or none is there to ask. */
  public static final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswerException(String message) {
      super(message);
    }
  }

  /** Forgets a conversation. */
  public Answer forget(String tenantId, String conversation) throws NoAnswerException {
    return delete(deletion(tenantId).setConversation(conversation));
  }

  /** Forgets all of a tenant's conversations. */
  public Answer eraseTenant(String tenantId) throws NoAnswerException {
    return delete(deletion(tenantId).setEverything(Everything.getDefaultInstance()));
  }

  /** Forgets those of a tenant's conversations that keep a value. */
  public Answer erase(String tenantId, Plaintext value) throws NoAnswerException {
    return delete(deletion(tenantId).setValue(value.reveal()));
  }

  private static Deletion.Builder deletion(String tenantId) {
    return Deletion.newBuilder().setTenantId(tenantId);
  }

  private Answer delete(Deletion.Builder deletion) throws NoAnswerException {
    List<CompletableFuture<Done>> answers = new ArrayList<>();
    for (Sidecar sidecar : sidecars) {
      answers.add(sidecar.ask(deletion.clone()));
    }
    if (answers.isEmpty()) {
      throw new NoAnswerException("no sidecar is connected");
    }
    int keysTotal = 0;
    List<String> keys = new ArrayList<>();
    long deadline = System.nanoTime() + ANSWER_TIME_MAX.toNanos();
    for (CompletableFuture<Done> answer : answers) {
      Done done = await(answer, deadline);
      keysTotal += done.getKeysTotal();
      keys.addAll(done.getKeysList());
    }
    return new Answer(answers.size(), keysTotal, keys);
  }

  private static Done await(CompletableFuture<Done> answer, long deadline)
      throws NoAnswerException {
    try {
      Done done = answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (!done.getFailed()) {
        return done;
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new NoAnswerException("a sidecar did not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswerException("interrupted while sidecars were asked");
    }
    throw new NoAnswerException("a sidecar could not delete");
  }

  /** The service that sidecars connect to. */
  VaultServiceImplBase service() {
    return new VaultServiceImplBase() {
      @Override
      public StreamObserver<DeletionReply> takeDeletions(StreamObserver<Deletion> deletions) {
        return new Sidecar((ServerCallStreamObserver<Deletion>) deletions);
      }
    };
  }

  /** One sidecar's stream. */
  private final class Sidecar implements StreamObserver<DeletionReply> {
    private final ServerCallStreamObserver<Deletion> deletions;
    private final Map<Long, CompletableFuture<Done>> underway = new HashMap<>();
    private long ids;
    private boolean left;

    private Sidecar(ServerCallStreamObserver<Deletion> deletions) {
      this.deletions = deletions;
      deletions.setOnCancelHandler(this::leave);
    }

    private synchronized CompletableFuture<Done> ask(Deletion.Builder deletion) {
      CompletableFuture<Done> answer = new CompletableFuture<>();
      if (left || underway.size() >= UNDERWAY_MAX) {
        answer.completeExceptionally(new IllegalStateException("not connected any more"));
        return answer;
      }
      underway.put(++ids, answer);
      deletions.onNext(deletion.setId(ids).build());
      return answer;
    }

    @Override
    public void onNext(DeletionReply reply) {
      switch (reply.getKindCase()) {
        case ATTACH -> sidecars.add(this);
        case DONE -> done(reply.getDone());
        case KIND_NOT_SET ->
            deletions.onError(
                Status.INVALID_ARGUMENT
                    .withDescription("a reply either attaches or tells what was done")
                    .asRuntimeException());
      }
    }

    private synchronized void done(Done done) {
      CompletableFuture<Done> answer = underway.remove(done.getId());
      if (answer != null) {
        answer.complete(done);
      }
    }

    @Override
    public void onError(Throwable cause) {
      leave();
    }

    @Override
    public void onCompleted() {
      leave();
      deletions.onCompleted();
    }

    private void leave() {
      sidecars.remove(this);
      synchronized (this) {
        left = true;
        underway
            .values()
            .forEach(answer -> answer.completeExceptionally(new IllegalStateException("it left")));
        underway.clear();
      }
    }
  }
}
