package io.mantle.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.custom.CustomRecognizer;
import io.mantle.privacy.detect.custom.DenyTerm;
import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.detect.deep.DeepDetector;
import io.mantle.privacy.detect.deep.DeepLimits;
import io.mantle.privacy.detect.deep.DeepTier;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.detect.deep.Guess;
import io.mantle.privacy.detect.deep.Pieces;
import io.mantle.privacy.detect.deep.TokenClassifier;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.rehydrate.RestorationPolicy;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
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
      Masking masking = ENGINE.mask(List.of(new Plaintext(text)), KEY, examination);

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

    assertThat(ENGINE.observe(texts, examination))
        .containsExactlyInAnyOrderEntriesOf(Map.of(EntityType.PERSON, 2, EntityType.EMAIL, 1));
    assertThat(ENGINE.mask(texts, KEY, examination))
        .isEqualTo(new Masking.Blocked(EntityType.PERSON, 2, 0));
  }

  @Test
  void mask_whatTheProviderHasOfEarlierRequests_isRestoredUnlessTheTextsSayItToo()
      throws Exception {
    KnownSurrogates said =
        new KnownSurrogates(
            List.of(
                known(EntityType.PERSON, "Juliet Pons", "Maria Garcia"),
                known(EntityType.EMAIL, "juliet@pons.example", "maria@acme-mail.com")));
    PrivacyPolicy actions = new PrivacyPolicy(Map.of(EntityType.EMAIL, Action.SUBSTITUTE));
    for (String more : List.of("", " and ana@acme-mail.com")) {
      String text = "Juliet Pons is another" + more;
      Masking.Masked masked =
          (Masking.Masked)
              ENGINE.mask(
                  List.of(new Plaintext(text)),
                  KEY,
                  new Examination(ENGINE.detector(), actions),
                  RestorationPolicy.DEFAULT,
                  said);
      assertThat(masked.restoration().restoreText("Juliet Pons: juliet@pons.example"))
          .isEqualTo("Juliet Pons: maria@acme-mail.com");
      assertThat(masked.restoration().restoreText(apply(text, masked.replacements())))
          .isEqualTo(text);
    }
  }

  private static KnownSurrogates.Known known(EntityType type, String surrogate, String original) {
    return new KnownSurrogates.Known(type, surrogate, new Plaintext(original), true);
  }

  /** The rest of the phrase shows who is meant, so that the part is masked would help nobody. */
  @Test
  void mask_partOfAnAllowedPhraseFoundElsewhere_leavesThePhraseWhole() throws Exception {
    Detector garcia =
        text ->
            text.reveal().startsWith("Garcia")
                ? List.of(new Span(0, 6, EntityType.PERSON, 1))
                : List.of();
    PrivacyPolicy actions = new PrivacyPolicy(Map.of(EntityType.PERSON, Action.SUBSTITUTE));
    Examination allowing =
        Detectors.of(
                new DetectionPolicy(
                    Recall.BALANCED,
                    List.of(),
                    List.of(new Plaintext("Maria Garcia")),
                    List.of(),
                    false),
                actions)
            .with(garcia);
    String second = "He met maria  GARCIA, Ana Garcia and Garcia.";
    Masking.Masked masked =
        (Masking.Masked)
            ENGINE.mask(
                List.of(new Plaintext("Garcia called."), new Plaintext(second)), KEY, allowing);

    String left = apply(second, masked.replacements().stream().filter(r -> r.text() == 1).toList());
    assertThat(left).startsWith("He met maria  GARCIA, Ana ").doesNotContain("Ana Garcia");
    assertThat(masked.entities()).containsExactly(Map.entry(EntityType.PERSON, 3));
    assertThat(masked.restoration().restoreText(left)).isEqualTo(second);
  }

  @Test
  void mask_deepTierGivesNoAnswer_throwsWhatItThrew() {
    DeepTier failing =
        new DeepTier(
            new TokenClassifier() {
              @Override
              public Pieces split(String text) {
                throw DeepTierException.failed(new IllegalStateException("out of order"));
              }

              @Override
              public int piecesMax() {
                return 100;
              }

              @Override
              public List<Guess> classify(Pieces pieces, int from, int to) {
                throw new AssertionError("nothing was split");
              }

              @Override
              public void close() {}
            },
            DeepLimits.standard());
    Examination deep =
        new Examination(new DeepDetector(Detectors.ofRules(), failing), PEOPLE_BLOCKED);

    assertThatThrownBy(() -> ENGINE.mask(List.of(new Plaintext("so Jane went")), KEY, deep))
        .isInstanceOf(DeepTierException.class);
    assertThat(failing.overruns(DeepTierException.Reason.FAILED)).isEqualTo(1);
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

    assertThatThrownBy(() -> ENGINE.mask(texts, KEY, costly))
        .isInstanceOf(UnmaskableException.class);
    assertThatThrownBy(() -> ENGINE.observe(texts, costly)).isInstanceOf(UnmaskableException.class);
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
