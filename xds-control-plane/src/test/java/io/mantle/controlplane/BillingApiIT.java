package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.controlplane.database.Database;
import io.mantle.controlplane.database.PriceRepository;
import io.mantle.controlplane.database.ShippedPrices;
import io.mantle.controlplane.database.UsageRecord;
import io.mantle.controlplane.database.UsageRepository;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prices, what rows cost by them, and what a month would cost, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BillingApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String MAY = "2026-05-10T12:00:00Z";
  private static final String PRICE =
      """
      {"provider_kind": "%s", "model_pattern": "%s", "valid_from": "%s",
       "input_usd_per_million": "%s", "output_usd_per_million": "%s"}""";

  private RunningControlPlane running;
  private TestPostgres postgres;
  private Database database;
  private UsageRepository usage;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(
            directory,
            Map.of(
                "MANTLE_DATABASE_URL", postgres.urlText(), "MANTLE_USAGE_RETENTION_MONTHS", "120"));
    database = Database.open(postgres.url());
    usage = new UsageRepository(database);
  }

  @AfterAll
  void stop() {
    database.close();
    running.close();
  }

  @Test
  void cost_isByTheTenantsPrice_elseThePlatforms_elseUnknown() throws Exception {
    String provider = tenant("acme");
    created(
        "/api/v1/tenants/acme/prices", PRICE.formatted("openai", "gpt-4o", "2026-05-01", "1", "2"));
    usage.save(
        List.of(
            row("acme", provider, "gpt-4o", "2026-04-30T23:59:59Z"), // the platform's: 2.50 and 10
            row("acme", provider, "gpt-4o", "2026-05-01T00:00:00Z"), // its own: 1 and 2
            row("acme", provider, "gpt-4o-2024-08-06", MAY),
            row("acme", provider, "nobody-knows", MAY),
            row("acme", "gone", "gpt-4o", MAY), // a provider of no kind that is known
            refused("acme", MAY),
            record(
                "acme",
                Optional.of(provider),
                "gpt-4o",
                "/v1/responses/{id}", // the tokens that were paid for when it was made
                "2026-05-11T00:00:00Z",
                "COMPLETED",
                OptionalLong.of(1_000),
                1)));

    assertThat(
            postgres.query(
                "SELECT (model, started_at AT TIME ZONE 'UTC', cost_nano_usd, price_source)::text"
                    + " FROM usage WHERE tenant_id = 'acme' ORDER BY 1"))
        .containsExactly(
            "(gpt-4o,\"2026-04-30 23:59:59\",6375000,platform)",
            "(gpt-4o,\"2026-05-01 00:00:00\",1800000,tenant)",
            "(gpt-4o,\"2026-05-10 12:00:00\",,)",
            "(gpt-4o,\"2026-05-11 00:00:00\",0,)",
            "(gpt-4o-2024-08-06,\"2026-05-10 12:00:00\",1800000,tenant)",
            "(nobody-knows,\"2026-05-10 12:00:00\",,)",
            "(nothing-left,\"2026-05-10 12:00:00\",0,)");
    JsonNode april = json("/api/v1/tenants/acme/usage?from=2026-04-01&to=2026-05-01").at("/data/0");
    assertThat(april.path("cost_usd").asText()).isEqualTo("0.006375");
    assertThat(april.path("unpriced_requests").asLong()).isZero();
    String may = "/api/v1/tenants/acme/usage?group_by=model&from=2026-05-01&to=2026-06-01";
    assertThat(model("gpt-4o", may).path("cost_usd").asText()).isEqualTo("0.0018");
    assertThat(model("gpt-4o", may).path("unpriced_requests").asLong()).isEqualTo(1);
    assertThat(model("nobody-knows", may).path("cost_usd").isNull()).isTrue();
    assertThat(model("nothing-left", may).path("cost_usd").asText()).isEqualTo("0");
    assertThat(
            running
                .ask(
                    "GET",
                    "/api/v1/tenants/acme/usage?from=2026-04-01&to=2026-05-01",
                    RunningControlPlane.TOKEN,
                    "",
                    "Accept",
                    "text/csv")
                .body()
                .lines()
                .toList())
        .satisfiesExactly(
            columns ->
                assertThat(columns)
                    .endsWith(",entities,estimated_tokens,cost_usd,unpriced_requests"),
            line -> assertThat(line).endsWith(",\"EMAIL=1\",0,0.006375,0"));
  }

  /** Only what the platform set holds against whoever writes the tenant's prices. */
  @Test
  void budget_thatThePlatformSets_isSpentByThePlatformsPrices_whateverTheTenantsAre()
      throws Exception {
    String provider = tenant("thrifty");
    created("/api/v1/tenants/thrifty/prices", PRICE.formatted("*", "*", "2020-01-01", "0", "0"));
    created(
        "/api/v1/tenants/thrifty/prices",
        PRICE.formatted("*", "house-1", "2020-01-01", "5000", "5000"));
    put("/api/v1/tenants/thrifty/limits", "{\"limits\":{\"monthly_budget_cents\":1000}}");
    put("/api/v1/tenants/thrifty/budget", "{\"limit_cents\":1,\"action\":\"stop\"}");
    String now = Instant.now().toString();
    usage.save(List.of(row("thrifty", provider, "nobody-knows", now)));
    assertThat(alerts("thrifty")).as("neither has a price above 0 for it").isEmpty();

    for (int i = 0; i < 1_600; i += 400) { // 0.006375 dollars each, by the platform's price
      usage.save(
          Stream.generate(() -> row("thrifty", provider, "gpt-4o", now)).limit(400).toList());
    }
    assertThat(alerts("thrifty")).containsExactly("1000 80 false", "1000 100 true");
    JsonNode own = json("/api/v1/tenants/thrifty/budget");
    assertThat(own.path("spent_usd").asText()).as("by its own prices").isEqualTo("0");
    assertThat(own.path("stopped").asBoolean()).as("by the platform's").isTrue();

    put("/api/v1/tenants/thrifty/limits", "{\"limits\":{\"monthly_budget_cents\":2000}}");
    usage.save(Stream.generate(() -> row("thrifty", provider, "house-1", now)).limit(2).toList());
    assertThat(alerts("thrifty"))
        .as("a model that the platform has no price for counts by the tenant's")
        .contains("2000 100 true", "1 100 true");
  }

  private void put(String path, String body) throws Exception {
    HttpResponse<String> answer = running.put(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** Limit, percent and whether it stops, by limit and percent. */
  private List<String> alerts(String tenant) throws Exception {
    return postgres.query(
        "SELECT limit_cents || ' ' || percent || ' ' || stops FROM budget_alert WHERE tenant_id = '"
            + tenant
            + "' ORDER BY limit_cents, percent");
  }

  @Test
  void cost_whereARouteMapsTheModel_isOfWhatTheProviderCallsIt() throws Exception {
    String provider = tenant("mapped");
    created(
        "/api/v1/tenants/mapped/routes",
        "{\"model_pattern\":\"fast*\",\"providers\":[\"%1$s\"],\"model_mapping\":{\"%1$s\":\"gpt-4o-mini\"}}"
            .formatted(provider));
    usage.save(
        List.of(row("mapped", provider, "fast-one", MAY), row("mapped", provider, "slow", MAY)));
    assertThat(
            postgres.query(
                "SELECT model || ' ' || coalesce(cost_nano_usd, -1) FROM usage WHERE tenant_id ="
                    + " 'mapped' ORDER BY 1"))
        .containsExactly("fast-one 382500", "slow -1");
  }

  @Test
  void usage_ofPartsOfDays_isThatOfTheRows_andOfWholeDaysStaysWithoutThem() throws Exception {
    String provider = tenant("parts");
    usage.save(
        List.of(
            row("parts", provider, "gpt-4o", "2026-05-10T06:00:00Z"),
            row("parts", provider, "gpt-4o", "2026-05-10T18:00:00Z"),
            row("parts", provider, "gpt-4o", "2026-05-11T12:00:00Z"),
            row("parts", provider, "gpt-4o", "2026-05-12T06:00:00Z"),
            row("parts", provider, "gpt-4o", "2026-05-12T18:00:00Z")));
    String url = "/api/v1/tenants/parts/usage?group_by=key";
    String parts = url + "&from=2026-05-10T12:00:00Z&to=2026-05-12T12:00:00Z";
    assertThat(json(parts).at("/data/0/requests").asLong()).isEqualTo(3);
    assertThat(
            json(url + "&from=2026-05-10T12:00:00Z&to=2026-05-10T20:00:00Z")
                .at("/data/0/requests")
                .asLong())
        .isEqualTo(1);
    JsonNode before = json(url + "&from=2026-05-10&to=2026-05-13").at("/data/0");
    assertThat(before.path("requests").asLong()).isEqualTo(5);
    assertThat(before.at("/latency_ms/p50").asLong()).isEqualTo(12);

    postgres.execute("DELETE FROM usage WHERE tenant_id = 'parts'"); // as dropping its month does
    JsonNode after = json(url + "&from=2026-05-10&to=2026-05-13").at("/data/0");
    assertThat(after.path("latency_ms").isNull()).isTrue();
    assertThat(after.path("cost_usd")).isEqualTo(before.path("cost_usd"));
    assertThat(after.path("requests")).isEqualTo(before.path("requests"));
    assertThat(after.path("entities")).isEqualTo(before.path("entities")).isNotEmpty();
  }

  @Test
  void preview_isThePlanAndTheProviders() throws Exception {
    String provider = tenant("billed");
    running.put("/api/v1/tenants/billed", "{\"name\":\"Billed\",\"plan\":\"pro\"}");
    usage.save(
        List.of(
            row("billed", provider, "gpt-4o", MAY),
            row("billed", provider, "gpt-4o", MAY),
            row("billed", provider, "nobody-knows", MAY),
            refused("billed", MAY),
            row("billed", provider, "gpt-4o", "2026-06-01T00:00:00Z")));
    JsonNode pro = json("/api/v1/plans/pro");
    HttpResponse<String> changed =
        running.put(
            "/api/v1/plans/pro",
            "{\"limits\":%s,\"price\":{\"monthly_fee_cents\":4900,\"included_requests\":1,\"thousand_more_requests_cents\":500}}"
                .formatted(pro.path("limits")));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);

    JsonNode preview = json("/api/v1/tenants/billed/billing/preview?month=2026-05");

    assertThat(preview.path("complete").asBoolean()).isTrue();
    assertThat(preview.at("/plan/id").asText()).isEqualTo("pro");
    assertThat(preview.at("/plan/fee_usd").asText()).isEqualTo("49");
    assertThat(preview.at("/plan/requests").asLong()).isEqualTo(3);
    assertThat(preview.at("/plan/more_requests").asLong()).isEqualTo(2);
    assertThat(preview.at("/plan/more_requests_usd").asText()).isEqualTo("0.01");
    assertThat(preview.at("/providers/cost_usd").asText()).isEqualTo("0.01275");
    assertThat(preview.at("/providers/unpriced_requests").asLong()).isEqualTo(1);
    assertThat(preview.at("/providers/unpriced_models").toString()).isEqualTo("[\"nobody-knows\"]");
    assertThat(preview.at("/providers/models"))
        .extracting(model -> model.path("model").asText() + " " + model.path("requests").asLong())
        .containsExactly("gpt-4o 2", "nobody-knows 1");
    assertThat(preview.path("total_usd").asText()).isEqualTo("49.02275");
    assertThat(preview.at("/projected/total_usd").asText()).isEqualTo("49.02275");
    assertThat(json("/api/v1/tenants/billed/billing/preview").path("complete").asBoolean())
        .isFalse();
    assertThat(running.get("/api/v1/tenants/billed/billing/preview?month=2026-13").statusCode())
        .isEqualTo(400);
    running.put("/api/v1/plans/pro", pro.toString().replace("\"id\":\"pro\",", ""));
  }

  @Test
  void planThatIncludesAll_saysNull_andHasNoMoreRequests() throws Exception {
    String provider = tenant("unlimited");
    running.put("/api/v1/tenants/unlimited", "{\"name\":\"All\",\"plan\":\"enterprise\"}");
    usage.save(List.of(row("unlimited", provider, "gpt-4o", MAY)));

    JsonNode preview = json("/api/v1/tenants/unlimited/billing/preview?month=2026-05");

    assertThat(preview.at("/plan/price/included_requests").isNull()).isTrue();
    assertThat(preview.at("/plan/requests").asLong()).isEqualTo(1);
    assertThat(preview.at("/plan/more_requests").asLong()).isZero();
  }

  @Test
  void platformPrices_areListedByPages_andStayAsPutWhenPlantedAgain() throws Exception {
    JsonNode first = json("/api/v1/prices?limit=2");
    assertThat(first.at("/data/0/shipped").asBoolean()).isTrue();
    String next = first.path("next").asText();
    JsonNode second =
        json("/api/v1/prices?limit=200&after=" + next.replace(" ", "%20").replace("*", "%2A"));
    assertThat(second.path("next").isNull()).isTrue();
    int all = 2 + second.path("data").size();

    String mine = PRICE.formatted("anthropic", "claude-3-haiku", "2024-03-13", "0.33", "1.5");
    HttpResponse<String> put = running.put("/api/v1/prices", mine);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(JSON.readTree(put.body()).path("shipped").asBoolean()).isFalse();
    String tag = put.headers().firstValue("ETag").orElseThrow();
    assertThat(running.put("/api/v1/prices", mine, "If-Match", tag).statusCode()).isEqualTo(200);
    String other = PRICE.formatted("anthropic", "claude-3-haiku", "2024-03-14", "0.33", "1.5");
    for (String changed : List.of(mine.replace("1.5", "1.25"), other)) {
      assertThat(running.put("/api/v1/prices", changed, "If-Match", "\"0\"").statusCode())
          .isEqualTo(412);
    }
    new PriceRepository(database).plant(ShippedPrices.read());

    JsonNode again = json("/api/v1/prices?limit=200").path("data");
    assertThat(again).hasSize(all);
    assertThat(again.at("/0/input_usd_per_million").asText()).isNotEmpty();
    assertThat(again)
        .anySatisfy(
            price -> {
              assertThat(price.path("model_pattern").asText()).isEqualTo("claude-3-haiku");
              assertThat(price.path("input_usd_per_million").asText()).isEqualTo("0.33");
              assertThat(price.path("cached_input_usd_per_million").isNull()).isTrue();
            });
  }

  @Test
  void tenantPrices_areMadeListedAndDeleted() throws Exception {
    tenant("own");
    String url = "/api/v1/tenants/own/prices";
    String body = PRICE.formatted("*", "llama-*", "2026-01-01", "0.000000001", "0");
    JsonNode made = created(url, body);
    assertThat(json(url).path("data")).containsExactly(made);
    assertThat(running.post(url, body).statusCode()).isEqualTo(409);
    String one = url + "/" + made.path("id").asText();
    assertThat(json(one)).isEqualTo(made);
    String dearer = PRICE.formatted("openai", "llama-*", "2026-01-01", "3", "4");
    HttpResponse<String> changed = running.put(one, dearer);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(json(url).path("data")).containsExactly(JSON.readTree(changed.body()));
    assertThat(running.put(one, body, "If-Match", "\"0123456789abcdef\"").statusCode())
        .isEqualTo(412);
    created(url, body);
    assertThat(running.put(one, body).statusCode()).isEqualTo(409);
    String version = running.get(one).headers().firstValue("ETag").orElseThrow();
    assertThat(running.put(one, dearer, "If-Match", version).statusCode()).isEqualTo(200);
    assertThat(running.delete(one).statusCode()).isEqualTo(204);
    assertThat(running.delete(url + "/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
    assertThat(json(url).path("data")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "GPT, m, 2026-01-01, 1, 1, provider_kind",
    "opnai, m, 2026-01-01, 1, 1, provider_kind",
    "openai, m m, 2026-01-01, 1, 1, model_pattern",
    "openai, m, 2026-02-30, 1, 1, valid_from",
    "openai, m, 26-02-30, 1, 1, valid_from",
    "openai, m, 2026-01-01, -1, 1, input_usd_per_million",
    "openai, m, 2026-01-01, 1, 10001, output_usd_per_million",
    "openai, m, 2026-01-01, 1, 0.0000000001, output_usd_per_million",
  })
  void price_invalid_isRefusedWithItsField(
      String kind, String model, String from, String input, String output, String field)
      throws Exception {
    HttpResponse<String> refused =
        running.put("/api/v1/prices", PRICE.formatted(kind, model, from, input, output));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(JSON.readTree(refused.body()).path("field").asText()).isEqualTo(field);
  }

  /** A tenant with a provider of OpenAI's kind. */
  private String tenant(String id) throws Exception {
    created("/api/v1/tenants", "{\"id\":\"%s\",\"name\":\"T\"}".formatted(id));
    return created(
            "/api/v1/tenants/" + id + "/providers",
            "{\"name\":\"main\",\"base_url\":\"https://api.example.com\"}")
        .path("id")
        .asText();
  }

  /** Of 1,000 tokens in, 100 of them cached, and 400 out. */
  private static UsageRecord row(String tenant, String provider, String model, String at) {
    OptionalLong prompt = OptionalLong.of(1_000);
    return record(tenant, Optional.of(provider), model, CHAT, at, "COMPLETED", prompt, 1);
  }

  private static UsageRecord refused(String tenant, String at) {
    OptionalLong none = OptionalLong.empty();
    return record(tenant, Optional.empty(), "nothing-left", CHAT, at, "REFUSED", none, 0);
  }

  private static UsageRecord record(
      String tenant,
      Optional<String> provider,
      String model,
      String endpoint,
      String at,
      String outcome,
      OptionalLong prompt,
      int attempts) {
    return new UsageRecord(
        UUID.randomUUID(),
        tenant,
        "k",
        provider,
        model,
        endpoint,
        Instant.parse(at),
        12,
        OptionalLong.empty(),
        false,
        attempts == 0 ? 403 : 200,
        outcome,
        prompt,
        attempts == 0 ? OptionalLong.empty() : OptionalLong.of(400),
        new UsageRecord.Details(attempts == 0 ? 0 : 100, 0, false, 10, 10, attempts),
        attempts == 0 ? Map.of() : Map.of("EMAIL", 1L),
        false,
        "v",
        "n");
  }

  /** The group of a model. */
  private JsonNode model(String name, String url) throws Exception {
    for (JsonNode group : json(url).path("data")) {
      if (group.path("model").asText().equals(name)) {
        return group;
      }
    }
    throw new AssertionError("no group of " + name);
  }

  private JsonNode created(String path, String body) throws Exception {
    HttpResponse<String> answer = running.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body());
  }

  private JsonNode json(String url) throws Exception {
    HttpResponse<String> answer = running.get(url);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }
}
