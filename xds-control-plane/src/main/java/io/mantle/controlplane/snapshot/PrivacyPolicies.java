package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.database.PrivacyRow.DetectionRow;
import io.mantle.controlplane.database.PrivacyRow.RecognizerRow;
import io.mantle.privacy.detect.DetectionPolicy;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.detect.custom.RuleOverrunException;
import io.mantle.privacy.detect.custom.TenantRules;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.proto.policy.v1.CustomRecognizer;
import io.mantle.proto.policy.v1.DenyTerm;
import io.mantle.proto.policy.v1.PrivacyPolicy;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Makes of a stored privacy policy the one that is pushed. It is compiled here as a sidecar will
 * compile it, and its samples are tried, so that what a sidecar would refuse is never sent.
 */
public final class PrivacyPolicies {
  private static final int PROMPT_CHARS_MAX = 2_000;

  static final int SAMPLES_MAX = 20;
  static final int SAMPLE_CHARS_MAX = 1_000;

  private PrivacyPolicies() {}

  /**
   * Judges a policy before it is stored.
   *
   * @param deepTier whether every sidecar has a model for the deep tier
   * @throws InvalidPolicyException naming the first field that cannot be used
   */
  public static void check(PrivacyRow row, boolean deepTier) throws InvalidPolicyException {
    of(row, deepTier);
  }

  static PrivacyPolicy of(PrivacyRow row, boolean deepTier) throws InvalidPolicyException {
    PrivacyPolicy.Builder policy =
        PrivacyPolicy.newBuilder()
            .putAllActions(PrivacyActions.over(row.preset(), row.actions()))
            .setRecall(recall(row.detection().recall()))
            .setMode(mode(row.mode()))
            .addAllAllow(row.detection().allow())
            .setDeep(row.detection().deep())
            .setMedia(media(row.media()))
            .setPreservationPrompt(preservationPrompt(row.preservationPrompt()))
            .setAnswers(AnswerPolicies.of(row.answers()))
            .setTraceContent(row.traceContent())
            .setRecordExchanges(row.recordExchangesHours().isPresent());
    checkRules(row.detection(), deepTier);
    for (PrivacyRow.DenyRow term : row.detection().deny()) {
      policy.addDeny(DenyTerm.newBuilder().setPhrase(term.phrase()).setEntityType(term.type()));
    }
    for (RecognizerRow recognizer : row.detection().recognizers()) {
      policy.addRecognizers(
          CustomRecognizer.newBuilder()
              .setName(recognizer.name())
              .setEntityType(recognizer.type())
              .addAllPatterns(recognizer.patterns())
              .addAllWords(recognizer.words())
              .addAllContext(recognizer.context()));
    }
    return policy.build();
  }

  private static PrivacyPolicy.Recall recall(String name) throws InvalidPolicyException {
    return switch (name) {
      case "high" -> PrivacyPolicy.Recall.HIGH;
      case "balanced" -> PrivacyPolicy.Recall.BALANCED;
      case "precise" -> PrivacyPolicy.Recall.PRECISE;
      default -> throw new InvalidPolicyException("recall", "none of high, balanced and precise");
    };
  }

  private static PrivacyPolicy.Mode mode(String name) throws InvalidPolicyException {
    return switch (name) {
      case "enforce" -> PrivacyPolicy.Mode.ENFORCE;
      case "detect_only" -> PrivacyPolicy.Mode.DETECT_ONLY;
      default -> throw new InvalidPolicyException("mode", "neither enforce nor detect_only");
    };
  }

  private static String preservationPrompt(String prompt) throws InvalidPolicyException {
    if (prompt.length() > PROMPT_CHARS_MAX) {
      throw new InvalidPolicyException(
          "preservation_prompt", "longer than " + PROMPT_CHARS_MAX + " characters");
    }
    return prompt;
  }

  private static PrivacyPolicy.Media media(String name) throws InvalidPolicyException {
    return switch (name) {
      case "pass" -> PrivacyPolicy.Media.PASS;
      case "refuse" -> PrivacyPolicy.Media.REFUSE;
      default -> throw new InvalidPolicyException("media", "neither pass nor refuse");
    };
  }

