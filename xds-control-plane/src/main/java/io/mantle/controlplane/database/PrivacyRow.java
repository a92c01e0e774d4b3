package io.mantle.controlplane.database;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A tenant's privacy policy as it is stored: read, and not yet judged.
 *
 * @param preset what it starts from
 * @param actions what differs from the preset: entity type to action
 * @param mode {@code enforce} or {@code detect_only}
 * @param detection what is looked for, and how
 * @param media {@code pass} or {@code refuse}: what nobody can inspect
 * @param preservationPrompt put before each system prompt; empty for nothing
 * @param answers what of an answer is restored
 * @param traceContent whether traces hold what the provider saw, where the operator lets the tenant
 * @param recordExchangesHours for how long what a provider is sent is kept; empty: not at all
 */
public record PrivacyRow(
    Preset preset,
    Map<String, String> actions,
    String mode,
    DetectionRow detection,
    String media,
    String preservationPrompt,
    AnswersRow answers,
    boolean traceContent,
    OptionalInt recordExchangesHours) {

  /** Of a tenant that has said nothing. */
  public static final PrivacyRow DEFAULT =
      new PrivacyRow(
          Preset.DEFAULT,
          Map.of(),
          "enforce",
          DetectionRow.DEFAULT,
          "pass",
          "",
          AnswersRow.DEFAULT,
          false,
          OptionalInt.empty());

  public PrivacyRow {
    actions = Map.copyOf(actions);
  }

  /** Prints none of the tenant's words. */
  @Override
  public String toString() {
    return "PrivacyRow[" + detection.recall() + ", " + mode + "]";
  }

  /**
   * What is looked for.
   *
   * @param recall {@code high}, {@code balanced} or {@code precise}
   * @param allow phrases that may leave
   * @param deep whether the deep tier is asked as well
   */
  public record DetectionRow(
      String recall,
      List<DenyRow> deny,
      List<String> allow,
      List<RecognizerRow> recognizers,
      boolean deep) {

    /** The default tiers, and no rules of the tenant's own. */
    public static final DetectionRow DEFAULT =
        new DetectionRow("balanced", List.of(), List.of(), List.of(), false);

    public DetectionRow {
      deny = List.copyOf(deny);
      allow = List.copyOf(allow);
      recognizers = List.copyOf(recognizers);
    }

    /** Whether there are phrases or recognizers of the tenant's own. */
    public boolean hasRules() {
      return !deny.isEmpty() || !allow.isEmpty() || !recognizers.isEmpty();
    }

    /** Prints none of the tenant's words. */
    @Override
    public String toString() {
      return "DetectionRow[" + recall + "]";
    }
  }

  /**
   * What of an answer is restored.
   *
   * @param restore entity type, or {@code *} for all, to the strategies it switches on or off
   * @param linkHosts into links to which values are restored though the prompt did not name them
   * @param tools the name of a tool, or {@code *} for all others, to {@code restore} or {@code
   *     leave}
   * @param responses {@code pass}, {@code mask} or {@code block}: what the model says of its own
   */
  public record AnswersRow(
      Map<String, Map<String, Boolean>> restore,
      List<String> linkHosts,
      Map<String, String> tools,
      String responses) {

    /** Everything is restored but what stands in links to hosts that the prompt did not name. */
    public static final AnswersRow DEFAULT = new AnswersRow(Map.of(), List.of(), Map.of(), "pass");

    public AnswersRow {
      restore = Map.copyOf(restore);
      linkHosts = List.copyOf(linkHosts);
      tools = Map.copyOf(tools);
    }

    @Override
    public String toString() {
      return "AnswersRow[" + linkHosts.size() + " hosts, " + tools.size() + " tools]";
    }
  }

  /** A phrase that must not leave, and what its surrogate looks like. */
  public record DenyRow(String phrase, String type) {

    @Override
    public String toString() {
      return "DenyRow[" + type + "]";
    }
  }

  /**
   * A recognizer of the tenant's own.
   *
   * @param positives texts in which it must find something
   * @param negatives texts in which it must find nothing
   */
  public record RecognizerRow(
      String name,
      String type,
      List<String> patterns,
      List<String> words,
      List<String> context,
      List<String> positives,
      List<String> negatives) {

    public RecognizerRow {
      patterns = List.copyOf(patterns);
      words = List.copyOf(words);
      context = List.copyOf(context);
      positives = List.copyOf(positives);
      negatives = List.copyOf(negatives);
    }

    @Override
    public String toString() {
      return "RecognizerRow[" + name + ", " + type + "]";
    }
  }
}
