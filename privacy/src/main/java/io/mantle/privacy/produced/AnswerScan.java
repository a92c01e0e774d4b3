package io.mantle.privacy.produced;

import io.mantle.privacy.detect.DetectionOverrunException;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.detect.deep.DeepTierException;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Looks through one answer for what its model said of its own, and the prompt had not: entities of
 * the types that the tenant does not allow. Used by one thread at a time.
 *
 * <p>Guarantees: the same text gives the same, however it was cut; what was restored is left alone.
 *
 * <p>Not guaranteed: that everything is found; see {@link Detector}.
 */
public final class AnswerScan {
  /** Lets everything pass, and holds nothing back. */
  public static final AnswerScan NONE = new AnswerScan(List.of());

  private final boolean on;
  private final boolean blocks;
  private final Detector detector;
  private final PrivacyPolicy actions;
  private final PromptWords prompt;
  private final Map<EntityType, Integer> found = new EnumMap<>(EntityType.class);

  private AnswerScan(List<Plaintext> nothing) {
    on = false;
    blocks = false;
    detector = text -> List.of();
    actions = new PrivacyPolicy(Map.of());
    prompt = new PromptWords(nothing);
  }

  /**
   * Masks what it finds, or ends the answer.
   *
   * @param said what the prompt said, and the surrogates that left in its place
   */
  public AnswerScan(boolean blocks, Examination examination, List<Plaintext> said) {
    this.on = true;
    this.blocks = blocks;
    this.detector = examination.detector();
    this.actions = examination.actions();
    this.prompt = new PromptWords(said);
  }

  /** Whether there is anything to be done. */
  public boolean isOn() {
    return on;
  }

  /** Whether what it finds ends the answer; else it is masked. */
  public boolean blocks() {
    return blocks;
  }

  /** How much was found so far, by type. */
  public Map<EntityType, Integer> found() {
    return Collections.unmodifiableMap(new EnumMap<>(found));
  }

  /** A text that a person reads, as it grows. */
  public Scanner text() {
    return new TextScanner(this);
  }

  /** The source of a JSON text, as it grows. */
  public Scanner jsonSource() {
    return new JsonScanner(this);
  }

  /**
   * What of a text the model said of its own.
   *
   * @throws AnswerBlockedException if there is some and it blocks, or if that cannot be known
   */
  List<Span> produced(String text) {
    List<Span> spans;
    try {
      spans = detector.detect(new Plaintext(text));
    } catch (DetectionOverrunException | DeepTierException e) {
      throw AnswerBlockedException.unexaminable();
    }
    return spans.stream()
        .filter(span -> actions.action(span.type()) != Action.ALLOW)
        .filter(span -> !prompt.hold(text.substring(span.start(), span.end())))
        .toList();
  }

  /**
   * Counts one that is going to be masked; returns what stands in its place.
   *
   * @throws AnswerBlockedException if it blocks
   */
  String mask(EntityType type) {
    found.merge(type, 1, Integer::sum);
    if (blocks) {
      throw AnswerBlockedException.holding(type);
    }
    return "[" + type + "]";
  }
}
