package io.mantle.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.controlplane.database.PrivacyRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DifferenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE =
      """
      tenants:
        - id: acme
          name: Acme
          providers:
            - {name: main, base_url: "https://a.example.com/v1", models: [m], credential: "the-secret"}
          routes:
            - {model_pattern: "m*", providers: [main]}
          keys:
            - {name: web}
          privacy: {deny: [{phrase: Project Kingfisher, type: ORG}], recall: high}
      """;

  @Test
  void tenant_thatIsNotThere_isMadeWholeWithThePolicyFirst() throws Exception {
    assertThat(lines(FILE, LiveTenant.absent(), true))
        .containsExactly(
            "+ acme: tenant",
            "~ acme: privacy: recall balanced -> high; deny 0 -> 1 entries",
            "+ acme: provider main: openai at https://a.example.com/v1",
            "+ acme: route m*: to main",
            "+ acme: key web");
  }

  @Test
  void tenant_asTheFileSays_hasNoDifference() throws Exception {
    assertThat(lines(FILE, live(Set.of("p1")), false)).isEmpty();
  }

  @Test
  void more_thanTheFileSays_goesOnlyWithPrune() throws Exception {
    String file =
        """
        tenants:
          - {id: acme, name: Acme, providers: [], routes: [], keys: []}
        """;

    assertThat(lines(file, live(Set.of()), false)).isEmpty();
    assertThat(lines(file, live(Set.of()), true))
        .containsExactly(
            "- acme: route m*", "- acme: provider main", "- acme: key web: sk-mantle-abcd...");
  }

  @Test
  void section_leftOut_isLeftAloneEvenWithPrune() throws Exception {
    assertThat(lines("tenants: [{id: acme, name: Acme}]", live(Set.of()), true)).isEmpty();
  }

  @Test
  void credential_thatIsAnother_isReplacedAndNotShown() throws Exception {
    assertThat(lines(FILE, live(Set.of()), false))
        .containsExactly("~ acme: provider main: credential replaced");
    assertThat(lines(FILE.replace("\"the-secret\"", "null"), live(Set.of()), false))
        .containsExactly("~ acme: provider main: credential removed");
    assertThat(lines(FILE.replace(", credential: \"the-secret\"", ""), live(Set.of()), false))
        .isEmpty();
  }

  @Test
  void change_printed_holdsNoSecretAndNoPhrase() throws Exception {
    for (Change change : changes(FILE, LiveTenant.absent(), false)) {
      assertThat(change + " " + change.step()).doesNotContain("the-secret", "Kingfisher");
    }
  }

  @Test
  void endpoint_thatMoves_needsTheCredential() {
    String file = FILE.replace("a.example.com", "b.example.com");

    assertThat(flaws(file.replace(", credential: \"the-secret\"", ""), live(Set.of()), false))
        .singleElement()
        .asString()
        .startsWith("5:32: tenants[0].providers[0].base_url: ");
  }

  @Test
  void endpoint_thatMovesWithItsCredential_isOneChange() throws Exception {
    String file = FILE.replace("a.example.com", "b.example.com");

    Change change = changes(file, live(Set.of("p1")), false).getFirst();

    assertThat(change)
        .hasToString(
            "~ acme: provider main: base_url https://a.example.com/v1 -> https://b.example.com/v1");
    assertThat(((Change.Step.Replace) change.step()).body().path("credential").asText())
        .isEqualTo("the-secret");
  }

  @Test
  void routes_inAnotherOrderOrToOthers_change() throws Exception {
    String file =
        FILE.replace(
            "      - {model_pattern: \"m*\", providers: [main]}",
            "      - {model_pattern: \"n*\", providers: [main]}\n"
                + "      - {model_pattern: \"m*\", providers: [main]}");

    assertThat(lines(file, live(Set.of("p1")), false))
        .containsExactly("+ acme: route n*: to main", "~ acme: route m*: position 0 -> 1");
  }

  @Test
  void prices_areKnownByKindPatternAndDay_andComparedAsNumbers() throws Exception {
    String price =
        """
        tenants:
          - id: acme
            name: Acme
            prices:
              - model_pattern: m
                provider_kind: openai
                valid_from: 2026-01-01
                input_usd_per_million: 2.50
                output_usd_per_million: "10.00"
        """;
    assertThat(lines(price, live(Set.of()), true)).isEmpty();
    assertThat(lines(price.replace("2.50", "0.075"), live(Set.of()), true))
        .containsExactly(
            "~ acme: price m of openai from 2026-01-01: input_usd_per_million 2.5 -> 0.075");
    assertThat(lines(price.replace("2026-01", "2026-02"), live(Set.of()), true))
        .containsExactly(
            "+ acme: price m of openai from 2026-02-01: $2.5 in, $10 out",
            "- acme: price m of openai from 2026-01-01");
    assertThat(flaws(price.replace("2.50", "1e-10"), live(Set.of()), true))
        .singleElement()
        .asString()
        .contains("prices[0].input_usd_per_million: ");
  }

  @Test
  void limits_thatDiffer_changeAndLeaveThoseOfKeys() throws Exception {
    String file =
        "tenants: [{id: acme, name: Acme, limits: {requests_per_minute: 7, concurrent_streams: null}}]";

    Change change = changes(file, live(Set.of()), false).getFirst();

    assertThat(change)
        .hasToString(
            "~ acme: limits: concurrent_streams the plan's -> none;"
                + " requests_per_minute the plan's -> 7; tokens_per_day 10 -> the plan's");
    assertThat(((Change.Step.Replace) change.step()).body())
        .hasToString(
            "{\"limits\":{\"requests_per_minute\":7,\"concurrent_streams\":null},"
                + "\"keys\":{\"k1\":{\"requests_per_minute\":5}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{limit_cents: 500}|",
        "{limit_cents: 500, warn_percents: [100, 80], action: warn}|",
        "{limit_cents: 700, action: stop}"
            + "|~ acme: budget: limit_cents 500 -> 700; action \"warn\" -> \"stop\"",
        "{limit_cents: 500, warn_percents: []}|~ acme: budget: warn_percents [80,100] -> []",
        "null|- acme: budget"
      })
  void budget_thatDiffers_changesOrGoes(String budget, @Nullable String change) throws Exception {
    String file = "tenants: [{id: acme, name: Acme, budget: %s}]".formatted(budget);

    assertThat(lines(file, live(Set.of()), false))
        .isEqualTo(change == null ? List.of() : List.of(change));
  }

  @Test
  void budget_ofATenantThatHasNone_isStored() throws Exception {
    Change change =
        changes(
                "tenants: [{id: acme, name: Acme, budget: {limit_cents: 700}}]",
                LiveTenant.absent(),
                false)
            .getLast();

    assertThat(change).hasToString("+ acme: budget: 700 cents");
    assertThat(((Change.Step.Store) change.step()).body())
        .hasToString("{\"limit_cents\":700,\"warn_percents\":[80,100],\"action\":\"warn\"}");
  }

  @Test
  void route_withAnotherWayOfTrying_changes() throws Exception {
    String file =
        FILE.replace(
            "providers: [main]}", "providers: [main], model_mapping: {main: big}, retries: 2}");

    assertThat(lines(file, live(Set.of("p1")), false))
        .containsExactly("~ acme: route m*: model_mapping {} -> {main: big}; retries null -> 2");
  }

  @Test
  void route_toAProviderThatIsNot_isAFlaw() {
    String file =
        """
        tenants:
          - {id: acme, name: Acme, providers: [], routes: [{model_pattern: x, providers: [main]}]}
        """;

    assertThat(flaws(file, live(Set.of()), true))
        .containsExactly(
            "2:83: tenants[0].routes[0].providers[0]: the tenant has no provider of this name");
    assertThat(flaws(file.replace("[main]", "[other]"), live(Set.of()), false)).hasSize(1);
  }

  @Test
  void route_toAProviderThatTheFileDoesNotName_isPossible() throws Exception {
    String file =
        "tenants: [{id: acme, name: Acme, routes: [{model_pattern: x, providers: [main]}]}]";

    assertThat(lines(file, live(Set.of()), false)).containsExactly("+ acme: route x: to main");
  }

  private static LiveTenant live(Set<String> sameCredentials) {
    return new LiveTenant(
        Optional.of(json("{'id':'acme','name':'Acme','plan':'pro','reserved':false}")),
        policy(),
        json("{'limits':{'tokens_per_day':10},'keys':{'k1':{'requests_per_minute':5}}}"),
        Optional.of(
            json(
                "{'limit_cents':500,'warn_percents':[80,100],'action':'warn','month':'2026-01',"
                    + "'spent_usd':'1','stopped':false}")),
        List.of(
            json(
                "{'id':'p1','name':'main','kind':'openai','base_url':'https://a.example.com/v1',"
                    + "'models':['m'],'credential':'********cret','credential_version':1,"
                    + "'accepts_stream_usage':true}")),
        List.of(
            json(
                "{'id':'r1','position':0,'model_pattern':'m*','providers':['p1'],'model_mapping':{},"
                    + "'retries':null,'first_byte_timeout_seconds':null}")),
        List.of(json("{'id':'k1','name':'web','prefix':'sk-mantle-abcd','revoked_at':null}")),
        List.of(
            json(
                "{'id':'c1','provider_kind':'openai','model_pattern':'m','valid_from':'2026-01-01',"
                    + "'input_usd_per_million':'2.5','cached_input_usd_per_million':null,"
                    + "'output_usd_per_million':'10'}")),
        sameCredentials);
  }

  /** What the file says, in full. */
  private static JsonNode policy() {
    return DeclarationReader.json(PrivacyRow.DEFAULT)
        .put("recall", "high")
        .set("deny", json("[{'phrase':'Project Kingfisher','type':'ORG'}]"));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static List<Change> changes(String text, LiveTenant live, boolean prune)
      throws InvalidFileException {
    MantleFile file = MantleFile.of(Path.of("."), text, Map.of());
    return Difference.between(file, file.declaration().tenants().getFirst(), live, prune);
  }

  private static List<String> lines(String text, LiveTenant live, boolean prune)
      throws InvalidFileException {
    return changes(text, live, prune).stream().map(Change::toString).toList();
  }

  private static List<String> flaws(String text, LiveTenant live, boolean prune) {
    InvalidFileException invalid =
        catchThrowableOfType(InvalidFileException.class, () -> changes(text, live, prune));
    assertThat(invalid).isNotNull();
    return invalid.flaws().stream().map(Flaw::toString).toList();
  }
}