  /**
   * How a sidecar that has no model for the deep tier examines this tenant's texts. Compiles the
   * tenant's rules, and reads the detector's model where none was read yet.
   *
   * @throws InvalidPolicyException naming the first field that cannot be used
   */
  public static Examination examination(PrivacyRow row) throws InvalidPolicyException {
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    // A sidecar reads the pushed names in the same way.
    PrivacyActions.over(row.preset(), row.actions())
        .forEach(
            (type, action) -> actions.put(EntityType.valueOf(type), Action.valueOf(action.name())));
    Recall recall = Recall.valueOf(recall(row.detection().recall()).name());
    try {
      return Detectors.of(
          detection(row.detection(), recall, false),
          new io.mantle.privacy.value.PrivacyPolicy(actions));
    } catch (InvalidRuleException e) {
      throw new InvalidPolicyException(e.field(), e.reason());
    }
  }

  private static void checkRules(DetectionRow row, boolean deepTier) throws InvalidPolicyException {
    try {
      TenantRules rules = Detectors.check(detection(row, Recall.BALANCED, row.deep()), deepTier);
      for (int i = 0; i < row.recognizers().size(); i++) {
        String samples = "recognizers[" + i + "].samples.";
        RecognizerRow recognizer = row.recognizers().get(i);
        trySamples(samples + "positive", rules, i, recognizer.positives(), true);
        trySamples(samples + "negative", rules, i, recognizer.negatives(), false);
      }
    } catch (InvalidRuleException e) {
      throw new InvalidPolicyException(e.field(), e.reason());
    }
  }

  private static DetectionPolicy detection(DetectionRow row, Recall recall, boolean deep)
      throws InvalidPolicyException {
    List<io.mantle.privacy.detect.custom.DenyTerm> deny = new ArrayList<>();
    for (PrivacyRow.DenyRow term : row.deny()) {
      deny.add(
          new io.mantle.privacy.detect.custom.DenyTerm(
              new Plaintext(term.phrase()), type("deny[" + deny.size() + "].type", term.type())));
    }
    List<io.mantle.privacy.detect.custom.CustomRecognizer> recognizers = new ArrayList<>();
    for (RecognizerRow recognizer : row.recognizers()) {
      recognizers.add(
          new io.mantle.privacy.detect.custom.CustomRecognizer(
              recognizer.name(),
              type("recognizers[" + recognizers.size() + "].type", recognizer.type()),
              recognizer.patterns(),
              texts(recognizer.words()),
              texts(recognizer.context())));
    }
    return new DetectionPolicy(recall, deny, texts(row.allow()), recognizers, deep);
  }

  private static void trySamples(
      String field, TenantRules rules, int recognizer, List<String> samples, boolean positive)
      throws InvalidPolicyException {
    if (samples.isEmpty() || samples.size() > SAMPLES_MAX) {
      throw new InvalidPolicyException(field, "a recognizer has 1 to " + SAMPLES_MAX + " of them");
    }
    for (int i = 0; i < samples.size(); i++) {
      String at = field + "[" + i + "]";
      String sample = samples.get(i);
      if (sample.isEmpty() || sample.length() > SAMPLE_CHARS_MAX) {
        throw new InvalidPolicyException(
            at, "a sample has 1 to " + SAMPLE_CHARS_MAX + " characters");
      }
      boolean finds;
      try {
        finds = rules.finds(recognizer, new Plaintext(sample));
      } catch (RuleOverrunException e) {
        throw new InvalidPolicyException(at, String.valueOf(e.getMessage()));
      }
      if (finds != positive) {
        throw new InvalidPolicyException(
            at, positive ? "the recognizer finds nothing in it" : "the recognizer finds something");
      }
    }
  }

  private static EntityType type(String field, String name) throws InvalidPolicyException {
    try {
      return EntityType.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException(field, "not an entity type");
    }
  }

  private static List<Plaintext> texts(List<String> texts) {
    return texts.stream().map(Plaintext::new).toList();
  }
}
