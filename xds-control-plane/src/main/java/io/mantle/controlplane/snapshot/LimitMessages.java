package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.LimitKind;
import io.mantle.controlplane.database.TenantLimits;
import io.mantle.proto.policy.v1.Limits;
import java.util.OptionalLong;

/** A tenant's limits as sidecars read them. */
final class LimitMessages {

  private LimitMessages() {}

  static io.mantle.proto.policy.v1.TenantLimits of(TenantLimits limits) {
    io.mantle.proto.policy.v1.TenantLimits.Builder message =
        io.mantle.proto.policy.v1.TenantLimits.newBuilder()
            .setTenant(of(limits.effective()))
            .setLadderStep(LocalLimits.step(requestsPerMinute(limits.effective())));
    limits.sortedKeys().forEach((id, key) -> message.putKeys(id.toString(), of(key)));
    return message.build();
  }

  private static long requestsPerMinute(io.mantle.controlplane.database.Limits limits) {
    long byMinute = limits.of(LimitKind.REQUESTS_PER_MINUTE).orElse(Long.MAX_VALUE);
    OptionalLong bySecond = limits.of(LimitKind.REQUESTS_PER_SECOND);
    return bySecond.isPresent() ? Math.min(byMinute, bySecond.getAsLong() * 60) : byMinute;
  }

  private static Limits of(io.mantle.controlplane.database.Limits limits) {
    Limits.Builder message = Limits.newBuilder();
    for (LimitKind kind : LimitKind.values()) {
      OptionalLong limit = limits.of(kind);
      if (limit.isPresent()) {
        long value = limit.getAsLong();
        var _ =
            switch (kind) {
              case REQUESTS_PER_SECOND -> message.setRequestsPerSecond(value);
              case REQUESTS_PER_MINUTE -> message.setRequestsPerMinute(value);
              case TOKENS_PER_MINUTE -> message.setTokensPerMinute(value);
              case TOKENS_PER_DAY -> message.setTokensPerDay(value);
              case CONCURRENT_STREAMS -> message.setConcurrentStreams(value);
              case MONTHLY_BUDGET_CENTS -> message.setMonthlyBudgetCents(value);
            };
      }
    }
    return message.build();
  }
}
