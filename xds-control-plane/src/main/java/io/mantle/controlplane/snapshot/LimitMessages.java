package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.LimitKind;
import io.mantle.controlplane.database.SpentBudgets;
import io.mantle.controlplane.database.TenantLimits;
import io.mantle.proto.policy.v1.Limits;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A tenant's limits as sidecars read them. */
final class LimitMessages {

  private LimitMessages() {}

  static io.mantle.proto.policy.v1.TenantLimits of(TenantLimits limits, SpentBudgets spent) {
    io.mantle.proto.policy.v1.TenantLimits.Builder message =
        io.mantle.proto.policy.v1.TenantLimits.newBuilder()
            .setTenant(of(limits.effective(), spent.tenant(), spent.until()))
            .setLadderStep(LocalLimits.step(requestsPerMinute(limits.effective())));
    Set<UUID> keys = new TreeSet<>(limits.keys().keySet());
    keys.addAll(spent.keys());
    for (UUID id : keys) {
      io.mantle.controlplane.database.Limits key =
          limits.keys().getOrDefault(id, io.mantle.controlplane.database.Limits.SILENT);
      message.putKeys(id.toString(), of(key, spent.keys().contains(id), spent.until()));
    }
    return message.build();
  }

  private static long requestsPerMinute(io.mantle.controlplane.database.Limits limits) {
    long byMinute = limits.of(LimitKind.REQUESTS_PER_MINUTE).orElse(Long.MAX_VALUE);
    OptionalLong bySecond = limits.of(LimitKind.REQUESTS_PER_SECOND);
    return bySecond.isPresent() ? Math.min(byMinute, bySecond.getAsLong() * 60) : byMinute;
  }

  private static Limits of(
      io.mantle.controlplane.database.Limits limits, boolean spent, Instant until) {
    Limits.Builder message = Limits.newBuilder();
    if (spent) {
      message.setSpentUntilEpochMillis(until.toEpochMilli());
    }
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
