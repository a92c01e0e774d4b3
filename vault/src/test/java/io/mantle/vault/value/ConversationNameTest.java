package io.mantle.vault.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversationNameTest {
  private static final String SCOPE = "0123456789abcdef0123456789abcdef";

  @Test
  void newPart_isReadAsWhatItIsAndIsAnotherEachTime() {
    ConversationName scope = ConversationName.parse(SCOPE);
    assertThat(scope.isPart()).isFalse();
    ConversationName one = scope.withNewPart();
    assertThat(one.isPart()).isTrue();
    assertThat(one.text()).matches(SCOPE + "\\.[A-Za-z0-9_-]{12}");
    assertThat(ConversationName.parse(one.text())).isEqualTo(one);
    assertThat(one.withNewPart()).isNotEqualTo(one).extracting("scope").isEqualTo(SCOPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "case-7",
        "acme.case-7.2026",
        "a.abcdefghijkl",
        SCOPE + ".",
        SCOPE + ".short",
        SCOPE + ".abcdefghijklm",
        SCOPE + "0.abcdefghijkl",
        "0123456789ABCDEF0123456789ABCDEF.abcdefghijkl",
      })
  void name_ofAnyOtherForm_isAScopeOfItsOwn(String text) {
    assertThat(ConversationName.parse(text)).isEqualTo(new ConversationName(text, ""));
    assertThat(ConversationName.parse(text).text()).isEqualTo(text);
  }
}
