package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from ⟦192.168.1.1⟧.",
        "http://⟦10.0.0.1⟧:8080/x and ⟦10.0.0.0/8⟧",
        "⟦2001:db8::1⟧, [⟦2001:db8::2⟧]:443",
        "⟦fe80::1%eth0⟧ and ⟦::1⟧",
        "⟦::ffff:192.0.2.1⟧",
        "⟦2001:0db8:85a3:0000:0000:8a2e:0370:7334⟧",
        "⟦2001:db8::/32⟧",
        "my ip:⟦255.255.255.255⟧"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.IP)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "256.1.1.1 and 1.2.3",
        "version 1.2.3.4 and v1.2.3.4 and Chrome/120.0.0.0",
        "1.2.3.4.5",
        "12:30:45 and 10:20",
        "std::string and a::b and Foo::bar and ab::cd",
        "x[::2] and x[::-1] and a :: b",
        "2025-08-07T12:30:45Z",
        "1.10 → 2x + 1 = 1.10",
        "ff:ff"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.IP)).isEqualTo(text);
  }
}
