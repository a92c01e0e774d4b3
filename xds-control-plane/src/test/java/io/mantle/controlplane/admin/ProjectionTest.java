package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a month of 300 so far comes to. */
final class ProjectionTest {
  @ParameterizedTest
  @CsvSource({
    "2026-11-16T00:00:00Z, 600, false",
    "2026-11-04T00:00:00Z, 3000, false",
    "2026-11-01T00:00:01Z, 9000, false", // as of the end of its first day
    "2026-11-30T23:59:59Z, 300, false",
    "2026-12-01T00:00:00Z, 300, true",
    "2026-10-31T23:59:59Z, 300, true",
  })
  void projection_goesOnAsItBegan(Instant now, long expected, boolean complete) {
    Projection projection = Projection.of(YearMonth.of(2026, 11), now);
    assertThat(projection.ofCount(300)).isEqualTo(expected);
    assertThat(projection.isComplete()).isEqualTo(complete);
  }
}
