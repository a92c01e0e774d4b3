package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.UsageReport;
import io.mantle.controlplane.database.UsageReport.Group;
import io.mantle.controlplane.database.UsageReport.Grouping;
import io.mantle.controlplane.database.Usd;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code /tenants/{t}/usage?from&to&group_by=day|model|provider|key}: what exchanges came to, as
 * JSON or, where {@code Accept} asks for it, as CSV.
 */
final class UsageResource {
  private static final Duration RANGE_DEFAULT = Duration.ofDays(30);
  private static final Duration RANGE_MAX = Duration.ofDays(400);

  private final UsageReport report;
  private final Clock clock;

  UsageResource(UsageReport report, Clock clock) {
    this.report = report;
    this.clock = clock;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.USAGE_GET.route(), this::get);
  }

  private void get(Context context) {
    Instant to = QueryTime.of(context, "to").orElseGet(clock::instant);
    Instant from = QueryTime.of(context, "from").orElseGet(() -> to.minus(RANGE_DEFAULT));
    if (!from.isBefore(to)) {
      throw malformed("from", "from is before to.");
    }
    if (Duration.between(from, to).compareTo(RANGE_MAX) > 0) {
      throw malformed("from", "At most " + RANGE_MAX.toDays() + " days are asked for at once.");
    }
    Grouping grouping = grouping(context);
    List<Group> groups = report.report(context.pathParam("tenant"), from, to, grouping);
    boolean truncated = groups.size() > UsageReport.GROUPS_MAX;
    List<Group> shown = truncated ? groups.subList(0, UsageReport.GROUPS_MAX) : groups;
    if (Csv.isAskedFor(context)) {
      Csv.answer(context, UsageCsv.write(word(grouping), shown));
      return;
    }
    ObjectNode body =
        Answer.object()
            .put("from", from.toString())
            .put("to", to.toString())
            .put("group_by", word(grouping));
    ArrayNode data = body.putArray("data");
    shown.forEach(group -> data.add(json(word(grouping), group)));
    body.put("truncated", truncated);
    new Answer(200, body.toString(), "").writeTo(context);
  }

  private static Grouping grouping(Context context) {
    String asked = context.queryParam("group_by");
    for (Grouping grouping : Grouping.values()) {
      if (asked == null || asked.equals(word(grouping))) {
        return grouping;
      }
    }
    throw malformed("group_by", "group_by is one of day, model, provider, key.");
  }

  private static String word(Grouping grouping) {
    return grouping.name().toLowerCase(Locale.ROOT);
  }

  private static Problem malformed(String parameter, String detail) {
    return new Problem(400, "Malformed request", detail).at(parameter);
  }

  private static ObjectNode json(String groupedBy, Group group) {
    ObjectNode json = Answer.object().put(groupedBy, group.group());
    if (group.name() != null) {
      json.put("name", group.name());
    }
    json.put("requests", group.requests())
        .put("errors", group.errors())
        .put("refused", group.refused())
        .put("cancelled", group.cancelled())
        .put("prompt_tokens", group.promptTokens())
        .put("completion_tokens", group.completionTokens())
        .put("cached_tokens", group.cachedTokens())
        .put("reasoning_tokens", group.reasoningTokens())
        .put("requests_with_estimated_tokens", group.estimated())
        .put("estimated_tokens", group.estimatedTokens())
        .put("cost_usd", cost(group.costNanoUsd(), group.unpriced()).orElse(null))
        .put("unpriced_requests", group.unpriced())
        .put("request_bytes", group.requestBytes())
        .put("response_bytes", group.responseBytes());
    percentiles(json, "latency_ms", group.latencyMillis());
    percentiles(json, "first_byte_ms", group.firstByteMillis());
    ObjectNode entities = json.putObject("entities");
    group.entities().forEach(entities::put);
    return json;
  }

  /** In US dollars; empty where nothing is known of it, which is not nothing. */
  static Optional<String> cost(BigDecimal knownNanoUsd, long unpriced) {
    boolean unknown = unpriced > 0 && knownNanoUsd.signum() == 0;
    return unknown ? Optional.empty() : Optional.of(Usd.text(knownNanoUsd));
  }

  private static void percentiles(ObjectNode json, String field, List<Long> percentiles) {
    if (percentiles.size() == 3) {
      json.putObject(field)
          .put("p50", percentiles.get(0))
          .put("p95", percentiles.get(1))
          .put("p99", percentiles.get(2));
    } else {
      json.putNull(field);
    }
  }
}
