package io.mantle.extproc.usage;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.UsageRow;
import io.mantle.proto.usage.v1.UsageServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings usage rows to the control plane: in batches, each until it is acknowledged. A row has an
 * id of its own, so one that arrives twice counts once.
 *
 * <p>{@link #record} never waits. While the control plane is away, up to {@link #ROWS_MAX} rows are
 * kept; beyond that the newest are dropped and counted, as is a row that is refused for good. What
 * is not acknowledged when the process dies is lost.
 */
public final class UsageReporter implements AutoCloseable {
  /** Some 20 MB of rows. */
  public static final int ROWS_MAX = 50_000;

  private static final Logger log = LoggerFactory.getLogger(UsageReporter.class);
  private static final int BATCH_ROWS_MAX = 500;
  private static final long GATHER_MILLIS = 50;
  private static final long DEADLINE_MILLIS = 5_000;
  private static final long RETRY_MILLIS_MAX = 5_000;
  private static final long CLOSE_MILLIS_MAX = 3_000;
  private static final int MODEL_CHARS_MAX = 256;

  private final UsageServiceGrpc.UsageServiceBlockingStub control;
  private final String nodeId;
  private final BlockingQueue<UsageRow> rows = new ArrayBlockingQueue<>(ROWS_MAX);
  private final LongAdder dropped = new LongAdder();
  private final Thread sender;
  private volatile boolean closing;

  public UsageReporter(Channel channel, String nodeId) {
    this.control = UsageServiceGrpc.newBlockingStub(channel);
    this.nodeId = nodeId;
    this.sender = Thread.ofPlatform().daemon().name("usage-reporter").start(this::send);
  }

  /** Takes a row along with the next batch. */
  public void record(UsageRecord usage) {
    if (!rows.offer(row(usage))) {
      dropped.increment();
    }
  }

  /** Rows lost since the start: they found no place, or were not valid. */
  public long dropped() {
    return dropped.sum();
  }

  private void send() {
    List<UsageRow> batch = new ArrayList<>();
    try {
      while (!(closing && rows.isEmpty())) {
        UsageRow first = rows.poll(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        rows.drainTo(batch, BATCH_ROWS_MAX - 1);
        sendUntilAcknowledged(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      log.warn("usage reporter stopped with {} rows unsent", rows.size() + batch.size());
    }
  }

  private void sendUntilAcknowledged(List<UsageRow> batch) throws InterruptedException {
    ReportUsageRequest request =
        ReportUsageRequest.newBuilder().setNodeId(nodeId).addAllRows(batch).build();
    long retryMillis = 100;
    while (true) {
      try {
        var _ =
            control.withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS).reportUsage(request);
        return;
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
          sendWithoutInvalid(batch);
          return;
        }
        log.warn("usage not taken ({}); again in {} ms", e.getStatus().getCode(), retryMillis);
        Thread.sleep(retryMillis);
        retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
      }
    }
  }

  /** A row that is never going to be taken must not stop the books: it is dropped, and no other. */
  private void sendWithoutInvalid(List<UsageRow> batch) throws InterruptedException {
    if (batch.size() == 1) {
      dropped.increment();
      log.error("usage row {} is not valid and was dropped", batch.getFirst().getId());
      return;
    }
    for (UsageRow row : batch) {
      sendUntilAcknowledged(List.of(row));
    }
  }

  private static UsageRow row(UsageRecord usage) {
    UsageRow.Builder row =
        UsageRow.newBuilder()
            .setId(usage.id())
            .setTenantId(usage.caller().tenantId())
            .setKeyId(usage.caller().keyId())
            .setPolicyVersion(usage.caller().policyVersion())
            .setProviderId(usage.asked().providerId())
            .setAttempts(usage.asked().attempts())
            .setModel(storable(usage.asked().model()))
            .setEndpoint(usage.endpoint())
            .setStartedAtEpochMillis(usage.times().startedAt().toEpochMilli())
            .setDurationMillis(usage.times().duration().toMillis())
            .setStreamed(usage.asked().streamed())
            .setStatus(usage.status())
            .setOutcome(
                switch (usage.outcome()) {
                  case COMPLETED -> UsageRow.Outcome.COMPLETED;
                  case REFUSED -> UsageRow.Outcome.REFUSED;
                  case PROVIDER_ERROR -> UsageRow.Outcome.PROVIDER_ERROR;
                  case CANCELLED -> UsageRow.Outcome.CANCELLED;
                  case BROKEN -> UsageRow.Outcome.BROKEN;
                })
            .putAllEntities(usage.found().entities())
            .setDetectOnly(usage.found().detectOnly());
    Duration firstByte = usage.times().firstByte();
    if (firstByte != null) {
      row.setFirstByteMillis(firstByte.toMillis());
    }
    if (usage.tokens() != null) {
      row.setPromptTokens(usage.tokens().prompt()).setCompletionTokens(usage.tokens().completion());
    }
    return row.build();
  }

  /** A client's words, as far as Postgres stores them: no NUL, no half of a surrogate pair. */
  private static String storable(String model) {
    return model
        .substring(0, Math.min(MODEL_CHARS_MAX, model.length()))
        .codePoints()
        .map(
            c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Sends what is left, for a few seconds at most. */
  @Override
  public void close() {
    closing = true;
    try {
      sender.join(CLOSE_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sender.interrupt();
  }
}
