package io.mantle.extproc.tenant;

import com.google.protobuf.ByteString;
import io.mantle.proto.policy.v1.ProxyKey;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a message that does not make a policy still says of the policy that is held: which of its
 * keys are revoked, and where it tells limits, what those are now and which budgets are spent. All
 * else stays as it was, and no key comes in: it was not given out under what is held.
 */
final class Tightening {
  private final TenantPolicy message;
  private final Set<ByteString> liveKeys;

  Tightening(TenantPolicy message) {
    this.message = message;
    this.liveKeys =
        message.getKeysList().stream().map(ProxyKey::getSha256).collect(Collectors.toSet());
  }

  String tenantId() {
    return message.getTenantId();
  }

  /** What is left of the policy held. */
  io.mantle.extproc.tenant.TenantPolicy of(io.mantle.extproc.tenant.TenantPolicy held) {
    Set<KeyHash> live =
        liveKeys.stream()
            .filter(hash -> hash.size() == KeyHash.BYTES)
            .map(hash -> KeyHash.ofDigest(hash.toByteArray()))
            .collect(Collectors.toSet());
    return new io.mantle.extproc.tenant.TenantPolicy(
        held.tenantId(),
        held.version(),
        held.surrogateKey(),
        held.keys().stream().filter(key -> live.contains(key.sha256())).toList(),
        held.providers(),
        held.routes(),
        held.privacy(),
        message.hasLimits() ? PolicyMessages.limits(message.getLimits()) : held.limits());
  }

  /**
   * The same of its message, for the disk.
   *
   * @param currentUntil when it was last known to be current; what is noted already holds on
   */
  TenantPolicy of(TenantPolicy held, Instant currentUntil) {
    List<ProxyKey> keys =
        held.getKeysList().stream().filter(key -> liveKeys.contains(key.getSha256())).toList();
    TenantPolicy.Builder left = held.toBuilder().clearKeys().addAllKeys(keys);
    if (message.hasLimits()) {
      left.setLimits(message.getLimits());
    }
    if (held.getCurrentUntilEpochMillis() == 0) {
      left.setCurrentUntilEpochMillis(currentUntil.toEpochMilli());
    }
    return left.build();
  }
}
