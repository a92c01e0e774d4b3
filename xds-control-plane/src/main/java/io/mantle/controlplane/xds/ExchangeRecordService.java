package io.mantle.controlplane.xds;

import static io.mantle.controlplane.xds.ReportedFields.check;
import static io.mantle.controlplane.xds.ReportedFields.startedAt;
import static io.mantle.controlplane.xds.ReportedFields.tenantId;
import static io.mantle.controlplane.xds.ReportedFields.text;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.mantle.controlplane.database.RecordedExchange;
import io.mantle.controlplane.database.RecordedExchanges;
import io.mantle.controlplane.database.Secret;
import io.mantle.proto.record.v1.ExchangeRecordServiceGrpc.ExchangeRecordServiceImplBase;
import io.mantle.proto.record.v1.StoreExchangesRequest;
import io.mantle.proto.record.v1.StoreExchangesResponse;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what providers were sent. An answer means that what is to be kept is committed; {@code
 * UNAVAILABLE} that it may not be and the batch is to be sent again; {@code INVALID_ARGUMENT} that
 * it never will be.
 */
final class ExchangeRecordService extends ExchangeRecordServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangeRecordService.class);
  private static final int EXCHANGES_MAX = 100;
  private static final int BODY_BYTES_MAX = 1 << 20;

  private final RecordedExchanges exchanges;

  ExchangeRecordService(RecordedExchanges exchanges) {
    this.exchanges = exchanges;
  }

  @Override
  public void storeExchanges(
      StoreExchangesRequest request, StreamObserver<StoreExchangesResponse> response) {
    try {
      check(
          request.getExchangesCount() <= EXCHANGES_MAX,
          "a batch has at most " + EXCHANGES_MAX + " exchanges");
      List<RecordedExchange> records =
          request.getExchangesList().stream().map(ExchangeRecordService::record).toList();
      exchanges.save(records);
      response.onNext(StoreExchangesResponse.getDefaultInstance());
      response.onCompleted();
    } catch (IllegalArgumentException e) {
      response.onError(
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (RuntimeException e) {
      // Its class only: a driver's message may quote a row.
      LOG.warn("Exchanges were not stored: {}", e.getClass().getSimpleName());
      response.onError(
          Status.UNAVAILABLE
              .withDescription("exchanges cannot be stored now")
              .asRuntimeException());
    }
  }

  private static RecordedExchange record(io.mantle.proto.record.v1.RecordedExchange sent) {
    String tenantId = tenantId(sent.getTenantId());
    check(!sent.getRequestId().isEmpty(), "request_id is missing");
    Instant startedAt = startedAt(sent.getStartedAtEpochMillis());
    check(sent.getBody().size() <= BODY_BYTES_MAX, "body is longer than 1 MiB");
    check(sent.getBodyBytes() >= sent.getBody().size(), "body_bytes is less than the body has");
    return new RecordedExchange(
        tenantId,
        text(sent.getRequestId(), 128, "request_id"),
        startedAt,
        text(sent.getProvider(), 256, "provider"),
        text(sent.getModel(), 256, "model"),
        text(sent.getEndpoint(), 128, "endpoint"),
        sent.getBodyBytes(),
        Secret.of(sent.getBody().toByteArray()));
  }
}
