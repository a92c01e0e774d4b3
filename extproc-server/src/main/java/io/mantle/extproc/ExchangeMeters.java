package io.mantle.extproc;

import io.mantle.extproc.value.ExchangeReport;
import io.mantle.extproc.value.Outcome;
import io.mantle.extproc.value.Stage;
import io.mantle.extproc.value.TokenCounts;
import io.mantle.extproc.value.Trail;
import io.mantle.extproc.value.UsageRecord;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.Strategy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts exchanges that are over. Labels are types, stages, outcomes and codes, all of fixed sets,
 * never a value; a tenant's name only where that was asked for, and then in meters of their own.
 * Safe for use by many threads.
 */
final class ExchangeMeters {
  /** Tenants beyond as many are counted together. */
  static final int TENANTS_MAX = 1_000;

  static final String OTHER_TENANTS = "other";

  private static final Duration[] STAGE_BUCKETS =
      millis(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 3_000);
  private static final Duration[] ANSWER_BUCKETS =
      millis(50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000);
  private static final double[] HELD_BUCKETS = {1, 16, 64, 256, 1_024, 4_096, 16_384, 65_536};

  private final MeterRegistry registry;
  private final boolean byTenant;

  /** Meters are kept, because finding one by its tags costs more than all else there is to do. */
  private final Map<ExchangeLabels, Timer> exchanges = new ConcurrentHashMap<>();

  private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
  private final Map<EntityLabels, Counter> entities = new ConcurrentHashMap<>();
  private final Map<Strategy, Counter> restored = new ConcurrentHashMap<>();
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();
  private final Map<TokenLabels, Counter> tokens = new ConcurrentHashMap<>();
  private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();
  private final Timer firstByte;
  private final Timer addedToFirstByte;
  private final DistributionSummary heldBack;
  private final Counter unrestored;
  private final Counter withheld;
  private final Counter answersMasked;
  private final Counter answersBlocked;

  private record ExchangeLabels(Outcome outcome, boolean streamed) {}

  private record EntityLabels(String type, Action action, boolean detectOnly) {}

  private record TokenLabels(String direction, boolean estimated) {}

  /**
   * Meters in a registry.
   *
   * @param byTenant whether tenants are counted each on their own
   */
  ExchangeMeters(MeterRegistry registry, boolean byTenant) {
    this.registry = registry;
    this.byTenant = byTenant;
    for (Stage stage : Stage.values()) {
      stages.put(
          stage,
          Timer.builder("mantle_stage")
              .tag("stage", stage.label())
              .serviceLevelObjectives(STAGE_BUCKETS)
              .description("Work of a stage in one exchange")
              .register(registry));
    }
    firstByte =
        Timer.builder("mantle_provider_first_byte")
            .serviceLevelObjectives(ANSWER_BUCKETS)
            .description("From the departure to the first byte of the provider's body")
            .register(registry);
    addedToFirstByte =
        Timer.builder("mantle_added_first_byte")
            .serviceLevelObjectives(STAGE_BUCKETS)
            .description("By how much Mantle delayed the first byte that a client got")
            .register(registry);
    heldBack =
        DistributionSummary.builder("mantle_held_back_bytes")
            .serviceLevelObjectives(HELD_BUCKETS)
            .description("How much of an answer was held back at most")
            .register(registry);
    unrestored =
        Counter.builder("mantle_answers_unrestored")
            .description("Complete answers in which none of the request's surrogates was found")
            .register(registry);
    withheld =
        Counter.builder("mantle_links_withheld")
            .description(
                "Surrogates left in links of answers, since they lead to hosts that the request did not name")
            .register(registry);
    answersMasked =
        Counter.builder("mantle_answers_masked")
            .description("Answers in which the model said something of its own that was masked")
            .register(registry);
    answersBlocked =
        Counter.builder("mantle_answers_blocked")
            .description(
                "Answers that ended since the model said something of its own that is blocked")
            .register(registry);
  }

  private static Duration[] millis(double... millis) {
    Duration[] durations = new Duration[millis.length];
    for (int i = 0; i < millis.length; i++) {
      durations[i] = Duration.ofNanos(Math.round(millis[i] * 1e6));
    }
    return durations;
  }

  void count(ExchangeReport report) {
    if (!report.refusal().isEmpty()) {
      refusals.computeIfAbsent(report.refusal(), this::refusal).increment();
    }
    UsageRecord usage = report.usage();
    if (usage == null) {
      return;
    }
    exchanges
        .computeIfAbsent(new ExchangeLabels(usage.outcome(), usage.asked().streamed()), this::timer)
        .record(usage.times().duration());
    count(report.trail());
    count(report, usage);
    if (byTenant) {
      String tenant = usage.caller().tenantId();
      boolean known = tenants.containsKey(tenant) || tenants.size() < TENANTS_MAX;
      tenants.computeIfAbsent(known ? tenant : OTHER_TENANTS, Tenant::new).count(usage);
    }
  }

