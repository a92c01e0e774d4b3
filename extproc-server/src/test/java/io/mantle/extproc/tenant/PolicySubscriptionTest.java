package io.mantle.extproc.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.mantle.extproc.scripted.ControlPlane;
import io.mantle.extproc.scripted.ControlPlane.PolicyStream;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.Examination;
import io.mantle.proto.policy.v1.AnswerPolicy;
import io.mantle.proto.policy.v1.CustomRecognizer;
import io.mantle.proto.policy.v1.DenyTerm;
import io.mantle.proto.policy.v1.Limits;
import io.mantle.proto.policy.v1.PolicyDelta;
import io.mantle.proto.policy.v1.PrivacyPolicy;
import io.mantle.proto.policy.v1.Provider;
import io.mantle.proto.policy.v1.ProxyKey;
import io.mantle.proto.policy.v1.Route;
import io.mantle.proto.policy.v1.Spellings;
import io.mantle.proto.policy.v1.TenantLimits;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicySubscriptionTest {
  private static final long SPENT_UNTIL = 1_800_000_000_000L;

  private final PolicyBook book = new PolicyBook();
  private ControlPlane control;
  private PolicySubscription subscription;

  @BeforeEach
  void subscribe() throws Exception {
    control = ControlPlane.start();
    subscription = new PolicySubscription(control.channel(), "node-1", book, null, null);
    subscription.start();
  }

  @AfterEach
  void end() throws Exception {
    subscription.close();
    control.close();
  }

  @Test
  void subscribe_first_namesTheNodeAndHoldsNothing() throws Exception {
    var subscribe = control.subscription().request().getSubscribe();
    assertThat(subscribe.getNodeId()).isEqualTo("node-1");
    assertThat(subscribe.getHeldVersionsMap()).isEmpty();
  }

  @Test
  void delta_good_isInForceOnceItIsAcknowledged() throws Exception {
    PolicyStream stream = subscribed();
    stream.push(delta("n1", tenant("acme", "v1", "key-a")).build());
    assertThat(stream.request().getAck().getNonce()).isEqualTo("n1");
    assertThat(opens("key-a")).isEqualTo("acme");
    assertThat(book.isComplete()).isFalse();

    stream.push(delta("n2", tenant("acme", "v2", "key-b")).setComplete(true).build());
    assertThat(stream.request().getAck().getRejectedBecause()).isEmpty();
    assertThat(book.isComplete()).isTrue();
    assertThat(opens("key-a")).isEqualTo("nobody");
    assertThat(opens("key-b")).isEqualTo("acme");

    stream.push(PolicyDelta.newBuilder().setNonce("n3").addRemovedTenantIds("acme").build());
    stream.request();
    assertThat(opens("key-b")).isEqualTo("nobody");
  }

  @Test
  void delta_keyOfTwoTenants_opensNeither() throws Exception {
    PolicyStream stream = subscribed();
    stream.push(
        delta("n1", tenant("acme", "v1", "shared"))
            .addChanged(tenant("other", "v1", "shared"))
            .build());
    stream.request();
    assertThat(opens("shared")).isEqualTo("nobody");
  }

  static Stream<Arguments> spoiled() {
    return Stream.of(
        spoil("short surrogate key", t -> t.setSurrogateKey(ByteString.copyFrom(new byte[31]))),
        spoil("unknown provider", t -> t.addRoutes(Route.newBuilder().addProviderIds("none"))),
        spoil("route to nobody", t -> t.addRoutes(Route.newBuilder().setModelPattern("*"))),
        spoil(
            "provider of no kind",
            t -> t.addProviders(Provider.newBuilder().setId("p2").setName("p2"))),
        spoil(
            "provider of a later kind",
            t -> t.addProviders(Provider.newBuilder().setId("p2").setKindValue(77))),
        spoil(
            "short key hash",
            t -> t.addKeys(ProxyKey.newBuilder().setSha256(ByteString.copyFrom(new byte[20])))),
        spoil(
            "unknown entity type",
            t ->
                t.setPrivacy(
                    PrivacyPolicy.newBuilder()
                        .putActions("HOROSCOPE", PrivacyPolicy.Action.BLOCK))),
        spoil("unknown recall", t -> privacy(t, p -> p.setRecallValue(9))),
        spoil("unknown mode", t -> privacy(t, p -> p.setModeValue(9))),
        spoil(
            "unknown spelling",
            t ->
                privacy(
                    t,
                    p ->
                        p.setAnswers(
                            AnswerPolicy.newBuilder()
                                .putNotRestored(
                                    "PERSON",
                                    Spellings.newBuilder().addSpellingsValue(99).build())))),
        spoil("deep tier that is not there", t -> privacy(t, p -> p.setDeep(true))),
        spoil(
            "denied phrase of no type",
            t -> privacy(t, p -> p.addDeny(DenyTerm.newBuilder().setPhrase("upstream-secret")))),
        spoil(
            "pattern that does not compile",
            t ->
                privacy(
                    t,
                    p ->
                        p.addRecognizers(
                            CustomRecognizer.newBuilder()
                                .setName("n")
                                .setEntityType("ORG")
                                .addPatterns("upstream-secret(")))),
        spoil("empty allowed phrase", t -> privacy(t, p -> p.addAllow(" "))),
        spoil(
            "unknown action",
            t -> t.setPrivacy(PrivacyPolicy.newBuilder().putActionsValue("EMAIL", 9))));
  }

  private static TenantPolicy.Builder privacy(
      TenantPolicy.Builder tenant, UnaryOperator<PrivacyPolicy.Builder> change) {
    return tenant.setPrivacy(change.apply(tenant.getPrivacy().toBuilder()));
  }

  private static Arguments spoil(String what, UnaryOperator<TenantPolicy.Builder> how) {
    return Arguments.of(what, how);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spoiled")
  void delta_partlyBad_isRefusedWholeAndOnlyTightensWhatIsHeld(
      String what, UnaryOperator<TenantPolicy.Builder> spoil) throws Exception {
    PolicyStream stream = subscribed();
    TenantPolicy two =
        tenant("acme", "v1", "revoked").toBuilder().addKeys(key("k2", "key-a")).build();
    stream.push(delta("n1", two).setComplete(true).build());
    stream.request();

    TenantPolicy.Builder bad = tenant("acme", "v2", "key-b").toBuilder();
    bad.addKeys(key("k2", "key-a"));
    bad.setLimits(spentAndSlower());
    stream.push(
        delta("n2", tenant("good", "v1", "key-g"))
            .addChanged(spoil.apply(bad))
            .addRemovedTenantIds("acme")
            .build());
    var ack = stream.request().getAck();
    assertThat(ack.getNonce()).isEqualTo("n2");
    assertThat(ack.getRejectedBecause()).as(what).isNotEmpty().doesNotContain("upstream-secret");
    assertThat(opens("key-a")).isEqualTo("acme");
    assertThat(opens("revoked")).isEqualTo("nobody");
    assertThat(opens("key-b")).as("a key of what was refused").isEqualTo("nobody");
    assertThat(opens("key-g")).isEqualTo("nobody");
    var kept = Objects.requireNonNull(book.current().access(KeyHash.of("key-a"))).tenant();
    assertThat(kept.version()).isEqualTo("v1");
    assertThat(kept.routes()).hasSize(1);
    assertThat(kept.limits().tenant().requestsPerMinute()).isEqualTo(7);
    assertThat(kept.limits().spent().tenantUntil()).isEqualTo(Instant.ofEpochMilli(SPENT_UNTIL));
    assertThat(book.current().versions()).as("to be sent again").doesNotContainValue("v1");
    assertThat(book.current().outdatedCount()).isEqualTo(1);

    stream.push(delta("n3", tenant("acme", "v3", "key-c")).build());
    assertThat(stream.request().getAck().getRejectedBecause()).isEmpty();
    assertThat(opens("key-c")).isEqualTo("acme");
    assertThat(book.current().versions()).isEqualTo(Map.of("acme", "v3"));
    assertThat(book.current().outdatedCount()).isZero();
  }

  private static TenantLimits spentAndSlower() {
    return TenantLimits.newBuilder()
        .setTenant(
            Limits.newBuilder().setRequestsPerMinute(7).setSpentUntilEpochMillis(SPENT_UNTIL))
        .build();
  }

  @Test
  void delta_ofATenantThatKeepsWhatIsHeld_takesItsRevokedKeysAway() throws Exception {
    PolicyStream stream = subscribed();
    TenantPolicy two =
        tenant("acme", "v1", "revoked").toBuilder().addKeys(key("k2", "key-a")).build();
    stream.push(delta("n1", two).setComplete(true).build());
    stream.request();

    TenantPolicy.Builder keeps = TenantPolicy.newBuilder().setVersion("w1").setKeepsHeld(true);
    stream.push(
        delta("n2", keeps.setTenantId("acme").addKeys(key("k2", "key-a")).build())
            .addChanged(keeps.setTenantId("unknown").build())
            .build());
    assertThat(stream.request().getAck().getRejectedBecause()).isEmpty();
    assertThat(opens("key-a")).isEqualTo("acme");
    assertThat(opens("revoked")).isEqualTo("nobody");
    assertThat(book.current().versions()).containsOnlyKeys("acme").doesNotContainValue("v1");
    assertThat(book.current().outdatedCount()).isEqualTo(1);
    assertThat(book.isInForce("acme")).as("for as long as any may without word").isTrue();
  }

  @Test
  void delta_sameRulesAgain_areNotCompiledAgain() throws Exception {
    TenantPolicy denying =
        privacy(
                tenant("acme", "v1", "key-a").toBuilder(),
                p ->
                    p.setRecall(PrivacyPolicy.Recall.HIGH)
                        .addDeny(DenyTerm.newBuilder().setPhrase("Falcon").setEntityType("ORG")))
            .build();
    PolicyStream stream = subscribed();
    stream.push(delta("n1", denying).build());
    stream.request();
    Examination first = privacyOf("key-a").examination();

    stream.push(delta("n2", denying.toBuilder().setVersion("v2").build()).build());
    stream.request();
    assertThat(privacyOf("key-a").examination()).isSameAs(first);

    stream.push(delta("n3", tenant("acme", "v3", "key-a")).build());
    stream.request();
    assertThat(privacyOf("key-a").examination().detector()).isSameAs(Detectors.standard());
    assertThat(privacyOf("key-a").detectOnly()).isFalse();
  }

  @Test
  void delta_contentOfTraces_isOffUnlessThePolicyTurnsItOn() throws Exception {
    PolicyStream stream = subscribed();
    stream.push(delta("n1", tenant("acme", "v1", "key-a")).build());
    stream.request();
    assertThat(privacyOf("key-a").traceContent()).isFalse();

    TenantPolicy showing =
        privacy(tenant("acme", "v2", "key-a").toBuilder(), p -> p.setTraceContent(true)).build();
    stream.push(delta("n2", showing).build());
    stream.request();
    assertThat(privacyOf("key-a").traceContent()).isTrue();
  }

  private io.mantle.extproc.tenant.TenantPolicy.Privacy privacyOf(String key) {
    return Objects.requireNonNull(book.current().access(KeyHash.of(key))).tenant().privacy();
  }

  @Test
  void controlPlane_goesAwayAndComesBack_isToldWhatIsHeld() throws Exception {
    PolicyStream stream = subscribed();
    stream.push(
        delta("n1", tenant("acme", "v1", "key-a"))
            .addChanged(tenant("other", "v7", "key-o"))
            .setComplete(true)
            .build());
    stream.request();
    control.stop();
    assertThat(opens("key-a")).isEqualTo("acme");
    control.restart();
    assertThat(control.subscription().request().getSubscribe().getHeldVersionsMap())
        .isEqualTo(Map.of("acme", "v1", "other", "v7"));
    assertThat(opens("key-a")).isEqualTo("acme");
  }

  @Test
  void delta_ofSpentBudgets_saysUntilWhenEachKeepsOut() throws Exception {
    Limits spent = Limits.newBuilder().setSpentUntilEpochMillis(SPENT_UNTIL).build();
    PolicyStream stream = subscribed();
    TenantPolicy.Builder tenant = tenant("acme", "v1", "key-a").toBuilder();
    tenant.getLimitsBuilder().putKeys("k", spent);
    stream.push(delta("n1", tenant.build()).build());
    stream.request();
    Policies.Access access = Objects.requireNonNull(book.current().access(KeyHash.of("key-a")));
    SpentBudgets read = access.tenant().limits().spent();
    assertThat(read)
        .isEqualTo(new SpentBudgets(Instant.EPOCH, Map.of("k", Instant.ofEpochMilli(SPENT_UNTIL))));
  }

  @Test
  void stream_endedCleanly_isOpenedAgain() throws Exception {
    subscribed().complete();
    assertThat(control.subscription().request().hasSubscribe()).isTrue();
  }

  private PolicyStream subscribed() throws InterruptedException {
    PolicyStream stream = control.subscription();
    assertThat(stream.request().hasSubscribe()).isTrue();
    return stream;
  }

  private String opens(String key) {
    Policies.Access access = book.current().access(KeyHash.of(key));
    return access == null ? "nobody" : access.tenant().tenantId();
  }

  private static PolicyDelta.Builder delta(String nonce, TenantPolicy tenant) {
    return PolicyDelta.newBuilder().setNonce(nonce).addChanged(tenant);
  }

  private static ProxyKey key(String id, String key) throws Exception {
    byte[] sha256 =
        MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    return ProxyKey.newBuilder().setId(id).setSha256(ByteString.copyFrom(sha256)).build();
  }

  private static TenantPolicy tenant(String id, String version, String key) throws Exception {
    return TenantPolicy.newBuilder()
        .setTenantId(id)
        .setVersion(version)
        .setSurrogateKey(ByteString.copyFrom(new byte[32]))
        .addKeys(key("k", key))
        .addProviders(
            Provider.newBuilder()
                .setId("p")
                .setName("p")
                .setKind(Provider.Kind.OPENAI)
                .setBasePath("/v1")
                .setCredential("upstream-secret"))
        .addRoutes(Route.newBuilder().setModelPattern("*").addProviderIds("p"))
        .setPrivacy(PrivacyPolicy.newBuilder().putActions("EMAIL", PrivacyPolicy.Action.SUBSTITUTE))
        .build();
  }
}
