package io.mantle.extproc;

import io.mantle.extproc.stream.Observer;
import io.mantle.extproc.usage.UsageBooks;
import io.mantle.extproc.value.UsageRecord;

/**
 * A tenant whose exchanges are neither counted, nor written down, nor traced: of {@code ./mantle
 * bench signals}, which asks what that costs. It is named by a property of the JVM and by no
 * setting, so that nobody has one by mistake; without the property this is not in the way.
 */
final class UnobservedTenant {
  private static final String ID = System.getProperty("mantle.bench.unobserved", "");

  private UnobservedTenant() {}

  /** An observer that does not hear of it, but where it was refused before anybody was let in. */
  static Observer in(Observer all) {
    return ID.isEmpty()
        ? all
        : new Observer(
            report -> {
              if (report.usage() == null || isObserved(report.usage())) {
                all.reports().accept(report);
              }
            },
            all.traces(),
            all.content(),
            all.sent());
  }

  /** Books that it is not in. */
  static UsageBooks in(UsageBooks all) {
    return ID.isEmpty()
        ? all
        : new UsageBooks() {
          @Override
          public void opened(UsageRecord soFar) {
            if (isObserved(soFar)) {
              all.opened(soFar);
            }
          }

          @Override
          public void closed(UsageRecord record) {
            if (isObserved(record)) {
              all.closed(record);
            }
          }
        };
  }

  private static boolean isObserved(UsageRecord record) {
    return !record.caller().tenantId().equals(ID);
  }
}
