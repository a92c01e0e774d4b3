package io.mantle.extproc.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.scripted.ControlPlane;
import io.mantle.extproc.scripted.ControlPlane.PolicyStream;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PrivacyPolicy;
import io.mantle.proto.policy.v1.ProxyKey;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sidecar that starts, and is cut off, with and without its control plane. */
class LastGoodPoliciesTest {
  private static final Duration STALE_MAX = Duration.ofHours(24);

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-11-21T00:00:00Z");
  private ControlPlane control;

  @BeforeEach
  void start() throws Exception {
    control = ControlPlane.start();
  }

  @AfterEach
  void end() throws Exception {
    control.close();
  }

  @Test
  void start_withoutControlPlane_goesOnWithWhatWasGoodLast() throws Exception {
    keep(delta("n1", tenant("acme", "v1", "key-a")).setComplete(true));
    control.stop();

    try (Sidecar sidecar = new Sidecar()) {
      until(sidecar.book::isInForce);
      assertThat(sidecar.opens("key-a")).isEqualTo("acme");
      assertThat(sidecar.book.freshness().isConnected()).isFalse();

      control.restart();
      PolicyStream stream = control.subscription();
      assertThat(stream.request().getSubscribe().getHeldVersionsMap())
          .isEqualTo(Map.of("acme", "v1"));
      stream.push(
          PolicyDelta.newBuilder()
              .setNonce("n1")
              .addRemovedTenantIds("acme")
              .setComplete(true)
              .build());
      stream.request();
      assertThat(sidecar.opens("key-a")).as("revoked meanwhile").isEqualTo("nobody");
    }
  }

  @Test
  void start_withControlPlane_isInForceOnlyWithTheDifference() throws Exception {
    keep(delta("n1", tenant("acme", "v1", "revoked")).setComplete(true));

    try (Sidecar sidecar = new Sidecar()) {
      PolicyStream stream = control.subscription();
      assertThat(stream.request().getSubscribe().getHeldVersionsMap())
          .isEqualTo(Map.of("acme", "v1"));
      assertThat(sidecar.book.isInForce()).isFalse();
      stream.push(delta("n1", tenant("acme", "v2", "key-b")).setComplete(true).build());
      stream.request();
      assertThat(sidecar.book.isInForce()).isTrue();
      assertThat(sidecar.opens("revoked")).isEqualTo("nobody");
    }
  }

  @Test
  void cutOff_fromOneThatTellsNoAges_isNotInForceBeyondTheLimit() throws Exception {
    try (Sidecar sidecar = new Sidecar()) {
      PolicyStream stream = subscribed();
      stream.push(delta("n1", tenant("acme", "v1", "key-a")).setComplete(true).build());
      stream.request();
      now = now.plus(STALE_MAX).plus(STALE_MAX);
      assertThat(sidecar.book.isInForce()).as("connected all the time").isTrue();

      control.stop();
      until(() -> !sidecar.book.freshness().isConnected());
      now = now.plus(STALE_MAX);
      assertThat(sidecar.book.isInForce()).isTrue();
      now = now.plusMillis(1);
      assertThat(sidecar.book.isInForce()).isFalse();

      control.restart();
      stream = subscribed();
      stream.push(delta("n1", tenant("other", "v1", "key-o")).build());
      stream.request();
      assertThat(sidecar.book.isInForce()).as("more is to come").isFalse();
      stream.push(PolicyDelta.newBuilder().setNonce("n2").setComplete(true).build());
      stream.request();
      assertThat(sidecar.book.isInForce()).isTrue();
    }
  }

  @Test
  void databaseAway_beyondTheLimit_isNotInForceThoughTheControlPlaneIsThere() throws Exception {
    try (Sidecar sidecar = new Sidecar()) {
      PolicyStream stream = subscribed();
      stream.push(
          delta("n1", tenant("acme", "v1", "key-a")).setComplete(true).setAgeMillis(0).build());
      stream.request();
      Instant cutOff = now.plusMillis(1);
      now = cutOff.plus(STALE_MAX);
      stream.push(PolicyDelta.newBuilder().setAgeMillis(STALE_MAX.toMillis()).build());
      until(() -> sidecar.book.freshness().asOf().equals(cutOff));
      assertThat(sidecar.book.isInForce()).isTrue();
      now = now.plusMillis(1);
      assertThat(sidecar.book.isInForce()).isFalse();
      assertThat(sidecar.book.freshness().isConnected()).isTrue();

      stream.push(PolicyDelta.newBuilder().setAgeMillis(100).build());
      until(() -> sidecar.book.freshness().asOf().equals(now.minusMillis(100)));
      assertThat(sidecar.book.isInForce()).isTrue();
      assertThat(sidecar.opens("key-a")).isEqualTo("acme");
    }
  }

