package io.mantle.extproc.limit;

import io.mantle.extproc.tenant.Limits;

/**
 * A request that wants to be let in.
 *
 * @param tenant what all keys of the tenant may together
 * @param key what this key may besides
 * @param tokens how many it is thought to cost
 */
public record Ask(String tenantId, String keyId, Limits tenant, Limits key, long tokens) {

  /** Whether anything limits it; what nothing limits needs nobody's leave. */
  public boolean isLimited() {
    return tenant.any() || key.any();
  }
}
