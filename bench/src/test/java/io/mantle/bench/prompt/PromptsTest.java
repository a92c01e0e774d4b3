package io.mantle.bench.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.bench.prompt.Prompts.Kind;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PromptsTest {

  @Test
  void prompts_ofEachKind_areAboutAsLargeAsTheirNameSays() {
    for (Prompt prompt : Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE)) {
      assertThat(prompt.body().length).isBetween(950, 1_300);
    }
    for (Prompt prompt : Prompts.of(Kind.PRIVATE_16K, Delivery.WHOLE)) {
      assertThat(prompt.body().length).isBetween(14_000, 17_500);
    }
  }

  @Test
  void prompts_ofOneKind_allDiffer() {
    Set<String> texts = new HashSet<>();
    Prompts.of(Kind.PRIVATE_1K, Delivery.STREAMED).forEach(prompt -> texts.add(prompt.text()));
    assertThat(texts).hasSize(16);
  }

  @Test
  void privatePrompt_holdsItsFourValues_andThePlainOneNone() {
    for (Prompt prompt : Prompts.of(Kind.PRIVATE_1K, Delivery.PACED)) {
      assertThat(prompt.privateValues()).hasSize(4);
      assertThat(prompt.answer()).contains(prompt.privateValues());
    }
    assertThat(Prompts.of(Kind.PLAIN_1K, Delivery.WHOLE))
        .allMatch(prompt -> prompt.privateValues().isEmpty());
  }

  @Test
  void cardNumbers_passTheCheckOfTheirLastDigit() {
    for (Prompt prompt : Prompts.of(Kind.PRIVATE_1K, Delivery.WHOLE)) {
      String digits = prompt.privateValues().getLast().replace(" ", "");
      int sum = 0;
      for (int i = 0; i < digits.length(); i++) {
        int digit = digits.charAt(digits.length() - 1 - i) - '0';
        sum += i % 2 == 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      }
      assertThat(sum % 10).isZero();
    }
  }

  @Test
  void model_ofARequest_namesItsPrompt() {
    Prompt prompt = Prompts.of(Kind.PRIVATE_16K, Delivery.STREAMED).getLast();
    assertThat(Prompts.named(prompt.model())).contains(prompt);
    assertThat(Prompts.named("gpt-x")).isEmpty();
  }
}
