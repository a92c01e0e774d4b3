package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.EntityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameRecognizerTest {
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
        "Dear Mrs ⟦Johnson⟧, your appointment is on Monday."
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
}
