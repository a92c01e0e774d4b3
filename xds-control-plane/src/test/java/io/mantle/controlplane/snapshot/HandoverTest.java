package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.mantle.proto.policy.v1.ProxyKey;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HandoverTest {
  private static final SharedResources SHARED = new SharedResources(TestSettings.STANDARD);
  private static final long START = 5_000_000_000L;
  private static final long SOON = START + 1_000_000L;
  private static final long LATER = START + 1_000_000_000L;
  private static final long LATEST = START + 60_000_000_000L;

  @Test
  void between_sameChains_isNone() throws Exception {
    assertThat(Handover.between(part("a", "v1"), part("a", "v2"), null, START)).isNull();
  }

  @Test
  void between_newChain_tellsEnvoyFirstAndKeepsTheOldWayOpen() throws Exception {
    TenantSnapshot after = part("b", "v2");
    Handover handover = required(Handover.between(part("a", "v1"), after, null, START));

    TenantSnapshot first = handover.over(after, SHARED, SOON);
    TenantSnapshot second = handover.over(after, SHARED, LATER);

    assertThat(first.chains().keySet()).containsExactly("https://a:443", "https://b:443");
    assertThat(first.clusters().keySet()).isEqualTo(first.chains().keySet());
    assertThat(first.policy().message().getSurrogateKey().toStringUtf8()).isEqualTo("v1");
    assertThat(second.chains()).isEqualTo(first.chains());
    assertThat(second.policy()).isEqualTo(after.policy());
    assertThat(handover.isOver(LATER)).isFalse();
    assertThat(handover.isOver(LATEST)).isTrue();
  }

  @Test
  void over_keyRevokedMeanwhile_isOutAtOnce() throws Exception {
    TenantSnapshot after = part("b", "v2").retainingKeys(List.of());
    Handover handover = required(Handover.between(part("a", "v1"), after, null, START));

    assertThat(handover.over(after, SHARED, SOON).policy().message().getKeysCount()).isZero();
  }

  @Test
  void between_changeAfterChange_holdsBackNoLonger() throws Exception {
    Handover one = required(Handover.between(part("a", "v1"), part("b", "v2"), null, START));
    Handover other = required(Handover.between(part("b", "v2"), part("c", "v3"), one, SOON));

    assertThat(other.heldUntilNanos()).isEqualTo(one.heldUntilNanos());
    assertThat(other.held()).isEqualTo(one.held());
    assertThat(other.earlier().keySet()).containsExactly("https://a:443", "https://b:443");
  }

  private static Handover required(@Nullable Handover handover) {
    if (handover == null) {
      throw new AssertionError("there is no handover");
    }
    return handover;
  }

  private static TenantSnapshot part(String host, String content) throws InvalidTenantException {
    Chain chain = new Chain(List.of(ProviderEndpoint.parse("https://" + host)));
    TenantPolicy policy =
        TenantPolicy.newBuilder()
            .setTenantId("acme")
            .setSurrogateKey(ByteString.copyFromUtf8(content))
            .addKeys(ProxyKey.newBuilder().setId("key"))
            .build();
    return TenantSnapshot.of(Map.of(chain.name(), chain), Versioned.policy(policy), SHARED);
  }
}
