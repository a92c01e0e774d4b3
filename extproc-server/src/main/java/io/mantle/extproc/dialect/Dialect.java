package io.mantle.extproc.dialect;

import io.mantle.extproc.value.ProviderKind;
import io.mantle.privacy.json.JsonDocument;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where text lives in the bodies of one API, in both directions.
 *
 * <p>Everything is text unless it is named here, in {@link ApiWords}, {@link ProviderIds} or {@link
 * Media}: a field that is invented tomorrow is inspected and restored.
 *
 * @param provider who speaks it
 * @param errors how it says no
 * @param readOnce members of the request's root that are read here, and so may stand there only
 *     once
 * @param opening by what a conversation is known again
 * @param clientWords where the client and its user speak
 * @param systemPrompt where a preservation prompt goes
 * @param formats ways to a request's member whose {@code type} asks for an answer that is a JSON
 *     text
 * @param answerTexts members that hold such an answer
 * @param toldUsage whether a stream tells its usage only where {@code stream_options.include_usage}
 *     asks for it
 * @param ids members of the request's root that may be arrays of numbers that stand for text
 * @param events how a stream's events carry text
 * @param sealed what the provider signed
 */
public record Dialect(
    ProviderKind provider,
    ErrorShape errors,
    Set<String> readOnce,
    Opening opening,
    ClientWords clientWords,
    SystemPrompt systemPrompt,
    List<List<String>> formats,
    Set<String> answerTexts,
    boolean toldUsage,
    Set<String> ids,
    EventShape events,
    List<SealedObject> sealed) {

  /** Members that hold the source of a JSON text, which a model may write piece by piece. */
  private static final Set<String> JSON_SOURCES = Set.of("arguments", "partial_json");

  /** Whether {@code member} of an answer holds the source of a JSON text that a program reads. */
  public boolean isJsonSource(String member) {
    return JSON_SOURCES.contains(member);
  }

  /**
   * Whether {@code member} of an answer holds an answer that is a JSON text.
   *
   * @param answerIsJson whether the client asked for such an answer
   */
  public boolean isJsonAnswer(String member, boolean answerIsJson) {
    return answerIsJson && answerTexts.contains(member);
  }

  /**
   * What the provider signed in {@code object}, by what its {@code type} says; null for nothing.
   */
  public @Nullable SealedObject sealedIn(JsonDocument document, int object) {
    if (sealed.isEmpty()) {
      return null;
    }
    int type = document.member(object, "type");
    for (SealedObject known : sealed) {
      if (document.says(type, known.type())) {
        return known;
      }
    }
    return null;
  }
}
