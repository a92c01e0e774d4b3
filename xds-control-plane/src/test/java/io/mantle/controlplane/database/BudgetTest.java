package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {
  private static final UUID KEY = UUID.randomUUID();

  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "7999999999, ''",
    "8000000000, 80",
    "9999999999, 80",
    "10000000000, '80 100'",
    "14999999999, '80 100'",
    "15000000000, '80 100 150'",
    "99999999999999999999, '80 100 150'"
  })
  void thresholds_areReachedByTheBillionth(String spentNanoUsd, String percents) {
    Budget tenDollars = budget(1_000, List.of(150, 100, 80, 80), false);
    assertThat(tenDollars.reached(new BigDecimal(spentNanoUsd)))
        .isEqualTo(
            percents.isEmpty()
                ? List.of()
                : List.of(percents.split(" ")).stream().map(Integer::valueOf).toList());
    assertThat(tenDollars.keepsOut(new BigDecimal(spentNanoUsd))).isFalse();
  }

  @Test
  void budgetThatStops_doesSoOnceAllIsSpent_andTellsOfIt() {
    Budget budget = budget(1, List.of(50), true);
    BigDecimal cent = BigDecimal.valueOf(10_000_000);
    assertThat(budget.keepsOut(cent.subtract(BigDecimal.ONE))).isFalse();
    assertThat(budget.keepsOut(cent)).isTrue();
    assertThat(budget.reached(cent)).containsExactly(50, 100);
    assertThat(budget.stopsAt(50)).isFalse();
    assertThat(budget.stopsAt(100)).isTrue();
  }

  @Test
  void budget_ofTheLargestLimit_isComparedExactly() {
    Budget largest = budget(LimitKind.VALUE_MAX, List.of(1_000), true);
    BigDecimal limit = new BigDecimal("10000000000000000000");
    assertThat(largest.keepsOut(limit)).isTrue();
    assertThat(largest.keepsOut(limit.subtract(BigDecimal.ONE))).isFalse();
    assertThat(largest.reached(limit.multiply(BigDecimal.TEN))).containsExactly(100, 1_000);
  }

  @Test
  void limitsOfMoney_areBudgetsThatStop() {
    Limits plan = new Limits(Map.of(LimitKind.MONTHLY_BUDGET_CENTS, OptionalLong.of(500)));
    Limits key = new Limits(Map.of(LimitKind.MONTHLY_BUDGET_CENTS, OptionalLong.of(7)));
    assertThat(Budget.of(new TenantLimits(plan, Limits.SILENT, Map.of(KEY, key))))
        .containsExactly(
            new Budget(Optional.empty(), 500, List.of(80, 100), true, true),
            new Budget(Optional.of(KEY), 7, List.of(80, 100), true, true));
    assertThat(Budget.of(TenantLimits.NONE)).isEmpty();
  }

  private static Budget budget(long cents, List<Integer> percents, boolean stops) {
    return new Budget(Optional.empty(), cents, percents, stops);
  }
}
