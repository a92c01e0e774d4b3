package io.mantle.extproc.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FreshnessTest {
  private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Freshness freshness = new Freshness(Duration.ofHours(24), () -> now);

  @Test
  void ageAtLastWord_told_isWhatWasToldUntilSilence() {
    freshness.told(Duration.ofSeconds(40));
    now = now.plusSeconds(10);
    assertThat(freshness.ageAtLastWord(SILENCE_MAX)).hasValue(Duration.ofSeconds(40));
    now = now.plusMillis(1);
    assertThat(freshness.ageAtLastWord(SILENCE_MAX)).isEmpty();
  }

  @Test
  void ageAtLastWord_neverConnectedOrLostOrNotTold_isNotKnown() {
    assertThat(freshness.ageAtLastWord(SILENCE_MAX)).isEmpty();
    freshness.told(Duration.ZERO);
    freshness.lost();
    assertThat(freshness.ageAtLastWord(SILENCE_MAX)).isEmpty();
    freshness.untold();
    assertThat(freshness.ageAtLastWord(SILENCE_MAX)).isEmpty();
  }
}
