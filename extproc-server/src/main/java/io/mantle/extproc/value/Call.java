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
 * @param providerId who was asked
 * @param providerName the same, for people
 * @param model as the client named it
 * @param streamed whether the client asked for a stream
 * @param usageAdded whether the stream was asked for its usage on our account, so that what this
 *     adds must be hidden
 * @param answerIsJson whether the client asked for an answer that is a JSON text
 * @param entities what was masked: entity type (or {@code UNINSPECTED}) to count, in order
 * @param detectOnly whether the entities were counted and left as they were
 * @param restoration puts the real values back; restores nothing where the client wants to see
 *     surrogates
 * @param tools into what tools are called with values are restored
 * @param scan looks through the answer for what its model said of its own
 * @param mark marks what the provider signed, so that it is known again
 * @param documents those that the answer may cite by character, as the request has them: where a
 *     character of what the provider read stands in what the client sent
 * @param answerIsKept whether the answer's id is to be kept, since a later request may follow it
 */
public record Call(
    String requestId,
    String conversation,
    String providerId,
    String providerName,
    String model,
    boolean streamed,
    boolean usageAdded,
    boolean answerIsJson,
    Map<String, Integer> entities,
    boolean detectOnly,
    Restoration restoration,
    Tools tools,
    AnswerScan scan,
    DeliveryMark mark,
    List<OffsetMap> documents,
    boolean answerIsKept) {}
