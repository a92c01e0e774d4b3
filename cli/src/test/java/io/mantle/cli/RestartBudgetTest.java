package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RestartBudgetTest {
  private static final Duration FIRST = Duration.ofMillis(200);
  private final RestartBudget budget = new RestartBudget(2, Duration.ofSeconds(60));

  @Test
  void spend_withinTheWindow_endsAtTheLimit() {
    assertThat(budget.spend(0)).isTrue();
    assertThat(budget.spend(1)).isTrue();
    assertThat(budget.spend(2)).isFalse();
  }

  @Test
  void spend_afterTheWindow_isPossibleAgain() {
    budget.spend(0);
    budget.spend(1);

    assertThat(budget.spend(Duration.ofSeconds(61).toNanos())).isTrue();
  }

  @Test
  void delay_eachStart_doubles() {
    budget.spend(0);
    assertThat(budget.delay(FIRST)).isEqualTo(FIRST);
    budget.spend(1);
    assertThat(budget.delay(FIRST)).isEqualTo(FIRST.multipliedBy(2));
  }
}
