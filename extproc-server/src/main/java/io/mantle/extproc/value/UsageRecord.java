package io.mantle.extproc.value;

import io.mantle.privacy.value.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One exchange in the books.
 *
 * @param status what the client got, or 0
 * @param firstByte from the request's departure to the first byte of the answer's body, or null
 * @param detectOnly whether the entities were counted and left as they were
 * @param restored how often each way of recognising a surrogate took part in the answer
 * @param withheld how many surrogates were left in links of the answer
 * @param tokens null where the provider told none
 */
public record UsageRecord(
    String id,
    Caller caller,
    String endpoint,
    String providerId,
    String model,
    Instant startedAt,
    Duration duration,
    @Nullable Duration firstByte,
    boolean streamed,
    int status,
    Outcome outcome,
    @Nullable TokenCounts tokens,
    Map<String, Integer> entities,
    boolean detectOnly,
    Map<Strategy, Long> restored,
    long withheld) {}
