package io.mantle.extproc.limit;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.mantle.vault.redis.RedisConnection;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells Redis what became of requests: at once, behind what was asked before on the same
 * connection, and again until it answers, since a place or a day's tokens that nobody gives back
 * refuse others. Thread-safe; nobody waits.
 */
final class Settlements {
  /** What is beyond is left to the lease of its stream and the span of its tokens. */
  private static final int WAITING_MAX = 10_000;

  private final LimitQuestions questions;
  private final RedisConnection connection;
  private final Queue<Settlement> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final AtomicBoolean sendingAgain = new AtomicBoolean();

  Settlements(LimitQuestions questions, RedisConnection connection) {
    this.questions = questions;
    this.connection = connection;
  }

  void send(Settlement settlement) {
    RedisClusterAsyncCommands<String, byte[]> redis = connection.commandsIfConnected();
    if (redis == null) {
      waiting.offer(settlement);
      return;
    }
    var _ =
        questions
            .settle(redis, settlement)
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    waiting.offer(settlement);
                  }
                });
  }

  /** One after the other as long as each is answered, so that a Redis that hangs gets no pile. */
  void sendAgain() {
    if (!sendingAgain.getAndSet(true)) {
      sendNext();
    }
  }

  private void sendNext() {
    RedisClusterAsyncCommands<String, byte[]> redis = connection.commandsIfConnected();
    Settlement next = redis == null ? null : waiting.poll();
    if (redis == null || next == null) {
      sendingAgain.set(false);
      return;
    }
    var _ =
        questions
            .settle(redis, next)
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    sendNext();
                  } else {
                    waiting.offer(next);
                    sendingAgain.set(false);
                  }
                });
  }
}
