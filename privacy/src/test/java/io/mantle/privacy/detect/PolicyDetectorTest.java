package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.detect.custom.CustomRecognizer;
import io.mantle.privacy.detect.custom.DenyTerm;
import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicyDetectorTest {
  private static final PrivacyPolicy ACTIONS = actions(Map.of());

  @Test
  void of_noRules_sharesTheDetectorOfItsRecall() throws InvalidRuleException {
    assertThat(Detectors.of(DetectionPolicy.STANDARD, ACTIONS))
        .isEqualTo(new Examination(Detectors.standard(), ACTIONS));
    assertThat(Detectors.of(policy(Recall.HIGH), ACTIONS))
        .isEqualTo(new Examination(Detectors.standard(Recall.HIGH), ACTIONS));
  }

  @Test
  void of_deepTier_isRefusedWhileThereIsNone() {
    DetectionPolicy deep =
        new DetectionPolicy(Recall.BALANCED, List.of(), List.of(), List.of(), true);

    assertThatThrownBy(() -> Detectors.of(deep, ACTIONS))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("deep: ");
  }

  @Test
  void detect_deniedPhrase_isFoundThoughItsTypeIsAllowed() throws InvalidRuleException {
    DetectionPolicy detector = denying("Falcon");

    assertThat(found(detector, "Ship Falcon by Monday 3 May 2021.", ACTIONS))
        .containsExactly("ORG Falcon");
    assertThat(
            found(detector, "Ship \uff26\uff21\uff2c\uff23\uff2f\uff2e or Fal\u200bcon.", ACTIONS))
        .as("in disguise")
        .containsExactly("ORG \uff26\uff21\uff2c\uff23\uff2f\uff2e", "ORG Fal\u200bcon");
  }

  @Test
  void detect_deniedPhraseWithinSomethingLarger_leavesItWhole() throws InvalidRuleException {
    assertThat(found(denying("acme"), "Write to jane@acme.com now.", ACTIONS))
        .containsExactly("EMAIL jane@acme.com");
    assertThat(found(denying("to jane"), "Write to jane@acme.com now.", ACTIONS))
        .as("partly")
        .containsExactly("ORG to jane@acme.com");
  }

  @Test
  void detect_deniedPhraseWithinWhatIsAllowed_isFoundAlone() throws InvalidRuleException {
    assertThat(found(denying("acme"), "See https://acme.com/docs for more.", ACTIONS))
        .containsExactly("ORG acme");
  }

  @Test
  void detect_deniedPhraseOfABlockedType_blocksWhateverItIsPartOf() throws InvalidRuleException {
    PrivacyPolicy blocking = actions(Map.of(EntityType.ORG, Action.BLOCK));

    assertThat(found(denying("acme"), "Write to jane@acme.com now.", blocking))
        .containsExactly("ORG jane@acme.com");
  }

  @Test
  void detect_allowedPhrase_passesAndItsPartsWithIt() throws InvalidRuleException {
    DetectionPolicy detector = allowing("maria garcia", "info@acme.com", "4111 1111 1111 1111");

    assertThat(
            found(detector, "Maria Garcia and Jane Smith wrote to INFO@acme.com today.", ACTIONS))
        .containsExactly("PERSON Jane Smith");
    assertThat(found(detector, "Card 4111 1111 1111 1111", ACTIONS))
        .as("a card number is never allowed by a list")
        .containsExactly("CREDIT_CARD 4111 1111 1111 1111");
  }

  @Test
  void detect_phraseDeniedAndAllowed_isDenied() throws InvalidRuleException {
    DetectionPolicy detector =
        new DetectionPolicy(
            Recall.BALANCED,
            List.of(new DenyTerm(new Plaintext("Maria Garcia"), EntityType.PERSON)),
            List.of(new Plaintext("Maria Garcia")),
            List.of(),
            false);

    assertThat(found(detector, "Hello, Maria Garcia!", ACTIONS))
        .containsExactly("PERSON Maria Garcia");
  }

  @Test
  void detect_customRecognizer_findsBesideTheOthers() throws InvalidRuleException {
    DetectionPolicy detector =
        new DetectionPolicy(
            Recall.BALANCED,
            List.of(),
            List.of(),
            List.of(
                new CustomRecognizer(
                    "badge",
                    EntityType.NATIONAL_ID,
                    List.of("\\bB-\\d{3}\\b", "\\d{4}"),
                    List.of(),
                    List.of())),
            false);

    assertThat(found(detector, "B-123 paid by card 4111 1111 1111 1111 to jane@x.org", ACTIONS))
        .containsExactly(
            "NATIONAL_ID B-123", "CREDIT_CARD 4111 1111 1111 1111", "EMAIL jane@x.org");
  }

  @Test
  void detect_costlyPattern_isAnOverrun() throws InvalidRuleException {
    DetectionPolicy detector =
        new DetectionPolicy(
            Recall.BALANCED,
            List.of(),
            List.of(),
            List.of(
                new CustomRecognizer("n", EntityType.ORG, List.of("a.*b|a"), List.of(), List.of())),
            false);

    assertThatThrownBy(() -> found(detector, "a".repeat(100_000), ACTIONS))
        .isInstanceOf(DetectionOverrunException.class);
  }

  private static DetectionPolicy policy(Recall recall) {
    return new DetectionPolicy(recall, List.of(), List.of(), List.of(), false);
  }

  private static DetectionPolicy denying(String phrase) {
    return new DetectionPolicy(
        Recall.BALANCED,
        List.of(new DenyTerm(new Plaintext(phrase), EntityType.ORG)),
        List.of(),
        List.of(),
        false);
  }

  private static DetectionPolicy allowing(String... phrases) {
    return new DetectionPolicy(
        Recall.BALANCED,
        List.of(),
        Stream.of(phrases).map(Plaintext::new).toList(),
        List.of(),
        false);
  }

  private static PrivacyPolicy actions(Map<EntityType, Action> otherwise) {
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      actions.put(type, Action.SUBSTITUTE);
    }
    for (EntityType type :
        List.of(EntityType.LOCATION, EntityType.ORG, EntityType.DATE, EntityType.URL)) {
      actions.put(type, Action.ALLOW);
    }
    actions.putAll(otherwise);
    return new PrivacyPolicy(actions);
  }

  private static List<String> found(DetectionPolicy detection, String text, PrivacyPolicy actions)
      throws InvalidRuleException {
    Examination examination = Detectors.of(detection, actions);
    return examination.detector().detect(new Plaintext(text)).stream()
        .filter(span -> examination.actions().action(span.type()) != Action.ALLOW)
        .map(span -> span.type() + " " + text.substring(span.start(), span.end()))
        .toList();
  }
}
