package io.mantle.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.custom.CustomRecognizer;
import io.mantle.privacy.detect.custom.DenyTerm;
import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrivacyEngineTest {
  private static final PrivacyEngine ENGINE =
      new PrivacyEngine(Detectors.ofRules(), SurrogateMint.load());
  private static final ConversationKey KEY =
      ConversationKey.derive(new byte[32], new byte[] {1, 2, 3});
  private static final PrivacyPolicy ALLOW_ALL = new PrivacyPolicy(Map.of());
  private static final PrivacyPolicy PEOPLE_BLOCKED =
      new PrivacyPolicy(
          Map.of(EntityType.EMAIL, Action.SUBSTITUTE, EntityType.PERSON, Action.BLOCK));

  /** A denied phrase may look like nothing of its type. */
  @ParameterizedTest
  @EnumSource(EntityType.class)
  void mask_deniedPhrasesOfAnyType_leaveAsSurrogatesAndComeBack(EntityType type) throws Exception {
    List<String> phrases =
        List.of("Falcon", "Project Falcon 7", "x-37b#", "42", "\u5c71\u7530", "O'Neil & Sons");
    Examination examination =
        examination(
            phrases.stream().map(p -> new DenyTerm(new Plaintext(p), type)).toList(), ALLOW_ALL);
    for (String phrase : phrases) {
      String text = "They say " + phrase + " is secret, and " + phrase + " it stays.";
      Masking masking =
          ENGINE.mask(
              List.of(new Plaintext(text)), KEY, examination.actions(), examination.detector());

      assertThat(masking).isInstanceOf(Masking.Masked.class);
      Masking.Masked masked = (Masking.Masked) masking;
      assertThat(masked.entities()).containsExactly(Map.entry(type, 2));
      String left = apply(text, masked.replacements());
      assertThat(left).doesNotContain(" " + phrase + " ");
      assertThat(masked.restoration().restoreText(left)).isEqualTo(text);
    }
  }

  @Test
  void observe_anyPolicy_countsWhatMaskWouldReplaceOrBlock() throws Exception {
    Examination examination =
        examination(
            List.of(new DenyTerm(new Plaintext("Jane Smith"), EntityType.PERSON)), PEOPLE_BLOCKED);
    List<Plaintext> texts =
        List.of(new Plaintext("Jane Smith: jane@acme.com"), new Plaintext("ask jane smith"));

    assertThat(ENGINE.observe(texts, examination.actions(), examination.detector()))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EntityType.PERSON, 2, EntityType.EMAIL, 1));
    assertThat(ENGINE.mask(texts, KEY, examination.actions(), examination.detector()))
        .isEqualTo(new Masking.Blocked(EntityType.PERSON, 2, 0));
  }

  @Test
  void mask_detectorOverrun_isUnmaskable() throws Exception {
    Examination costly =
        Detectors.of(
            new DetectionPolicy(
                Recall.BALANCED,
                List.of(),
                List.of(),
                List.of(
                    new CustomRecognizer(
                        "n", EntityType.ORG, List.of("a.*b|a"), List.of(), List.of())),
                false),
            ALLOW_ALL);
    List<Plaintext> texts = List.of(new Plaintext("a".repeat(100_000)));

    assertThatThrownBy(() -> ENGINE.mask(texts, KEY, ALLOW_ALL, costly.detector()))
        .isInstanceOf(UnmaskableException.class);
    assertThatThrownBy(() -> ENGINE.observe(texts, ALLOW_ALL, costly.detector()))
        .isInstanceOf(UnmaskableException.class);
  }

  private static Examination examination(List<DenyTerm> deny, PrivacyPolicy actions)
      throws InvalidRuleException {
    return Detectors.of(
        new DetectionPolicy(Recall.BALANCED, deny, List.of(), List.of(), false), actions);
  }

  private static String apply(String text, List<Masking.Replacement> replacements) {
    StringBuilder masked = new StringBuilder(text);
    for (Masking.Replacement r : replacements.reversed()) {
      masked.replace(r.start(), r.end(), r.surrogate());
    }
    return masked.toString();
  }
}
