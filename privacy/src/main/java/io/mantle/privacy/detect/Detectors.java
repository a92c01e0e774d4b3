package io.mantle.privacy.detect;

import io.mantle.privacy.detect.custom.InvalidRuleException;
import io.mantle.privacy.detect.custom.TenantRules;
import io.mantle.privacy.detect.recognizer.Recognizer;
import io.mantle.privacy.detect.recognizer.Recognizers;
import io.mantle.privacy.detect.tagger.Recall;
import io.mantle.privacy.detect.tagger.Tagger;
import io.mantle.privacy.detect.tagger.TaggerModel;
import io.mantle.privacy.value.PrivacyPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes detectors. All share one model, read when the first of them needs it: about 0.3 s and 17
 * MB, once in a process.
 */
public final class Detectors {
  private Detectors() {}

  private static final String MODEL = "tagger.bin";

  /** What every tenant's detector is made of; read once, by whoever comes first. */
  private static final class Shared {
    private static final Map<Recall, RecognizerChain> TIERS = tiers(model());

    private static Map<Recall, RecognizerChain> tiers(TaggerModel model) {
      List<Recognizer> rules = Recognizers.ofRules();
      Map<Recall, RecognizerChain> tiers = new EnumMap<>(Recall.class);
      for (Recall recall : Recall.values()) {
        tiers.put(recall, chain(rules, new Tagger(model, recall)));
      }
      return tiers;
    }
  }

  /**
   * The detector of the default tiers: rules for what has a form, a trained tagger for what has
   * none. One instance serves all threads.
   *
   * @throws IllegalStateException if the model is missing or cannot be read
   */
  public static Detector standard() {
    return standard(Recall.BALANCED);
  }

  /**
   * As {@link #standard()}, but rather with false alarms or rather with misses.
   *
   * @throws IllegalStateException if the model is missing or cannot be read
   */
  public static Detector standard(Recall recall) {
    return tiers(recall);
  }

  /** As the other method, where there is no deep tier. */
  public static Examination of(DetectionPolicy policy, PrivacyPolicy actions)
      throws InvalidRuleException {
    return of(policy, actions, null);
  }

  /**
   * The examination that a policy asks for. Compiles the tenant's rules, so make it once for a
   * policy.
   *
   * <p>With the deep tier the others look with high recall, whatever the policy's: that is how they
   * were measured together. Where others wait for the thread, they look alone and as the policy has
   * it.
   *
   * @param actions what happens to what is found, by type
   * @param deep the tier for policies that ask for it, or null where there is none
   * @throws InvalidRuleException if the policy cannot be followed; it names the field
   * @throws IllegalStateException if the model is missing or cannot be read
   */
  public static Examination of(
      DetectionPolicy policy, PrivacyPolicy actions, @Nullable SecondTier deep)
      throws InvalidRuleException {
    TenantRules rules = check(policy, deep != null);
    RecognizerChain tiers = tiers(policy.recall());
    if (deep != null && policy.deep()) {
      return examination(new TwoTiers(tiers(Recall.HIGH), deep), tiers, rules, actions);
    }
    return rules.isEmpty()
        ? new Examination(tiers, actions)
        : examination(tiers, tiers, rules, actions);
  }

  private static Examination examination(
      Tiers tiers, Tiers unwaiting, TenantRules rules, PrivacyPolicy actions) {
    return new Examination(
        new PolicyDetector(tiers, rules, actions),
        new PolicyDetector(unwaiting, rules, actions),
        actions.allowingNothing(),
        (text, mentions) -> rules.withoutAllowed(text.reveal(), mentions));
  }

  /**
   * Whether {@link #of} could follow a policy, found out without a model.
   *
   * @param deepTier whether there is a deep tier
   * @return its rules, to try them on samples
   * @throws InvalidRuleException if it could not; it names the field
   */
  public static TenantRules check(DetectionPolicy policy, boolean deepTier)
      throws InvalidRuleException {
    if (policy.deep() && !deepTier) {
      throw new InvalidRuleException("deep", "this deployment has no model for the deep tier");
    }
    return TenantRules.compile(policy.deny(), policy.allow(), policy.recognizers());
  }

  private static RecognizerChain tiers(Recall recall) {
    return Objects.requireNonNull(Shared.TIERS.get(recall));
  }

  /** The default tiers with a tagger at hand: to measure one that was just trained. */
  public static Detector with(Tagger tagger) {
    return chain(Recognizers.ofRules(), tagger);
  }

  private static RecognizerChain chain(List<Recognizer> rules, Tagger tagger) {
    List<Recognizer> recognizers = new ArrayList<>(rules);
    recognizers.add(Recognizers.of(tagger));
    return new RecognizerChain(recognizers);
  }

  /** The detector of the first tier alone: what has a form, no names. Cheap to make. */
  public static Detector ofRules() {
    return new RecognizerChain(Recognizers.ofRules());
  }

  /**
   * Names the model of the default tiers: what was found under one name need not be found under
   * another. The same as long as the model's bytes are.
   */
  public static String modelVersion() {
    return ModelVersion.NAME;
  }

  /** Read once, and only where it is asked for. */
  private static final class ModelVersion {
    private static final String NAME = name();

    private static String name() {
      try (InputStream in = openModel()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
        return HexFormat.of().formatHex(digest);
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException("the resource " + MODEL + " cannot be hashed", e);
      }
    }
  }

  private static TaggerModel model() {
    try (InputStream in = openModel()) {
      return TaggerModel.read(in);
    } catch (IOException e) {
      throw new IllegalStateException("the resource " + MODEL + " is no model", e);
    }
  }

  private static InputStream openModel() {
    InputStream in = Detectors.class.getResourceAsStream(MODEL);
    if (in == null) {
      throw new IllegalStateException("the resource " + MODEL + " is missing");
    }
    return in;
  }
}
