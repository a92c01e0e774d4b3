package io.mantle.controlplane.database;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What one exchange cost: counts and names of types, never a value, a prompt or a key.
 *
 * @param detectOnly whether the entities were counted and left as they were
 */
public record UsageRecord(
    UUID id,
    String tenantId,
    String keyId,
    Optional<String> providerId,
    String model,
    String endpoint,
    Instant startedAt,
    long durationMillis,
    OptionalLong firstByteMillis,
    boolean streamed,
    int status,
    String outcome,
    OptionalLong promptTokens,
    OptionalLong completionTokens,
    Details details,
    Map<String, Long> entities,
    boolean detectOnly,
    String policyVersion,
    String nodeId) {

  /**
   * The rest of what was counted.
   *
   * @param cachedTokens of the prompt's
   * @param reasoningTokens of the completion's
   * @param tokensEstimated whether the provider did not say
   * @param requestBytes of the body, as the client sent it
   * @param responseBytes of the body, as the client got it
   * @param attempts how often it was sent; 0 where it was not
   */
  public record Details(
      long cachedTokens,
      long reasoningTokens,
      boolean tokensEstimated,
      long requestBytes,
      long responseBytes,
      int attempts) {}
}
