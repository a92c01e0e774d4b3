package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonBodyTest {
  private static final Set<String> KNOWN = Set.of("name", "count", "on", "list");

  @Test
  void read_everyType_givesItsValue() {
    JsonBody body =
        JsonBody.read("{\"name\":\"a\",\"count\":3,\"on\":false,\"list\":[\"x\",\"y\"]}", KNOWN);

    assertThat(body.text("name", 1, 5)).isEqualTo("a");
    assertThat(body.whole("count", 0, 9, 0)).isEqualTo(3);
    assertThat(body.flag("on", true)).isFalse();
    assertThat(body.texts("list", 2, 1)).containsExactly("x", "y");
  }

  @Test
  void read_nothingGiven_givesTheDefaults() {
    JsonBody body = JsonBody.read("{}", KNOWN);

    assertThat(body.textIfGiven("name", 1, 5)).isEmpty();
    assertThat(body.whole("count", 0, 9, 7)).isEqualTo(7);
    assertThat(body.flag("on", true)).isTrue();
    assertThat(body.texts("list", 2, 1)).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "null",
        "{} {}",
        "{\"name\":1,\"name\":2}",
        "{\"other\":1}",
        "{\"Name\":1}"
      })
  void read_whatIsNoObjectOfKnownFields_isRefused(String text) {
    assertThatThrownBy(() -> JsonBody.read(text, KNOWN)).isInstanceOf(Problem.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":1}",
        "{\"name\":null}",
        "{\"name\":\"\"}",
        "{\"name\":\"toolong\"}",
        "{\"name\":\"\\u0000\"}",
        "{\"name\":\"\\ud800\"}"
      })
  void text_notAsAskedFor_isRefused(String text) {
    JsonBody body = JsonBody.read(text, KNOWN);
    assertThatThrownBy(() -> body.text("name", 1, 5)).isInstanceOf(Problem.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"3\"", "3.0", "10", "-1", "99999999999", "null"})
  void whole_notAsAskedFor_isRefused(String value) {
    JsonBody body = JsonBody.read("{\"count\":" + value + "}", KNOWN);
    assertThatThrownBy(() -> body.whole("count", 0, 9, 0)).isInstanceOf(Problem.class);
  }
}
