package io.mantle.extproc.value;

import java.time.Instant;

/**
 * A request as its provider is sent it, for the record.
 *
 * @param startedAt when the client began it
 * @param asked who is asked first, and for what
 * @param endpoint the path of the API, {@code {id}} standing for what names one thing
 * @param body what the provider reads; not copied, so not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SentRequest(
    String tenantId,
    String requestId,
    Instant startedAt,
    Call.Asked asked,
    String endpoint,
    byte[] body) {

  /** Prints no body. */
  @Override
  public String toString() {
    return "SentRequest[" + tenantId + ", " + requestId + ", " + body.length + " bytes]";
  }
}
