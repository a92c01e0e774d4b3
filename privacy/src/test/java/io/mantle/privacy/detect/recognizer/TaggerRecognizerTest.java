package io.mantle.privacy.detect.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Marked;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaggerRecognizerTest {
  private static final Detector DETECTOR = Detectors.standard();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "My name is ⟦Jane Smith⟧.",
        "My name is ⟦Maria Garcia⟧, write to me.",
        "Please ask ⟦Robert Miller⟧ about it",
        "⟦Jane Smith⟧'s car",
        "\ud83d\ude00 My name is ⟦Jane Smith⟧ \ud83d\ude00",
        "My name is ⟦Zoe\u0308 Mu\u0308ller⟧.",
        "{\"name\": \"⟦Maria Garcia⟧\", \"age\": 34}",
        "Dear ⟦Mrs Johnson⟧, your appointment is on Monday."
      })
  void detect_textWithNames_findsThoseAlone(String marked) {
    assertThat(Marked.mark(DETECTOR, Marked.plain(marked), EntityType.PERSON)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "auto",
        "user",
        "User",
        "location",
        "get_current_weather",
        "celsius",
        "gpt-5-nano-2025-08-07",
        "chatcmpl-C4HqHBe4xca0k0EzsCnf1t6V3YFXp",
        "Hello!",
        "Good morning",
        "Write a poem about the sea.",
        "How do I sort a list in Python?",
        "You are a helpful assistant.",
        "int high = Math.max(0, low);",
        "public final class Invoice { private final Money total; }",
        "# Getting Started\n\nInstall Docker, then run the Quick Start.",
        "SELECT name, city FROM users WHERE id = 7",
        "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}",
        "What is the capital of France?"
      })
  void detect_textWithoutNames_findsNone(String text) {
    assertThat(Marked.mark(DETECTOR, text, EntityType.PERSON)).isEqualTo(text);
  }

  @Test
  void detect_titleAndSuffix_areOnePersonWithTheName() {
    String marked = "We saw ⟦Dr. Jane Smith-Lee Jr.⟧ at noon.";
    assertThat(Marked.mark(DETECTOR, Marked.plain(marked), EntityType.PERSON)).isEqualTo(marked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I live at ⟦12 Main Street, Springfield, IL 62701⟧.",
        "Ich wohne in der ⟦Gartenstraße 12, 80331 München⟧.",
        "Ship it to ⟦221 Oak Avenue, Portland, OR 97205⟧ please."
      })
  void detect_streetAddress_isOneAddress(String marked) {
    assertThat(Marked.mark(DETECTOR, Marked.plain(marked), EntityType.ADDRESS)).isEqualTo(marked);
  }

  @Test
  void detect_dateBehindBirthWord_isADateOfBirth() {
    assertThat(DETECTOR.detect(new Plaintext("Date of birth: 12/03/1984, seen on 01/02/2024.")))
        .extracting(Span::type)
        .containsExactly(EntityType.DATE_OF_BIRTH, EntityType.DATE);
  }

  @Test
  void detect_higherRecall_coversWhatLowerRecallCovers() {
    String text = "ask maria lopez from acme whether the lisbon office is open";
    int precise = covered(Detectors.standard(Recall.PRECISE), text);
    int balanced = covered(DETECTOR, text);
    int high = covered(Detectors.standard(Recall.HIGH), text);

    assertThat(precise).isLessThanOrEqualTo(balanced);
    assertThat(balanced).isLessThanOrEqualTo(high);
    assertThat(high).isPositive();
  }

  private static int covered(Detector detector, String text) {
    return detector.detect(new Plaintext(text)).stream().mapToInt(Span::length).sum();
  }
}
