package io.mantle.controlplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.ScopedRouteConfiguration;
import io.mantle.controlplane.database.LimitKind;
import io.mantle.controlplane.database.Limits;
import io.mantle.controlplane.database.Preset;
import io.mantle.controlplane.database.PrivacyJson;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.database.PrivacyRow.AnswersRow;
import io.mantle.controlplane.database.PrivacyRow.DetectionRow;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.database.SpentBudgets;
import io.mantle.controlplane.database.TenantLimits;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRows;
import io.mantle.controlplane.database.TenantRows.ProviderRow;
import io.mantle.controlplane.database.TenantRows.ProxyKeyRow;
import io.mantle.controlplane.database.TenantRows.RouteRow;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import io.mantle.proto.policy.v1.AnswerPolicy;
import io.mantle.proto.policy.v1.AnswerPolicy.ToolArguments;
import io.mantle.proto.policy.v1.PrivacyPolicy;
import io.mantle.proto.policy.v1.PrivacyPolicy.Action;
import io.mantle.proto.policy.v1.ProxyKey;
import io.mantle.proto.policy.v1.Spellings.Spelling;
import io.mantle.proto.policy.v1.TenantPolicy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TenantSnapshotTest {
  private static final long SPENT_UNTIL = 1_800_000_000_000L;
  private static final UUID PROVIDER = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final UUID KEY_1 = UUID.fromString("00000000-0000-0000-0000-00000000000a");
  private static final UUID KEY_2 = UUID.fromString("00000000-0000-0000-0000-00000000000b");
  private static final SharedResources SHARED = new SharedResources(TestSettings.STANDARD);

  @Test
  void of_sameRows_hasTheSameVersions() throws InvalidTenantException {
    TenantSnapshot one = TenantSnapshot.of(rows("https://api.example.com"), SHARED);
    TenantSnapshot other = TenantSnapshot.of(rows("https://api.example.com"), SHARED);

    assertThat(one).isEqualTo(other);
    assertThat(one.policy().version()).matches("[0-9a-f]{16}");
    assertThat(one.policy().message().getVersion()).isEqualTo(one.policy().version());
  }

  @Test
  void of_limits_namesTheLowestStepThatLetsThemThrough() throws InvalidTenantException {
    assertThat(step(LimitKind.REQUESTS_PER_MINUTE, 61)).isEqualTo(120);
    assertThat(step(LimitKind.REQUESTS_PER_MINUTE, 60)).isEqualTo(60);
    assertThat(step(LimitKind.REQUESTS_PER_SECOND, 2)).isEqualTo(120);
    assertThat(step(LimitKind.TOKENS_PER_DAY, 2)).isEqualTo(60_000_000);
    assertThat(step(LimitKind.REQUESTS_PER_MINUTE, LimitKind.VALUE_MAX)).isEqualTo(60_000_000);
  }

  private static int step(LimitKind kind, long limit) throws InvalidTenantException {
    TenantRows rows = rows("https://api.example.com");
    Limits limits = new Limits(Map.of(kind, OptionalLong.of(limit)));
    return TenantSnapshot.of(
            new TenantRows(
                rows.tenantId(),
                rows.plan(),
                rows.reserved(),
                rows.surrogateKey(),
                rows.keys(),
                rows.providers(),
                rows.routes(),
                rows.privacy(),
                new TenantLimits(Limits.SILENT, limits, Map.of()),
                SpentBudgets.NONE),
            SHARED)
        .policy()
        .message()
        .getLimits()
        .getLadderStep();
  }

  @Test
  void of_credentialChanges_changesThePolicyAlone() throws InvalidTenantException {
    TenantSnapshot before = TenantSnapshot.of(rows("https://api.example.com"), SHARED);
    TenantSnapshot after =
        TenantSnapshot.of(
            rows("https://api.example.com", "sk-other", "*", List.of(PROVIDER), Map.of()), SHARED);

    assertThat(after.policy().version()).isNotEqualTo(before.policy().version());
    assertThat(after.scope()).isEqualTo(before.scope());
    assertThat(after.clusters()).isEqualTo(before.clusters());
  }

  @Test
  void of_anyTenant_tellsEnvoyNoSecret() throws InvalidTenantException {
    TenantSnapshot snapshot = TenantSnapshot.of(rows("https://api.example.com"), SHARED);

    assertThat(snapshot.scope().message().toString() + snapshot.clusters())
        .doesNotContain("sk-upstream");
  }

  @Test
  void of_provider_isReachedOnlyByTheInternalHeader()
      throws InvalidTenantException, InvalidProtocolBufferException {
    TenantSnapshot snapshot = TenantSnapshot.of(rows("https://api.example.com:8443/x/"), SHARED);

    ScopedRouteConfiguration scope =
        snapshot.scope().message().getResource().unpack(ScopedRouteConfiguration.class);
    List<Route> routes = scope.getRouteConfiguration().getVirtualHosts(0).getRoutesList();
    assertThat(routes).hasSize(2);
    assertThat(routes.getFirst().getMatch().getHeaders(0).getName())
        .isEqualTo("x-mantle-internal-route");
    assertThat(routes.getFirst().getRoute().getCluster()).isEqualTo("https://api.example.com:8443");
    assertThat(routes.getFirst().getMatch().getHeaders(0).getStringMatch().getExact())
        .isEqualTo("https://api.example.com:8443");
    assertThat(routes.getFirst().getRoute().getAutoHostRewrite().getValue()).isTrue();
    assertThat(snapshot.policy().message().getProviders(0).getEndpoint())
        .isEqualTo("https://api.example.com:8443");
    assertThat(routes.getLast().getDirectResponse().getStatus()).isEqualTo(503);
    assertThat(snapshot.policy().message().getProviders(0).getBasePath()).isEqualTo("/x");
  }

  @Test
  void of_noPrivacyRow_substitutesWhatIdentifiesAPerson() throws InvalidTenantException {
    Map<String, Action> actions =
        TenantSnapshot.of(rows("http://127.0.0.1:1"), SHARED)
            .policy()
            .message()
            .getPrivacy()
            .getActionsMap();

    assertThat(actions.keySet())
        .as("exactly the engine's types")
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(EntityType.values()).map(EntityType::name).toList());
    assertThat(actions)
        .containsEntry("PERSON", Action.SUBSTITUTE)
        .containsEntry("URL", Action.ALLOW);
  }

  @Test
  void of_privacyRow_differsFromTheDefaultOnlyInWhatItNames() throws InvalidTenantException {
    TenantRows rows =
        rows(
            "http://127.0.0.1:1",
            "",
            "*",
            List.of(PROVIDER),
            Map.of("EMAIL", "block", "PERSON", "ALLOW"));

    Map<String, Action> actions =
        TenantSnapshot.of(rows, SHARED).policy().message().getPrivacy().getActionsMap();

    assertThat(actions)
        .containsEntry("EMAIL", Action.BLOCK)
        .containsEntry("PERSON", Action.ALLOW)
        .containsEntry("IBAN", Action.SUBSTITUTE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"preset": "default"} | LOCATION ORG DATE URL | PASS
          {"preset": "strict"}  | ''                    | REFUSE
          {"preset": "hipaa"}   | ORG                   | REFUSE
          {"preset": "strict", "media": "pass", "actions": {"ORG": "allow"}} | ORG | PASS
          {"preset": "default", "actions": {"URL": "block"}, "media": "refuse"} | LOCATION ORG DATE | REFUSE
          """)
  void of_preset_allowsWhatItIsSaidTo(String json, String allowed, PrivacyPolicy.Media media)
      throws Exception {
    PrivacyPolicy pushed = pushed(json);

    assertThat(typesThat(pushed, Action.ALLOW)).containsExactlyInAnyOrder(words(allowed));
    assertThat(pushed.getActionsMap()).hasSameSizeAs(EntityType.values());
    assertThat(pushed.getMedia()).isEqualTo(media);
    assertThat(pushed.getRecall()).isEqualTo(PrivacyPolicy.Recall.BALANCED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"preset": "pci"}                                  | CREDIT_CARD PASSWORD_OR_SECRET
          {"preset": "pci", "actions": {"iban": "substitute"}} | CREDIT_CARD PASSWORD_OR_SECRET IBAN
          {"preset": "pci", "actions": {"CREDIT_CARD": "block"}} | PASSWORD_OR_SECRET
          """)
  void of_presetPci_substitutesCardData(String json, String substituted) throws Exception {
    PrivacyPolicy pushed = pushed(json);

    assertThat(typesThat(pushed, Action.SUBSTITUTE)).containsExactlyInAnyOrder(words(substituted));
    assertThat(pushed.getMedia()).isEqualTo(PrivacyPolicy.Media.PASS);
  }

  private static PrivacyPolicy pushed(String json) throws Exception {
    return TenantSnapshot.of(rows(PrivacyJson.read(json)), SHARED).policy().message().getPrivacy();
  }

  private static List<String> typesThat(PrivacyPolicy policy, Action action) {
    return policy.getActionsMap().entrySet().stream()
        .filter(entry -> entry.getValue() == action)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static String[] words(String text) {
    return text.isEmpty() ? new String[0] : text.split(" ", -1);
  }

  @Test
  void of_tenantsOwnRules_arePushedWithoutTheirSamples() throws InvalidTenantException {
    PrivacyPolicy pushed =
        TenantSnapshot.of(rows(privacy("B-[0-9]{5}", "B-12345")), SHARED)
            .policy()
            .message()
            .getPrivacy();

    assertThat(pushed.getRecall()).isEqualTo(PrivacyPolicy.Recall.PRECISE);
    assertThat(pushed.getMode()).isEqualTo(PrivacyPolicy.Mode.DETECT_ONLY);
    assertThat(pushed.getMedia()).isEqualTo(PrivacyPolicy.Media.REFUSE);
    assertThat(pushed.getPreservationPrompt()).isEqualTo("Repeat names.");
    assertThat(pushed.getTraceContent()).isTrue();
    assertThat(pushed.getRecordExchanges()).isTrue();
    assertThat(pushed.getDeny(0).getPhrase()).isEqualTo("Falcon");
    assertThat(pushed.getAllowList()).containsExactly("Maria Garcia");
    assertThat(pushed.getRecognizers(0).getPatternsList()).containsExactly("B-[0-9]{5}");
    assertThat(pushed.toString()).doesNotContain("B-12345");
    assertThat(pushed.getDeep()).isFalse();
  }

  @Test
  void of_answersRow_isPushedTypeByType() throws InvalidTenantException {
    AnswerPolicy pushed =
        TenantSnapshot.of(rows(privacy("B-[0-9]{5}", "B-12345")), SHARED)
            .policy()
            .message()
            .getPrivacy()
            .getAnswers();

    assertThat(pushed.getNotRestoredMap()).hasSameSizeAs(EntityType.values());
    assertThat(pushed.getNotRestoredOrThrow("PERSON").getSpellingsList())
        .containsExactlyInAnyOrder(Spelling.CASE, Spelling.INITIALS);
    assertThat(pushed.getNotRestoredOrThrow("EMAIL").getSpellingsList())
        .containsExactlyInAnyOrder(Spelling.INITIALS, Spelling.TYPO);
    assertThat(pushed.getLinkHostsList()).containsExactly("docs.acme.com", "*.acme.net");
    assertThat(pushed.getProduced()).isEqualTo(AnswerPolicy.Produced.BLOCK);
    assertThat(pushed.getToolsMap())
        .containsEntry("send_mail", ToolArguments.LEAVE)
        .containsEntry("*", ToolArguments.RESTORE);
  }

  /** What the message calls a spelling is what the engine calls a strategy. */
  @Test
  void strategies_allButExact_haveANameOnTheWire() {
    Set<String> spellings =
        Stream.of(Spelling.values()).map(Enum::name).collect(Collectors.toSet());

    assertThat(Stream.of(Strategy.values()).filter(strategy -> strategy != Strategy.EXACT))
        .allMatch(strategy -> spellings.contains(strategy.name()));
  }

  @ParameterizedTest
  @CsvSource({"B-[0-9]{5, B-12345", "B-[0-9]{5}, B-1"})
  void of_rulesThatASidecarWouldRefuse_areNotPushed(String pattern, String sample) {
    assertThatThrownBy(() -> TenantSnapshot.of(rows(privacy(pattern, sample)), SHARED))
        .isInstanceOf(InvalidTenantException.class)
        .hasMessageContaining("its privacy policy: recognizers[0].")
        .hasMessageNotContaining("B-");
  }

  @Test
  void of_deepTierAskedFor_isPublishedOnlyWhereSidecarsHaveIt() throws InvalidTenantException {
    TenantRows rows =
        rows(
            new PrivacyRow(
                Preset.DEFAULT,
                Map.of(),
                "enforce",
                new DetectionRow("balanced", List.of(), List.of(), List.of(), true),
                "pass",
                "",
                AnswersRow.DEFAULT,
                false,
                OptionalInt.empty()));

    assertThat(
            TenantSnapshot.of(rows, new SharedResources(TestSettings.of(true, true)))
                .policy()
                .message()
                .getPrivacy()
                .getDeep())
        .isTrue();
    assertThatThrownBy(() -> TenantSnapshot.of(rows, new SharedResources(TestSettings.STANDARD)))
        .isInstanceOf(InvalidTenantException.class)
        .hasMessageContaining("deep");
  }

  private static PrivacyRow privacy(String pattern, String sample) {
    return new PrivacyRow(
        Preset.DEFAULT,
        Map.of(),
        "detect_only",
        new DetectionRow(
            "precise",
            List.of(new PrivacyRow.DenyRow("Falcon", "ORG")),
            List.of("Maria Garcia"),
            List.of(
                new PrivacyRow.RecognizerRow(
                    "badge",
                    "NATIONAL_ID",
                    List.of(pattern),
                    List.of(),
                    List.of(),
                    List.of(sample),
                    List.of("nothing"))),
            false),
        "refuse",
        "Repeat names.",
        new AnswersRow(
            Map.of(
                "*", Map.of("typo", false, "initials", false),
                "PERSON", Map.of("typo", true, "case", false)),
            List.of("Docs.acme.com", "*.acme.net"),
            Map.of("send_mail", "leave", "*", "restore"),
            "block"),
        true,
        OptionalInt.of(24));
  }

  private static TenantRows rows(PrivacyRow privacy) {
    TenantRows rows = rows("http://127.0.0.1:1");
    return with(rows, privacy, rows.spent());
  }

  private static TenantRows with(TenantRows rows, PrivacyRow privacy, SpentBudgets spent) {
    return new TenantRows(
        rows.tenantId(),
        rows.plan(),
        rows.reserved(),
        rows.surrogateKey(),
        rows.keys(),
        rows.providers(),
        rows.routes(),
        privacy,
        rows.limits(),
        spent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        "https://user@api.example.com",
        "https://api.example.com/v1?key=1",
        "https://api.example.com:0",
        "https://api.example.com:70000",
        "https://999.1.1.1",
        "https://1.02.3.4",
        "https://[::ffff:1.2.3.04]",
        "https://api.example.com/a/../b",
        "https://exa mple.com",
        "https://-x.com"
      })
  void of_badBaseUrl_isRefusedWithoutRepeatingIt(String baseUrl) {
    assertThatThrownBy(() -> TenantSnapshot.of(rows(baseUrl), SHARED))
        .isInstanceOf(InvalidTenantException.class)
        .hasMessageContaining(PROVIDER.toString())
        .hasMessageNotContaining(baseUrl);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.openai.com",
        "https://api.openai.com/v1/",
        "http://127.0.0.1:9001/v1",
        "http://[::1]:9001",
        "http://[::ffff:1.2.3.4]:9001",
        "HTTPS://API.OPENAI.COM"
      })
  void of_baseUrlWithOrWithoutPath_standsAtV1(String baseUrl) throws InvalidTenantException {
    assertThat(
            TenantSnapshot.of(rows(baseUrl), SHARED)
                .policy()
                .message()
                .getProviders(0)
                .getBasePath())
        .isEqualTo("/v1");
  }

  @Test
  void of_routeToAMissingProvider_isRefused() {
    TenantRows rows = rows("http://127.0.0.1:1", "", "*", List.of(KEY_1), Map.of());

    assertThatThrownBy(() -> TenantSnapshot.of(rows, SHARED))
        .isInstanceOf(InvalidTenantException.class)
        .hasMessageContaining("there is no provider");
  }

  @Test
  void of_credentialThatBreaksAHeader_isRefusedWithoutRepeatingIt() {
    TenantRows rows = rows("http://127.0.0.1:1", "sk\r\nx: y", "*", List.of(PROVIDER), Map.of());

    assertThatThrownBy(() -> TenantSnapshot.of(rows, SHARED))
        .isInstanceOf(InvalidTenantException.class)
        .hasMessageNotContaining("sk");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PERSONS=substitute", "PERSON=drop"})
  void of_unknownTypeOrAction_isRefusedRatherThanAllowed(String difference) {
    String[] parts = difference.split("=", 2);
    TenantRows rows =
        rows("http://127.0.0.1:1", "", "*", List.of(PROVIDER), Map.of(parts[0], parts[1]));

    assertThatThrownBy(() -> TenantSnapshot.of(rows, SHARED))
        .isInstanceOf(InvalidTenantException.class);
  }

  @Test
  void retainingKeys_revokedKey_isGoneAndTheVersionChanges() throws InvalidTenantException {
    TenantSnapshot before = TenantSnapshot.of(rows("http://127.0.0.1:1"), SHARED);

    TenantSnapshot after = before.retainingKeys(List.of(key(KEY_2)));

    assertThat(after.policy().message().getKeysList())
        .extracting(ProxyKey::getId)
        .containsExactly(KEY_2.toString());
    assertThat(after.policy().version()).isNotEqualTo(before.policy().version());
    assertThat(before.retainingKeys(List.of(key(KEY_1), key(KEY_2)))).isSameAs(before);
  }

  @Test
  void tightenedBy_rowsThatCannotBeUsed_losesKeysAndTakesLimitsAndSpentBudgets()
      throws InvalidTenantException {
    TenantSnapshot before = TenantSnapshot.of(rows("http://127.0.0.1:1"), SHARED);
    TenantRows unusable = spent(rows("gopher://x"));

    TenantPolicy after = before.tightenedBy(unusable).policy().message();
    assertThat(after.getLimits().getTenant().getSpentUntilEpochMillis()).isEqualTo(SPENT_UNTIL);
    assertThat(after.getProvidersList()).isEqualTo(before.policy().message().getProvidersList());
    assertThat(after.getKeysCount()).isEqualTo(2);

    TenantRead unreadable = new TenantRead.Unreadable("acme", List.of(key(KEY_2)), "sealed");
    assertThat(before.tightenedBy(unreadable).policy())
        .isEqualTo(before.retainingKeys(List.of(key(KEY_2))).policy());
    assertThat(before.tightenedBy(rows("gopher://x"))).isSameAs(before);
  }

  @Test
  void keepingHeld_tellsKeysAndLimits_andNothingThatWouldBeAPolicy() {
    TenantPolicy keeps = TenantSnapshot.keepingHeld(spent(rows("gopher://x"))).message();
    assertThat(keeps.getTenantId()).isEqualTo("acme");
    assertThat(keeps.getKeepsHeld()).isTrue();
    assertThat(keeps.getKeysCount()).isEqualTo(2);
    assertThat(keeps.getLimits().getTenant().getSpentUntilEpochMillis()).isEqualTo(SPENT_UNTIL);
    assertThat(keeps.getSurrogateKey().isEmpty()).isTrue();
    assertThat(keeps.getProvidersList()).isEmpty();

    TenantRead unreadable = new TenantRead.Unreadable("acme", List.of(key(KEY_2)), "sealed");
    assertThat(TenantSnapshot.keepingHeld(unreadable).message().hasLimits()).isFalse();
  }

  private static TenantRows spent(TenantRows rows) {
    return with(
        rows, rows.privacy(), new SpentBudgets(Instant.ofEpochMilli(SPENT_UNTIL), true, Set.of()));
  }

  private static TenantRows rows(String baseUrl) {
    return rows(baseUrl, "sk-upstream", "*", List.of(PROVIDER), Map.of());
  }

  private static TenantRows rows(
      String baseUrl,
      String credential,
      String pattern,
      List<UUID> chain,
      Map<String, String> actions) {
    return new TenantRows(
        "acme",
        "free",
        false,
        Secret.of(new byte[32]),
        List.of(key(KEY_1), key(KEY_2)),
        List.of(
            new ProviderRow(
                PROVIDER,
                "p",
                "openai",
                baseUrl,
                Secret.of(credential),
                List.of("gpt-4o"),
                true,
                false)),
        List.of(route(pattern, chain)),
        new PrivacyRow(
            Preset.DEFAULT,
            actions,
            "enforce",
            DetectionRow.DEFAULT,
            "pass",
            "",
            AnswersRow.DEFAULT,
            false,
            OptionalInt.empty()),
        TenantLimits.NONE,
        SpentBudgets.NONE);
  }

  private static RouteRow route(String pattern, List<UUID> chain) {
    return new RouteRow(
        UUID.randomUUID(), pattern, chain, Map.of(), OptionalInt.empty(), OptionalInt.empty());
  }

  private static ProxyKeyRow key(UUID id) {
    return new ProxyKeyRow(id, "00".repeat(32));
  }
}
