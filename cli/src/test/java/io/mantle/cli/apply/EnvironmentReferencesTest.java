package io.mantle.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.cli.apply.EnvironmentReferences.UnresolvedException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvironmentReferencesTest {
  private final EnvironmentReferences references =
      new EnvironmentReferences(Map.of("SET", "value", "EMPTY", "", "NESTED", "${SET}"));

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "${SET}, value",
    "a${SET}b${SET}, avaluebvalue",
    "${SET:-other}, value",
    "${EMPTY:-other}, other",
    "${MISSING:-other words}, other words",
    "${MISSING:-}, ''",
    "${EMPTY}, ''",
    "$${SET}, ${SET}",
    "$$${SET}, $${SET}",
    "$5 and {SET}, $5 and {SET}"
  })
  void text_withReferences_hasTheirValues(String text, String expanded) throws Exception {
    assertThat(references.expand(text)).isEqualTo(expanded);
  }

  @Test
  void value_thatLooksLikeAReference_isNotExpandedAgain() throws Exception {
    assertThat(references.expand("${NESTED}")).isEqualTo("${SET}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"${MISSING}", "${", "${}", "${1A}", "${SET", "${SET:other}", "${a b}"})
  void reference_thatLeadsNowhere_isRefused(String text) {
    assertThatThrownBy(() -> references.expand(text))
        .isInstanceOf(UnresolvedException.class)
        .hasMessageNotContaining("value");
  }
}
