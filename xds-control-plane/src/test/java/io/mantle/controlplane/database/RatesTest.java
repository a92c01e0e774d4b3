package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tokens cost, to the billionth of a dollar. */
final class RatesTest {
  private static final Rates RATES = new Rates(2_500_000_000L, OptionalLong.of(3), 10_000_000_000L);

  @Test
  void cost_ofTokens_isTheirSum() {
    // 900 at 2.50, 100 cached (3e-9 of a dollar a million: nothing), 50 at 10
    assertThat(RATES.costNanoUsd(1_000, 100, 50)).isEqualTo(2_250_000 + 500_000);
    assertThat(RATES.costNanoUsd(0, 0, 0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"499999, 0", "500000, 1", "1499999, 1", "1500000, 2"})
  void cost_isRoundedOnce_aHalfUp(long tokens, long cost) {
    Rates tiny = new Rates(1, OptionalLong.empty(), 1);
    assertThat(tiny.costNanoUsd(tokens, 0, 0)).isEqualTo(cost);
    assertThat(tiny.costNanoUsd(tokens / 2, 0, tokens - tokens / 2)).isEqualTo(cost);
  }

  @Test
  void cached_withoutAPriceOfItsOwn_costsAsInput_andIsNeverMoreThanThePrompt() {
    Rates rates = new Rates(1_000_000, OptionalLong.empty(), 0);
    assertThat(rates.costNanoUsd(10, 4, 0)).isEqualTo(10);
    Rates cheap = new Rates(1_000_000, OptionalLong.of(0), 0);
    assertThat(cheap.costNanoUsd(10, 4, 0)).isEqualTo(6);
    assertThat(cheap.costNanoUsd(10, 400, 0)).isZero();
  }

  @Test
  void cost_ofTheMostThatCanBe_fits() {
    long most = 0xffff_ffffL;
    Rates dearest = new Rates(Rates.NANO_USD_MAX, OptionalLong.empty(), Rates.NANO_USD_MAX);
    assertThat(dearest.costNanoUsd(most, 0, most)).isEqualTo(2 * most * 10_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "2.50, 2500000000, 2.5",
    "0.000000001, 1, 0.000000001",
    "0, 0, 0",
    "10000, 10000000000000, 10000",
    "007.10, 7100000000, 7.1"
  })
  void dollars_asText_areExact(String text, long nanos, String shown) {
    assertThat(Usd.nanos(text)).hasValue(nanos);
    assertThat(Usd.text(nanos)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.", ".5", "1e3", "0.0000000001", "123456", "1,5", " 1"})
  void dollars_otherwise_areNone(String text) {
    assertThat(Usd.nanos(text)).isEmpty();
  }

  @Test
  void plan_beyondWhatIsIncluded_costsByTheRequest() {
    PlanPrice pro = new PlanPrice(4_900, OptionalLong.of(1_000), 5);
    assertThat(Usd.text(pro.feeNanoUsd())).isEqualTo("49");
    assertThat(pro.moreRequests(1_000)).isZero();
    assertThat(Usd.text(pro.moreRequestsNanoUsd(3_500))).isEqualTo("0.125");
    PlanPrice all = new PlanPrice(0, OptionalLong.empty(), 5);
    assertThat(all.moreRequestsNanoUsd(Long.MAX_VALUE)).isEqualByComparingTo(BigDecimal.ZERO);
  }
}