  @Test
  void heartbeats_thatStop_letPoliciesAge_alsoOverARestart() throws Exception {
    Instant told = now;
    keep(delta("n1", tenant("acme", "v1", "key-a")).setComplete(true).setAgeMillis(0));
    try (Sidecar sidecar = new Sidecar()) {
      PolicyStream stream = subscribed();
      stream.push(
          PolicyDelta.newBuilder().setNonce("n1").setComplete(true).setAgeMillis(0).build());
      stream.request();
      now = told.plus(STALE_MAX);
      assertThat(sidecar.book.isInForce()).isTrue();
    }
    control.stop();
    now = now.plusMillis(1);
    try (Sidecar sidecar = new Sidecar()) {
      until(sidecar.book::isComplete);
      assertThat(sidecar.book.freshness().asOf()).isEqualTo(told);
      assertThat(sidecar.book.isInForce()).isFalse();
    }
  }

  @Test
  void start_withWhatIsTooOld_isNotInForce() throws Exception {
    keep(delta("n1", tenant("acme", "v1", "key-a")).setComplete(true));
    control.stop();
    now = now.plus(STALE_MAX).plusMillis(1);

    try (Sidecar sidecar = new Sidecar()) {
      until(sidecar.book::isComplete);
      assertThat(sidecar.book.isInForce()).isFalse();
    }
  }

  @Test
  void policies_notAllArrived_areNotKept() throws Exception {
    keep(delta("n1", tenant("acme", "v1", "key-a")));

    assertThat(folder.resolve("last-good/policies")).doesNotExist();
  }

  @Test
  void start_withAnotherMastersFile_isAsWithNone() throws Exception {
    keep(delta("n1", tenant("acme", "v1", "key-a")).setComplete(true));
    Files.delete(folder.resolve("last-good-key"));

    try (Sidecar sidecar = new Sidecar()) {
      assertThat(control.subscription().request().getSubscribe().getHeldVersionsMap()).isEmpty();
      assertThat(sidecar.book.isInForce()).isFalse();
    }
  }

  @Test
  void start_withATenantThatDoesNotRead_leavesThatOneOut() throws Exception {
    TenantPolicy unreadable =
        tenant("later", "v1", "key-l").toBuilder().setSurrogateKey(ByteString.EMPTY).build();
    try (LastGoodPolicies kept =
        new LastGoodPolicies(LastGoodFolder.withKeyOfItsOwn(folder), freshness())) {
      kept.apply(List.of(unreadable, tenant("acme", "v1", "key-a")), List.of());
      kept.complete();
    }

    try (Sidecar sidecar = new Sidecar()) {
      assertThat(control.subscription().request().getSubscribe().getHeldVersionsMap())
          .isEqualTo(Map.of("acme", "v1"));
      assertThat(sidecar.opens("key-l")).isEqualTo("nobody");
    }
  }

