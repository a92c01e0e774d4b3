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
import io.mantle.privacy.value.Span;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
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
  void of_deepTierThatIsNotThere_isRefused() {
    DetectionPolicy deep = deep(denying("Falcon"));

    assertThatThrownBy(() -> Detectors.of(deep, ACTIONS))
        .isInstanceOf(InvalidRuleException.class)
        .hasMessageStartingWith("deep: ");
  }

  @Test
  void of_deepTierThatIsNotAskedFor_isLeftAlone() throws InvalidRuleException {
    Examination examination =
        Detectors.of(
            DetectionPolicy.STANDARD,
            ACTIONS,
            () -> {
              throw new AssertionError("asked");
            });

    assertThat(examination.detector().mayBlock()).isFalse();
    assertThat(examination.detector().forRequest()).isSameAs(Detectors.standard());
  }

  @Test
  void detect_deepTier_addsToTheOthersWithinTheTenantsRules() throws InvalidRuleException {
    assertThat(foundDeep(allowing(), "so qxala wrote to qxbel@acme.com"))
        .containsExactly("PERSON qxala", "EMAIL qxbel@acme.com");
    assertThat(foundDeep(allowing("QXALA"), "so qxala met qxbel"))
        .as("allowed")
        .containsExactly("PERSON qxbel");
    assertThat(foundDeep(denying("so qxala"), "so qxala met qxbel"))
        .as("denied")
        .containsExactly("ORG so qxala", "PERSON qxbel");
  }

  @Test
  void detect_cardWithinWhatTheDeepTierFindsAndTheTenantAllows_isFound()
      throws InvalidRuleException {
    SecondTier wide = () -> (text, _) -> List.of(new Span(0, text.length(), EntityType.PERSON, 1));
    String text = "Jane 4111 1111 1111 1111";

    assertThat(found(Detectors.of(deep(allowing(text)), ACTIONS, wide), text))
        .containsExactly("CREDIT_CARD 4111 1111 1111 1111");
  }

  @Test
  void forRequest_deepTier_isAskedOnceForAllTexts() throws InvalidRuleException {
    AtomicInteger requests = new AtomicInteger();
    SecondTier counting =
        () -> {
          requests.incrementAndGet();
          return (_, found) -> found;
        };
    Detector detector = Detectors.of(deep(allowing()), ACTIONS, counting).detector();
    Detector request = detector.forRequest();
    request.detect(new Plaintext("one text"));
    request.detect(new Plaintext("another text"));

    assertThat(requests).hasValue(1);
    assertThat(detector.mayBlock()).isTrue();
    assertThat(request.mayBlock()).isTrue();
  }

  @Test
  void withoutWaiting_deepTier_isNotAskedAndTheTenantsRulesHold() throws InvalidRuleException {
    SecondTier deep =
        () -> {
          throw new AssertionError("asked");
        };
    Examination examination = Detectors.of(deep(denying("Falcon")), ACTIONS, deep).withoutWaiting();

    assertThat(examination.detector().mayBlock()).isFalse();
    assertThat(found(examination, "Falcon is in Paris, mail qxbel@acme.com"))
        .as("Paris is allowed")
        .containsExactly("ORG Falcon", "EMAIL qxbel@acme.com");
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

  private static DetectionPolicy deep(DetectionPolicy policy) {
    return new DetectionPolicy(
        policy.recall(), policy.deny(), policy.allow(), policy.recognizers(), true);
  }

  /** With a tier that knows the words that begin with qx. */
  private static List<String> foundDeep(DetectionPolicy policy, String text)
      throws InvalidRuleException {
    SecondTier deep =
        () ->
            (seen, found) -> {
              SpanMerge merge = new SpanMerge(seen);
              found.forEach(merge::add);
              Pattern.compile("\\bqx[a-z]+")
                  .matcher(seen.reveal())
                  .results()
                  .forEach(
                      word ->
                          merge.add(new Span(word.start(), word.end(), EntityType.PERSON, 0.9)));
              return merge.spans();
            };
    return found(Detectors.of(deep(policy), ACTIONS, deep), text);
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
    return found(Detectors.of(detection, actions), text);
  }

  private static List<String> found(Examination examination, String text) {
    return examination.detector().detect(new Plaintext(text)).stream()
        .filter(span -> examination.actions().action(span.type()) != Action.ALLOW)
        .map(span -> span.type() + " " + text.substring(span.start(), span.end()))
        .toList();
  }
}
