package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailRecognizerTest {
  private static final Detector RULES = Detectors.ofRules();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "write to ⟦jane.smith@example.com⟧.",
        "<⟦jane+news@sub.example.co.uk⟧>",
        "mailto:⟦o'brien@example.org⟧?subject=x",
        "\"⟦j_doe-99@my-firm.de⟧\", ⟦a@b.io⟧",
        "(⟦jörg@müller.example⟧)",
        "😀⟦x.y@example.com⟧😀",
        "user=⟦first.last@xn--bcher-kva.example⟧;",
        "⟦jane@example.com⟧:22"
      })
  void detect_textThatHoldsSome_findsThoseAlone(String marked) {
    assertThat(Marked.mark(RULES, Marked.plain(marked), EntityType.EMAIL)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@decorator and user@localhost",
        "react@18.2.0 and actions/checkout@v4",
        "git@github.com:owner/name.git",
        "icon@2x.png",
        "a@b and a@b.c and a@.com and .@x",
        "5 @ 3.50 each",
        "foo@@bar"
      })
  void detect_textThatHoldsNone_findsNone(String text) {
    assertThat(Marked.mark(RULES, text, EntityType.EMAIL)).isEqualTo(text);
  }
}
