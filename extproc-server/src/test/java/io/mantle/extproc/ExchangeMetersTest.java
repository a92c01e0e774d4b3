package io.mantle.extproc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.value.Call;
import io.mantle.extproc.value.Caller;
import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.TraceContext;
import io.mantle.extproc.value.Trail;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.Strategy;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExchangeMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void exchange_completed_isCountedByStageTypeAndStrategy() {
    Trail trail = new Trail();
    trail.begin();
    trail.lap(Stage.PARSE);
    trail.found(new Trail.Found("EMAIL", Action.SUBSTITUTE, false, 2));
    new ExchangeMeters(registry, false)
        .count(report(usage("acme", Map.of(Strategy.EXACT, 3L)), "", trail));
    assertThat(registry.scrape())
        .contains(
            "mantle_exchange_seconds_count{outcome=\"COMPLETED\",streamed=\"true\"} 1\n",
            "mantle_stage_seconds_count{stage=\"parse\"} 1\n",
            "mantle_stage_seconds_count{stage=\"detect_deep\"} 0\n",
            "mantle_stage_seconds_bucket{stage=\"parse\",le=\"5.0E-5\"}",
            "mantle_entities_total{action=\"SUBSTITUTE\",mode=\"enforce\",type=\"EMAIL\"} 2.0\n",
            "mantle_restorations_total{strategy=\"EXACT\"} 3.0\n",
            "mantle_answers_unrestored_total 0.0\n",
            "mantle_provider_first_byte_seconds_count 1\n",
            "mantle_added_first_byte_seconds_sum 0.012\n",
            "mantle_held_back_bytes_max 40.0\n",
            "mantle_tokens_total{direction=\"prompt\",estimated=\"false\"} 7.0\n",
            "mantle_tokens_total{direction=\"completion\",estimated=\"false\"} 5.0\n")
        .doesNotContain("tenant");
  }

  @Test
  void answer_withoutAnyOfTheSurrogates_isCounted() {
    Trail trail = new Trail();
    trail.found(new Trail.Found("EMAIL", Action.PLACEHOLDER, false, 1));
    new ExchangeMeters(registry, false).count(report(usage("acme", Map.of()), "", trail));
    assertThat(registry.scrape()).contains("mantle_answers_unrestored_total 1.0\n");
  }

  @Test
  void refusal_ofNobody_isCountedByItsCode() {
    new ExchangeMeters(registry, true).count(report(null, "invalid_api_key", new Trail()));
    assertThat(registry.scrape())
        .contains("mantle_refusals_total{code=\"invalid_api_key\"} 1.0\n")
        .doesNotContain("tenant");
  }

  @Test
  void tenants_whereAskedFor_areCountedUpToABound() {
    ExchangeMeters meters = new ExchangeMeters(registry, true);
    for (int tenant = 0; tenant < ExchangeMeters.TENANTS_MAX + 2; tenant++) {
      meters.count(report(usage("t" + tenant, Map.of()), "", new Trail()));
    }
    assertThat(registry.scrape())
        .contains(
            "mantle_tenant_exchanges_total{outcome=\"COMPLETED\",tenant=\"t999\"} 1.0\n",
            "mantle_tenant_exchanges_total{outcome=\"COMPLETED\",tenant=\"other\"} 2.0\n",
            "mantle_tenant_tokens_total{tenant=\"t0\"} 12.0\n")
        .doesNotContain("t1000");
  }

  private static ExchangeReport report(@Nullable UsageRecord usage, String refusal, Trail trail) {
    ExchangeReport.Moments moments =
        new ExchangeReport.Moments(
            Instant.EPOCH, 0, 1_000_000, 3_000_000, 500_000_000, 510_000_000, 900_000_000);
    return new ExchangeReport("r-1", TraceContext.NONE, usage, refusal, trail, moments, 40, null);
  }

  private static UsageRecord usage(String tenant, Map<Strategy, Long> restored) {
    return new UsageRecord(
        "id",
        new Caller(tenant, "key-1", "version-1"),
        "/v1/chat/completions",
        new Call.Asked("prov-1", "demo", "http://demo:80", "m", true, 1),
        new UsageRecord.Times(Instant.EPOCH, Duration.ofMillis(900), Duration.ofMillis(497)),
        200,
        Outcome.COMPLETED,
        new TokenCounts(7, 5),
        new UsageRecord.Size(10, 20),
        Call.Found.NOTHING,
        new UsageRecord.Worked(restored, 0, false, false));
  }
}
