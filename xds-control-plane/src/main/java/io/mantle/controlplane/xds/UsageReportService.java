package io.mantle.controlplane.xds;

import static io.mantle.controlplane.xds.ReportedFields.check;
import static io.mantle.controlplane.xds.ReportedFields.startedAt;
import static io.mantle.controlplane.xds.ReportedFields.tenantId;
import static io.mantle.controlplane.xds.ReportedFields.text;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.mantle.controlplane.database.UsageRecord;
import io.mantle.controlplane.database.UsageRepository;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.ReportUsageResponse;
import io.mantle.proto.usage.v1.UsageRow;
import io.mantle.proto.usage.v1.UsageServiceGrpc.UsageServiceImplBase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores what exchanges cost. An answer means that the rows are committed; {@code UNAVAILABLE} that
 * none of them is and the batch is to be sent again; {@code INVALID_ARGUMENT} that it never will
 * be.
 */
final class UsageReportService extends UsageServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(UsageReportService.class);
  private static final int ROWS_MAX = 1_000;
  private static final int ENTITY_TYPES_MAX = 64;
  private static final Pattern ENTITY_TYPE = Pattern.compile("[A-Z_]{1,40}");

  private final UsageRepository usage;
  private final Counter stored;

  UsageReportService(UsageRepository usage, MeterRegistry meters) {
    this.usage = usage;
    this.stored =
        Counter.builder("mantle.usage.rows")
            .description("Usage rows received and committed, repeated ones included")
            .register(meters);
  }

  @Override
  public void reportUsage(
      ReportUsageRequest request, StreamObserver<ReportUsageResponse> response) {
    try {
      check(request.getRowsCount() <= ROWS_MAX, "a batch has at most " + ROWS_MAX + " rows");
      String nodeId = text(request.getNodeId(), 200, "node_id");
      List<UsageRecord> records =
          request.getRowsList().stream().map(row -> record(row, nodeId)).toList();
      usage.save(records);
      stored.increment(records.size());
      response.onNext(ReportUsageResponse.getDefaultInstance());
      response.onCompleted();
    } catch (IllegalArgumentException e) {
      response.onError(
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
    } catch (RuntimeException e) {
      // Its class only: a driver's message may quote a row.
      LOG.warn("Usage was not stored: {}", e.getClass().getSimpleName());
      response.onError(
          Status.UNAVAILABLE.withDescription("usage cannot be stored now").asRuntimeException());
    }
  }

  private static UsageRecord record(UsageRow row, String nodeId) {
    String tenantId = tenantId(row.getTenantId());
    Instant startedAt = startedAt(row.getStartedAtEpochMillis());
    check(row.getDurationMillis() >= 0, "duration_millis is negative");
    check(
        !row.hasFirstByteMillis() || row.getFirstByteMillis() >= 0,
        "first_byte_millis is negative");
    check(row.getStatus() >= 0 && row.getStatus() <= 999, "status is out of range");
    String providerId = text(row.getProviderId(), 64, "provider_id");
    return new UsageRecord(
        uuid(row.getId()),
        tenantId,
        text(row.getKeyId(), 64, "key_id"),
        providerId.isEmpty() ? Optional.empty() : Optional.of(providerId),
        text(row.getModel(), 256, "model"),
        text(row.getEndpoint(), 128, "endpoint"),
        startedAt,
        row.getDurationMillis(),
        row.hasFirstByteMillis() ? OptionalLong.of(row.getFirstByteMillis()) : OptionalLong.empty(),
        row.getStreamed(),
        row.getStatus(),
        outcome(row.getOutcome()),
        row.hasPromptTokens()
            ? OptionalLong.of(Integer.toUnsignedLong(row.getPromptTokens()))
            : OptionalLong.empty(),
        row.hasCompletionTokens()
            ? OptionalLong.of(Integer.toUnsignedLong(row.getCompletionTokens()))
            : OptionalLong.empty(),
        details(row),
        entities(row.getEntitiesMap()),
        row.getDetectOnly(),
        text(row.getPolicyVersion(), 64, "policy_version"),
        nodeId);
  }

  private static UsageRecord.Details details(UsageRow row) {
    check(row.getRequestBytes() >= 0 && row.getResponseBytes() >= 0, "bytes are out of range");
    check(row.getAttempts() >= 0, "attempts is out of range");
    return new UsageRecord.Details(
        Integer.toUnsignedLong(row.getCachedTokens()),
        Integer.toUnsignedLong(row.getReasoningTokens()),
        row.getTokensEstimated(),
        row.getRequestBytes(),
        row.getResponseBytes(),
        row.getAttempts());
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("id is not a UUID");
    }
  }

  private static String outcome(UsageRow.Outcome outcome) {
    return switch (outcome) {
      case COMPLETED, REFUSED, PROVIDER_ERROR, CANCELLED, BROKEN, UNKNOWN -> outcome.name();
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("outcome is not known");
    };
  }

  private static Map<String, Long> entities(Map<String, Integer> counts) {
    check(counts.size() <= ENTITY_TYPES_MAX, "entities has too many types");
    Map<String, Long> entities = new HashMap<>();
    counts.forEach(
        (type, count) -> {
          check(ENTITY_TYPE.matcher(type).matches(), "entities names no type");
          entities.put(type, Integer.toUnsignedLong(count));
        });
    return entities;
  }
}
