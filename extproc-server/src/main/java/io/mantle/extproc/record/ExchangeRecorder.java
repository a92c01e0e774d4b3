package io.mantle.extproc.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.mantle.extproc.value.SentRequest;
import io.mantle.extproc.value.StorableName;
import io.mantle.proto.record.v1.ExchangeRecordServiceGrpc;
import io.mantle.proto.record.v1.RecordedExchange;
import io.mantle.proto.record.v1.StoreExchangesRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what providers are sent to the control plane: in batches, in order, each until it is
 * acknowledged or was tried {@value #ATTEMPTS_MAX} times. What is on its way is in memory alone, up
 * to {@value #QUEUE_RECORDS_MAX} requests and 16 MiB of them; what finds no place, is refused for
 * good or was tried too often is dropped and counted. Adding never waits and never fails.
 */
public final class ExchangeRecorder implements Consumer<SentRequest>, AutoCloseable {
  /** Of one request; of a longer one so much is kept. */
  static final int BODY_BYTES_MAX = 1 << 20;

  static final int QUEUE_RECORDS_MAX = 1_000;
  static final long QUEUE_BYTES_MAX = 16 << 20;

  private static final Logger log = LoggerFactory.getLogger(ExchangeRecorder.class);
  private static final int BATCH_RECORDS_MAX = 100;
  private static final long BATCH_BYTES_MAX = 4 << 20;
  private static final int ATTEMPTS_MAX = 10;
  private static final long DEADLINE_MILLIS = 5_000;
  private static final long RETRY_MILLIS_MIN = 100;
  private static final long RETRY_MILLIS_MAX = 5_000;
  private static final long CLOSE_MILLIS_MAX = 2_000;

  private final ExchangeRecordServiceGrpc.ExchangeRecordServiceBlockingStub control;
  private final RecordQueue<RecordedExchange> queue =
      new RecordQueue<>(QUEUE_RECORDS_MAX, QUEUE_BYTES_MAX);
  private final Thread sender;

  public ExchangeRecorder(Channel channel) {
    this.control = ExchangeRecordServiceGrpc.newBlockingStub(channel);
    this.sender = Thread.ofPlatform().daemon().name("exchange-recorder").start(this::send);
  }

  /** Adds a request; one without a body has nothing to show, and is passed over. */
  @Override
  public void accept(SentRequest request) {
    if (request.body().length > 0) {
      RecordedExchange exchange = message(request);
      queue.offer(exchange, exchange.getBody().size());
    }
  }

  /** Requests lost since the start. */
  public long dropped() {
    return queue.dropped();
  }

  private void send() {
    int attempts = 0;
    long retryMillis = RETRY_MILLIS_MIN;
    try {
      while (true) {
        List<RecordedExchange> batch = queue.next(BATCH_RECORDS_MAX, BATCH_BYTES_MAX);
        if (batch.isEmpty()) {
          return;
        }
        Status status = sent(batch);
        attempts++;
        if (status.isOk()) {
          queue.remove(batch.size());
        } else if (isForGood(status) || attempts == ATTEMPTS_MAX) {
          log.warn("{} exchanges not recorded ({})", batch.size(), status.getCode());
          queue.drop(batch.size());
        } else {
          Thread.sleep(retryMillis);
          retryMillis = Math.min(retryMillis * 2, RETRY_MILLIS_MAX);
          continue;
        }
        attempts = 0;
        retryMillis = RETRY_MILLIS_MIN;
      }
    } catch (InterruptedException e) {
      queue.dropAll();
    }
  }

  /** A control plane that is older than this service does not know it. */
  private static boolean isForGood(Status status) {
    return status.getCode() == Status.Code.INVALID_ARGUMENT
        || status.getCode() == Status.Code.UNIMPLEMENTED;
  }

  private Status sent(List<RecordedExchange> batch) {
    try {
      var _ =
          control
              .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
              .storeExchanges(StoreExchangesRequest.newBuilder().addAllExchanges(batch).build());
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static RecordedExchange message(SentRequest sent) {
    return RecordedExchange.newBuilder()
        .setTenantId(sent.tenantId())
        .setRequestId(sent.requestId())
        .setStartedAtEpochMillis(sent.startedAt().toEpochMilli())
        .setProvider(StorableName.of(sent.asked().providerName()))
        .setModel(StorableName.of(sent.asked().model()))
        .setEndpoint(sent.endpoint())
        .setBody(kept(sent.body()))
        .setBodyBytes(sent.body().length)
        .build();
  }

  /** Whole characters of UTF-8; a copy where the whole would hold more memory than is counted. */
  static ByteString kept(byte[] body) {
    if (body.length <= BODY_BYTES_MAX) {
      return UnsafeByteOperations.unsafeWrap(body);
    }
    int end = BODY_BYTES_MAX;
    while (end > 0 && (body[end] & 0xC0) == 0x80) {
      end--;
    }
    return ByteString.copyFrom(body, 0, end);
  }

  /** Sends what is left, for a moment; the rest is lost. */
  @Override
  public void close() {
    queue.close();
    try {
      if (!sender.join(Duration.ofMillis(CLOSE_MILLIS_MAX))) {
        sender.interrupt();
        var _ = sender.join(Duration.ofMillis(DEADLINE_MILLIS));
      }
    } catch (InterruptedException e) {
      sender.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
