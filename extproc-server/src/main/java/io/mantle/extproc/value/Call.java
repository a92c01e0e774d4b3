package io.mantle.extproc.value;

import io.mantle.privacy.produced.AnswerScan;
import io.mantle.privacy.rehydrate.Restoration;
import java.util.List;
import java.util.Map;

/**
 * What the answer's way needs to know of the request that left.
 *
 * @param requestId echoed to the client
 * @param conversation the scope its surrogates belong to
 * @param asked whom, and for what
 * @param found what the policy counts in the request
 * @param answer how the answer is read
 */
public record Call(String requestId, String conversation, Asked asked, Found found, Answer answer) {

  /**
   * Who was asked.
   *
   * @param providerName as people know it
   * @param endpoint scheme, host and port of the provider; nothing of its path or credentials
   * @param model as the client named it; empty where the request names none
   * @param streamed whether the client asked for a stream
   * @param attempts to reach a provider, as far as is known
   */
  public record Asked(
      String providerId,
      String providerName,
      String endpoint,
      String model,
      boolean streamed,
      int attempts) {
    /** Nobody was. */
    public static final Asked NOBODY = new Asked("", "", "", "", false, 0);
  }

  /** The same, answered by that attempt's provider, the last that was asked. */
  public Call answeredBy(Attempt attempt, int attempts) {
    Asked last =
        new Asked(
            attempt.providerId(),
            attempt.providerName(),
            attempt.endpoint(),
            asked.model(),
            asked.streamed(),
            attempts);
    return new Call(requestId, conversation, last, found, answer);
  }

  /**
   * What was found in the request.
   *
   * @param entities entity type (or {@code UNINSPECTED}) to count, in order
   * @param detectOnly whether they were counted and left as they were; else they were masked
   */
  public record Found(Map<String, Integer> entities, boolean detectOnly) {
    /** Nothing was, or nothing was looked for. */
    public static final Found NOTHING = new Found(Map.of(), false);
  }

  /**
   * How the answer is read, and what is done to it.
   *
   * @param isJson whether the client asked for one that is a JSON text
   * @param isKept whether its id is to be kept, since a later request may follow it
   * @param usageAdded whether a stream was asked for its usage on our account, so that what this
   *     adds must be hidden
   * @param restoration puts the real values back; restores nothing where the client wants to see
   *     surrogates
   * @param tools into what tools are called with values are restored
   * @param scan looks through it for what its model said of its own
   * @param mark marks what the provider signed, so that it is known again
   * @param documents those that it may cite by character, as the request has them: where a
   *     character of what the provider read stands in what the client sent
   */
  public record Answer(
      boolean isJson,
      boolean isKept,
      boolean usageAdded,
      Restoration restoration,
      Tools tools,
      AnswerScan scan,
      DeliveryMark mark,
      List<OffsetMap> documents) {}
}
