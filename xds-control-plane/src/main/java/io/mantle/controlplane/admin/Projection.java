package io.mantle.controlplane.admin;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * What a month comes to at its end, if it goes on as it began. In its first day there is little to
 * go by, so that day counts as whole. A month that is over, or has not begun, is what it is.
 *
 * @param elapsed of the month, a day at least
 */
record Projection(Duration length, Duration elapsed) {
  private static final Duration ELAPSED_MIN = Duration.ofDays(1);

  static Projection of(YearMonth month, Instant now) {
    Instant begin = begin(month);
    Instant end = begin(month.plusMonths(1));
    Duration length = Duration.between(begin, end);
    if (!now.isBefore(end) || now.isBefore(begin)) {
      return new Projection(length, length);
    }
    Duration elapsed = Duration.between(begin, now);
    return new Projection(length, elapsed.compareTo(ELAPSED_MIN) < 0 ? ELAPSED_MIN : elapsed);
  }

  private static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Whether nothing of the month is still to come, as far as it began. */
  boolean isComplete() {
    return elapsed.equals(length);
  }

  BigDecimal of(BigDecimal soFar) {
    return soFar
        .multiply(BigDecimal.valueOf(length.toMillis()))
        .divide(BigDecimal.valueOf(elapsed.toMillis()), 0, RoundingMode.HALF_UP);
  }

  long ofCount(long soFar) {
    return of(BigDecimal.valueOf(soFar)).longValueExact();
  }
}
