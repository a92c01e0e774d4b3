package io.mantle.extproc.usage;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.mantle.extproc.usage.RowStore.Batch;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.UsageRow;
import io.mantle.proto.usage.v1.UsageServiceGrpc;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings usage rows to the control plane: in batches, in order, each until it is acknowledged. A
 * row has an id of its own, so one that arrives twice counts once.
 *
 * <p>With a folder what is written here outlives the process; whoever starts next brings it, and a
 * row of outcome {@code UNKNOWN} for each request that had left and was not over. Without one, up
 * to {@link #ROWS_MAX} rows are kept in memory, and are lost with it. A row that finds no place, or
 * is refused for good, is dropped and counted.
 */
public final class UsageReporter implements UsageBooks, AutoCloseable {
  /** Some 20 MB of rows. */
  public static final int ROWS_MAX = 50_000;

  private static final Logger log = LoggerFactory.getLogger(UsageReporter.class);
  private static final int BATCH_ROWS_MAX = 500;
  private static final long LOOK_MILLIS = 50;

  /**
   * After a batch that was not full. Storing one takes the control plane and Postgres as much CPU
   * as some hundreds of its rows, so under load they wait for each other, and a row alone does not.
   */
  private static final long GATHER_MILLIS = 500;

  private static final long DEADLINE_MILLIS = 5_000;
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;
  private static final long CLOSE_MILLIS_MAX = 3_000;

  private final UsageServiceGrpc.UsageServiceBlockingStub control;
  private final String nodeId;
  private final RowStore rows;
  private final LongAdder refused = new LongAdder();
  private final Thread sender;
  private final CountDownLatch closing = new CountDownLatch(1);

  private UsageReporter(Channel channel, String nodeId, RowStore rows) {
    this.control = UsageServiceGrpc.newBlockingStub(channel);
    this.nodeId = nodeId;
    this.rows = rows;
    this.sender = Thread.ofPlatform().daemon().name("usage-reporter").start(this::send);
  }

  /** One that keeps rows in memory. */
  public static UsageReporter inMemory(Channel channel, String nodeId) {
    return new UsageReporter(channel, nodeId, new MemoryRows(ROWS_MAX));
  }

  /**
   * One that keeps rows in a folder, and begins with those that are there.
   *
   * @throws IOException if the folder cannot be used
   */
  public static UsageReporter spooled(
      Channel channel, String nodeId, Path folder, SpoolLimits limits) throws IOException {
    return new UsageReporter(channel, nodeId, UsageSpool.open(folder, limits));
  }

  @Override
  public void opened(UsageRecord soFar) {
    rows.opened(soFar.id(), UsageRows.row(soFar).toByteArray());
  }

  @Override
  public void closed(UsageRecord record) {
    rows.closed(record.id(), UsageRows.row(record).toByteArray());
  }

  /** Rows lost since the start: they found no place, grew too old, or were not valid. */
  public long dropped() {
    return refused.sum() + rows.dropped();
  }

  /** What is kept on disk, in bytes. */
  public long spoolBytes() {
    return rows.bytes();
  }

  private enum Answer {
    TAKEN,
    INVALID,
    NOT_NOW
  }

  private void send() {
    // A row that is never going to be taken must not stop the books: it is found by sending those
    // of its batch one by one, and dropped, and no other.
    int oneByOne = 0;
    long retryMillis = RETRY_MILLIS_MIN;
    try {
      while (true) {
        boolean last = closing.getCount() == 0; // looked at first: rows may come until then
        Batch batch = rows.next(oneByOne > 0 ? 1 : BATCH_ROWS_MAX);
        if (batch.rows().isEmpty()) {
          if (last) {
            return;
          }
          var _ = closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          continue;
        }
        switch (sent(batch)) {
          case TAKEN -> {
            rows.acknowledged(batch);
            oneByOne = Math.max(0, oneByOne - 1);
            retryMillis = RETRY_MILLIS_MIN;
            if (oneByOne == 0 && batch.rows().size() < BATCH_ROWS_MAX) {
              var _ = closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
            }
          }
          case INVALID -> {
            if (batch.rows().size() > 1) {
              oneByOne = batch.rows().size();
            } else {
              refused.increment();
              log.error("a usage row is not valid and was dropped");
              rows.acknowledged(batch);
              oneByOne = Math.max(0, oneByOne - 1);
            }
          }
          case NOT_NOW -> {
            Thread.sleep(retryMillis);
            retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
          }
        }
      }
    } catch (InterruptedException e) {
      log.warn("usage reporter stopped with rows unsent");
    }
  }

  private Answer sent(Batch batch) {
    List<UsageRow> usage = new ArrayList<>();
    try {
      for (byte[] row : batch.rows()) {
        usage.add(UsageRow.parseFrom(row));
      }
    } catch (InvalidProtocolBufferException e) {
      return Answer.INVALID;
    }
    Answer answer = sent(usage);
    UsageRow first = usage.getFirst();
    return answer == Answer.INVALID
            && usage.size() == 1
            && first.getOutcome() == UsageRow.Outcome.UNKNOWN
        ? sent(List.of(forOlder(first)))
        : answer;
  }

  /** As a control plane takes it that is older than {@code UNKNOWN}: an answer without an end. */
  private static UsageRow forOlder(UsageRow unknown) {
    return unknown.toBuilder().setOutcome(UsageRow.Outcome.BROKEN).build();
  }

  private Answer sent(List<UsageRow> usage) {
    try {
      var _ =
          control
              .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
              .reportUsage(
                  ReportUsageRequest.newBuilder().setNodeId(nodeId).addAllRows(usage).build());
      return Answer.TAKEN;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
        return Answer.INVALID;
      }
      log.warn("usage not taken ({}); trying again", e.getStatus().getCode());
      return Answer.NOT_NOW;
    }
  }

  /** Sends what is left, for a few seconds at most; what stays in a folder is sent next time. */
  @Override
  public void close() {
    closing.countDown();
    try {
      if (!sender.join(Duration.ofMillis(CLOSE_MILLIS_MAX))) {
        sender.interrupt();
        var _ = sender.join(Duration.ofMillis(DEADLINE_MILLIS));
      }
    } catch (InterruptedException e) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
    rows.close();
  }
}