  private void count(Trail trail) {
    stages.forEach(
        (stage, timer) -> {
          if (trail.has(stage)) {
            timer.record(trail.workedNanos(stage), TimeUnit.NANOSECONDS);
          }
        });
    for (Trail.Found found : trail.found()) {
      entities
          .computeIfAbsent(
              new EntityLabels(found.type(), found.action(), found.detectOnly()), this::entity)
          .increment(found.count());
    }
  }

  private void count(ExchangeReport report, UsageRecord usage) {
    UsageRecord.Worked worked = usage.worked();
    worked
        .restored()
        .forEach(
            (strategy, count) ->
                restored.computeIfAbsent(strategy, this::strategy).increment((double) count));
    if (usage.outcome() == Outcome.COMPLETED
        && worked.restored().isEmpty()
        && report.trail().found().stream().anyMatch(ExchangeMeters::leftASurrogate)) {
      unrestored.increment();
    }
    withheld.increment((double) worked.withheld());
    answersMasked.increment(worked.masked() ? 1 : 0);
    answersBlocked.increment(worked.blocked() ? 1 : 0);
    Duration first = usage.times().firstByte();
    if (first != null) {
      firstByte.record(first);
    }
    Duration added = report.moments().addedToFirstByte();
    if (added != null) {
      addedToFirstByte.record(added);
      heldBack.record((double) report.heldBytesMax());
    }
    TokenCounts spent = usage.tokens();
    if (spent != null) {
      tokens("prompt", spent).increment(spent.prompt());
      tokens("completion", spent).increment(spent.completion());
    }
  }

  private static boolean leftASurrogate(Trail.Found found) {
    return switch (found.action()) {
      case SUBSTITUTE, PLACEHOLDER -> true;
      case ALLOW, BLOCK -> false;
    };
  }

  private Timer timer(ExchangeLabels labels) {
    return Timer.builder("mantle_exchange")
        .tag("outcome", labels.outcome().name())
        .tag("streamed", Boolean.toString(labels.streamed()))
        .serviceLevelObjectives(ANSWER_BUCKETS)
        .description("Exchanges, from the request's head to the answer's end")
        .register(registry);
  }

  private Counter refusal(String code) {
    return Counter.builder("mantle_refusals")
        .tag("code", code)
        .description("Refusals by code, those of unknown callers included")
        .register(registry);
  }

  private Counter strategy(Strategy strategy) {
    return Counter.builder("mantle_restorations")
        .tag("strategy", strategy.name())
        .description("Surrogates restored in answers, by what recognised them")
        .register(registry);
  }

  private Counter entity(EntityLabels labels) {
    return Counter.builder("mantle_entities")
        .tag("type", labels.type())
        .tag("action", labels.action().name())
        .tag("mode", labels.detectOnly() ? "detect_only" : "enforce")
        .description("What was found in requests, by type and what became of it")
        .register(registry);
  }

  private Counter tokens(String direction, TokenCounts spent) {
    return tokens.computeIfAbsent(
        new TokenLabels(direction, spent.estimated()),
        labels ->
            Counter.builder("mantle_tokens")
                .tag("direction", labels.direction())
                .tag("estimated", Boolean.toString(labels.estimated()))
                .description("Tokens of prompts and completions, as told or estimated")
                .register(registry));
  }

  /** The meters of one tenant. */
  private final class Tenant {
    private final Map<Outcome, Counter> exchanges = new ConcurrentHashMap<>();
    private final String id;
    private final Counter tokens;

    private Tenant(String id) {
      this.id = id;
      this.tokens =
          Counter.builder("mantle_tenant_tokens")
              .tag("tenant", id)
              .description("Tokens of one tenant")
              .register(registry);
    }

    private Counter exchanges(Outcome outcome) {
      return Counter.builder("mantle_tenant_exchanges")
          .tag("tenant", id)
          .tag("outcome", outcome.name())
          .description("Exchanges of one tenant")
          .register(registry);
    }

    private void count(UsageRecord usage) {
      exchanges.computeIfAbsent(usage.outcome(), this::exchanges).increment();
      TokenCounts spent = usage.tokens();
      tokens.increment(spent == null ? 0 : (double) spent.total());
    }
  }
}
