package io.mantle.extproc.usage;

import io.mantle.extproc.value.StorableName;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.proto.usage.v1.UsageRow;
import java.time.Duration;

/** A record as the control plane takes it. */
final class UsageRows {
  private UsageRows() {}

  /** The row of a record: counts and names of types only. */
  static UsageRow row(UsageRecord usage) {
    UsageRow.Builder row =
        UsageRow.newBuilder()
            .setId(usage.id())
            .setTenantId(usage.caller().tenantId())
            .setKeyId(usage.caller().keyId())
            .setPolicyVersion(usage.caller().policyVersion())
            .setProviderId(usage.asked().providerId())
            .setModel(StorableName.of(usage.asked().model()))
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
                  case UNKNOWN -> UsageRow.Outcome.UNKNOWN;
                })
            .setRequestBytes(usage.size().requestBytes())
            .setResponseBytes(usage.size().responseBytes())
            .setAttempts(usage.asked().attempts())
            .putAllEntities(usage.found().entities())
            .setDetectOnly(usage.found().detectOnly());
    Duration firstByte = usage.times().firstByte();
    if (firstByte != null) {
      row.setFirstByteMillis(firstByte.toMillis());
    }
    if (usage.tokens() != null) {
      row.setPromptTokens(usage.tokens().prompt())
          .setCompletionTokens(usage.tokens().completion())
          .setCachedTokens(usage.tokens().cached())
          .setReasoningTokens(usage.tokens().reasoning())
          .setTokensEstimated(usage.tokens().estimated());
    }
    return row.build();
  }
}
