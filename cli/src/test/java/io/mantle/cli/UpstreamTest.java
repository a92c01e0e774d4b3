package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UpstreamTest {
  @ParameterizedTest
  @CsvSource({
    "https://api.example.com, https://api.example.com/v1",
    "https://api.example.com/, https://api.example.com/v1",
    "https://api.example.com/v1, https://api.example.com/v1",
    "https://api.example.com/v1/, https://api.example.com/v1",
    "openai=https://api.example.com/v1, https://api.example.com/v1",
    "https://api.example.com/api, https://api.example.com/api/v1",
    "https://api.example.com/v1beta/openai, https://api.example.com/v1beta/openai",
    "http://localhost:11434, http://localhost:11434/v1",
    "http://127.0.0.1:9000/v1, http://127.0.0.1:9000/v1",
    "http://[::1]:9000, http://[::1]:9000/v1",
  })
  void parse_url_endsWithItsVersion(String argument, String baseUrl) throws LaunchException {
    assertThat(Upstream.parse(argument).baseUrl()).hasToString(baseUrl);
  }

  @ParameterizedTest
  @ValueSource(strings = {"google=https://x", "ollama=http://localhost:1"})
  void parse_kindToCome_saysNotYet(String argument) {
    assertThatThrownBy(() -> Upstream.parse(argument)).hasMessageContaining("not yet");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com/v1",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com"
      })
  void parse_plainHttpToAnotherHost_isRefused(String argument) {
    assertThatThrownBy(() -> Upstream.parse(argument)).hasMessageContaining("plain http");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "ftp://example.com",
        "https://",
        "https://sk-secret@example.com",
        "https://example.com/?key=sk-secret",
        "no such=https://example.com",
        "sk-secret"
      })
  void parse_notAUrl_isRefusedWithoutRepeatingIt(String argument) {
    assertThatThrownBy(() -> Upstream.parse(argument))
        .isInstanceOf(LaunchException.class)
        .message()
        .doesNotContain("sk-secret");
  }

  @Test
  void parse_anthropic_isServed() throws LaunchException {
    Upstream upstream = Upstream.parse("anthropic=https://api.example.com");

    assertThat(upstream.kind()).isEqualTo(Upstream.Kind.ANTHROPIC);
    assertThat(upstream.baseUrl()).hasToString("https://api.example.com/v1");
    assertThat(upstream.key(Map.of("MANTLE_UPSTREAM_KEY_ANTHROPIC", "c"))).isEqualTo("c");
  }

  @Test
  void key_ofTheKind_winsOverTheGeneralOne() throws LaunchException {
    Upstream upstream = Upstream.parse("https://api.example.com");

    assertThat(upstream.key(Map.of())).isEmpty();
    assertThat(upstream.key(Map.of("MANTLE_UPSTREAM_KEY", "a"))).isEqualTo("a");
    assertThat(upstream.key(Map.of("MANTLE_UPSTREAM_KEY", "a", "MANTLE_UPSTREAM_KEY_OPENAI", "b")))
        .isEqualTo("b");
  }
}
