package io.mantle.controlplane.budget;

import io.mantle.controlplane.database.BudgetAlert;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what was noticed of budgets in the log and the metrics: ids and figures. Thread-safe. */
public final class BudgetAlarm implements Consumer<BudgetAlert> {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetAlarm.class);

  private final Counter warnings;
  private final Counter stops;

  /** Counts in these meters. */
  public BudgetAlarm(MeterRegistry meters) {
    this.warnings = counter(meters, false);
    this.stops = counter(meters, true);
  }

  private static Counter counter(MeterRegistry meters, boolean stops) {
    return Counter.builder("mantle.budget.alerts")
        .tag("stops", Boolean.toString(stops))
        .description("Thresholds of monthly budgets that were crossed")
        .register(meters);
  }

  @Override
  public void accept(BudgetAlert alert) {
    (alert.stops() ? stops : warnings).increment();
    LOG.warn(
        "Tenant {} has spent {} % of its budget{} for {}{}",
        alert.tenantId(),
        alert.percent(),
        alert.keyId().isEmpty() ? "" : " of key " + alert.keyId(),
        alert.month(),
        alert.stops() ? "; what costs is refused" : "");
  }
}
