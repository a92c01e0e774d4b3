package io.mantle.controlplane.database;

import java.util.List;
import java.util.Map;

/**
 * A tenant's privacy policy as it is stored: read, and not yet judged.
 *
 * @param actions what differs from the default: entity type to action
 * @param recall {@code high}, {@code balanced} or {@code precise}
 * @param mode {@code enforce} or {@code detect_only}
 * @param allow phrases that may leave
 * @param deep whether the deep tier is asked as well
 * @param media {@code pass} or {@code refuse}: what nobody can inspect
 * @param preservationPrompt put before each system prompt; empty for nothing
 */
public record PrivacyRow(
    Map<String, String> actions,
    String recall,
    String mode,
    List<DenyRow> deny,
    List<String> allow,
    List<RecognizerRow> recognizers,
    boolean deep,
    String media,
    String preservationPrompt) {

  /** Of a tenant that has said nothing. */
  public static final PrivacyRow DEFAULT =
      new PrivacyRow(
          Map.of(), "balanced", "enforce", List.of(), List.of(), List.of(), false, "pass", "");

  public PrivacyRow {
    actions = Map.copyOf(actions);
    deny = List.copyOf(deny);
    allow = List.copyOf(allow);
    recognizers = List.copyOf(recognizers);
  }

  /** Prints none of the tenant's words. */
  @Override
  public String toString() {
    return "PrivacyRow[" + recall + ", " + mode + "]";
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
