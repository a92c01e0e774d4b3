package io.mantle.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestCostTest {
  @Test
  void result_everyBlockTwiceAsDear_isTwoWithoutDoubt() {
    RequestCost.Result result = RequestCost.result(List.of(1.0, 2.0, 3.0), List.of(2.0, 4.0, 6.0));

    assertThat(result.ratio()).isCloseTo(2, within(1e-9));
    assertThat(result.ratioLow()).isCloseTo(2, within(1e-9));
    assertThat(result.ratioHigh()).isCloseTo(2, within(1e-9));
  }

  @Test
  void result_roundsDiffer_isTheGeometricMeanWithStudentsInterval() {
    RequestCost.Result result = RequestCost.result(List.of(1.0, 1.0), List.of(Math.E, Math.exp(3)));

    assertThat(Math.log(result.ratio())).isCloseTo(2, within(1e-9));
    assertThat(Math.log(result.ratioHigh())).isCloseTo(2 + 12.71, within(1e-9));
    assertThat(Math.log(result.ratioLow())).isCloseTo(2 - 12.71, within(1e-9));
  }

  @Test
  void median_evenCount_isBetweenTheMiddleTwo() {
    assertThat(RequestCost.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
  }
}
