package io.mantle.extproc.value;

import java.util.List;

/**
 * A request as it may leave.
 *
 * @param way where it goes
 * @param headers all that leave, besides the credential; whatever else the client sent is removed
 * @param body what the provider reads; not copied, so not to be changed
 * @param tenantId whose routes serve it
 * @param call what the answer's way needs
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Departure(Way way, List<Header> headers, byte[] body, String tenantId, Call call) {

  /** Prints neither body nor credential. */
  @Override
  public String toString() {
    return "Departure[" + tenantId + ", " + body.length + " bytes]";
  }
}
