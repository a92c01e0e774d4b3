package io.mantle.extproc.tenant;

import io.mantle.privacy.detect.SecondTier;
import io.mantle.proto.policy.v1.PolicyDelta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pushed delta, taken apart. It is good where nothing of it was refused; kept and refused
 * messages tighten what is held in any case.
 *
 * @param messages of the policies that were read
 * @param policies made of those
 * @param kept messages of tenants of which the control plane has nothing but the keys
 * @param refused messages that do not make a policy
 * @param refusedBecause why the last of these does not; empty where there is none
 */
record ReadDelta(
    List<io.mantle.proto.policy.v1.TenantPolicy> messages,
    List<TenantPolicy> policies,
    List<Tightening> kept,
    List<Tightening> refused,
    String refusedBecause) {

  /**
   * Reads it.
   *
   * @param held whose compiled rules serve on where they are the same
   * @param deep the deep tier, or null where there is none
   */
  static ReadDelta of(PolicyDelta delta, Policies held, @Nullable SecondTier deep) {
    List<io.mantle.proto.policy.v1.TenantPolicy> messages = new ArrayList<>();
    List<TenantPolicy> policies = new ArrayList<>(delta.getChangedCount());
    List<Tightening> kept = new ArrayList<>();
    List<Tightening> refused = new ArrayList<>();
    String refusedBecause = "";
    for (io.mantle.proto.policy.v1.TenantPolicy message : delta.getChangedList()) {
      if (message.getKeepsHeld()) {
        kept.add(new Tightening(message));
        continue;
      }
      try {
        policies.add(PolicyMessages.read(message, held.tenant(message.getTenantId()), deep));
        messages.add(message);
      } catch (RuntimeException e) {
        refused.add(new Tightening(message));
        refusedBecause = String.valueOf(e.getMessage());
      }
    }
    return new ReadDelta(messages, policies, kept, refused, refusedBecause);
  }

  boolean isGood() {
    return refused.isEmpty();
  }
}