  @Test
  void tenant_whoseLaterPolicyWasRefused_isOutdatedBeyondTheLimit_alsoOverARestart()
      throws Exception {
    Instant refusedAt = now;
    try (Sidecar sidecar = new Sidecar()) {
      PolicyStream stream = subscribed();
      stream.push(
          delta("n1", tenant("acme", "v1", "key-a"))
              .addChanged(tenant("other", "v1", "key-o"))
              .setComplete(true)
              .setAgeMillis(0)
              .build());
      stream.request();
      stream.push(delta("n2", refused("acme", "v2", "key-a")).build());
      assertThat(stream.request().getAck().getRejectedBecause()).isNotEmpty();

      now = refusedAt.plus(STALE_MAX);
      assertThat(sidecar.book.isInForce("acme")).isTrue();
      stream.push(delta("n3", refused("acme", "v3", "key-a")).build());
      stream.request();
      heartbeat(stream, sidecar);
      now = now.plusMillis(1);
      assertThat(sidecar.book.isInForce()).as("all others are current").isTrue();
      assertThat(sidecar.book.isInForce("other")).isTrue();
      assertThat(sidecar.book.isInForce("acme")).isFalse();
    }
    control.stop();
    try (Sidecar sidecar = new Sidecar()) {
      until(sidecar.book::isComplete);
      assertThat(sidecar.opens("key-a")).isEqualTo("acme");
      assertThat(sidecar.book.isInForce("other")).isTrue();
      assertThat(sidecar.book.isInForce("acme")).isFalse();

      control.restart();
      PolicyStream stream = control.subscription();
      assertThat(stream.request().getSubscribe().getHeldVersionsMap()).doesNotContainValue("v2");
      stream.push(delta("n1", tenant("acme", "v4", "key-a")).setComplete(true).build());
      stream.request();
      assertThat(sidecar.book.isInForce("acme")).isTrue();
    }
  }

  @Test
  void key_revokedInAPolicyThatWasRefused_isRevokedAlsoAfterARestart() throws Exception {
    try (Sidecar _ = new Sidecar()) {
      PolicyStream stream = subscribed();
      stream.push(delta("n1", tenant("acme", "v1", "revoked")).setComplete(true).build());
      stream.request();
      stream.push(delta("n2", refused("acme", "v2", "key-b")).build());
      stream.request();
    }
    control.stop();
    try (Sidecar sidecar = new Sidecar()) {
      until(sidecar.book::isComplete);
      assertThat(sidecar.opens("revoked")).isEqualTo("nobody");
    }
  }

  private static TenantPolicy refused(String id, String version, String key) throws Exception {
    return tenant(id, version, key).toBuilder()
        .setPrivacy(PrivacyPolicy.newBuilder().setModeValue(9))
        .build();
  }

  private void heartbeat(PolicyStream stream, Sidecar sidecar) throws Exception {
    stream.push(PolicyDelta.newBuilder().setAgeMillis(0).build());
    until(() -> sidecar.book.freshness().asOf().equals(now));
  }

  /** Runs a sidecar that takes this delta, and ends it. */
  private void keep(PolicyDelta.Builder delta) throws Exception {
    try (Sidecar _ = new Sidecar()) {
      PolicyStream stream = subscribed();
      stream.push(delta.build());
      stream.request();
    }
  }

  private PolicyStream subscribed() throws InterruptedException {
    PolicyStream stream = control.subscription();
    assertThat(stream.request().hasSubscribe()).isTrue();
    return stream;
  }

  private Freshness freshness() {
    InstantSource clock = () -> now;
    return new Freshness(STALE_MAX, clock);
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private static PolicyDelta.Builder delta(String nonce, TenantPolicy tenant) {
    return PolicyDelta.newBuilder().setNonce(nonce).addChanged(tenant);
  }

  private static TenantPolicy tenant(String id, String version, String key) throws Exception {
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return TenantPolicy.newBuilder()
        .setTenantId(id)
        .setVersion(version)
        .setSurrogateKey(ByteString.copyFrom(new byte[32]))
        .addKeys(ProxyKey.newBuilder().setId("k").setSha256(ByteString.copyFrom(sha256)))
        .build();
  }

  /** What of a sidecar keeps policies, as after a start. */
  private final class Sidecar implements AutoCloseable {
    private final PolicyBook book = new PolicyBook(freshness());
    private final PolicySubscription subscription;

    private Sidecar() throws IOException {
      subscription =
          new PolicySubscription(
              control.channel(),
              "node-1",
              book,
              null,
              new LastGoodPolicies(LastGoodFolder.withKeyOfItsOwn(folder), book.freshness()));
      subscription.start();
    }

    private String opens(String key) {
      Policies.Access access = book.current().access(KeyHash.of(key));
      return access == null ? "nobody" : access.tenant().tenantId();
    }

    @Override
    public void close() {
      subscription.close();
    }
  }
}
