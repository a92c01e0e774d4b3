package io.mantle.controlplane.database;

import java.time.Instant;

/**
 * What a provider was sent.
 *
 * @param requestId by which clients and logs name it
 * @param provider its name
 * @param model as the client named it
 * @param bodyBytes of the whole body
 * @param body what of it is kept
 */
public record RecordedExchange(
    String tenantId,
    String requestId,
    Instant startedAt,
    String provider,
    String model,
    String endpoint,
    long bodyBytes,
    Secret body) {

  /** Whether less is kept than was sent. */
  public boolean truncated() {
    return body.length() < bodyBytes;
  }

  RecordedExchange withBody(Secret other) {
    return new RecordedExchange(
        tenantId, requestId, startedAt, provider, model, endpoint, bodyBytes, other);
  }
}
