package io.mantle.extproc.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.tenant.SpentBudgets.Spent;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpentBudgetsTest {
  private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
  private static final Instant LAST_OF_NOVEMBER = DECEMBER.minusMillis(1);

  @Test
  void budget_ofTheTenant_keepsOutEveryKey_untilItsMonthIsOver() {
    SpentBudgets spent = new SpentBudgets(DECEMBER, Map.of());
    assertThat(spent.keepingOut("any", LAST_OF_NOVEMBER)).contains(new Spent(false, DECEMBER));
    assertThat(spent.keepingOut("any", DECEMBER)).isEmpty();
  }

  @Test
  void budget_ofAKey_keepsOutThatKeyAlone() {
    SpentBudgets spent = new SpentBudgets(Instant.EPOCH, Map.of("ci", DECEMBER));
    assertThat(spent.keepingOut("ci", LAST_OF_NOVEMBER)).contains(new Spent(true, DECEMBER));
    assertThat(spent.keepingOut("ci", DECEMBER)).isEmpty();
    assertThat(spent.keepingOut("other", LAST_OF_NOVEMBER)).isEmpty();
  }
}
