package io.mantle.controlplane.database;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's exchanges came to, in groups: whole days by their sums, which outlive the rows;
 * what is left of the range, latencies and times to the first byte by the rows. Thread-safe.
 */
public final class UsageReport {
  /** What clients name (models) is theirs to choose, so there may be any number of groups. */
  public static final int GROUPS_MAX = 1_000;

  private static final String TIMEOUT = "SET LOCAL statement_timeout = '30s'";

  /** Columns that usage_day and usage_of_day have in common. */
  private static final String SUMMED =
      "day, key_id, provider_id, model, requests, errors, refused, cancelled, estimated_requests,"
          + " unpriced_requests, prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens,"
          + " estimated_tokens, request_bytes, response_bytes, cost_nano_usd, entities";

  private static final String PARTS =
      "WITH part AS (SELECT "
          + SUMMED
          + " FROM usage_day WHERE day >= :firstDay AND day < :endDay UNION ALL SELECT "
          + SUMMED
          + " FROM usage_of_day WHERE (started_at >= :from AND started_at < :headEnd)"
          + " OR (started_at >= :tailStart AND started_at < :to)) ";

  private final Database database;

  public UsageReport(Database database) {
    this.database = database;
  }

  /** By what exchanges are grouped. */
  public enum Grouping {
    /** In UTC. */
    DAY(
        "to_char(u.day, 'YYYY-MM-DD')",
        "to_char(u.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        "NULL::text",
        ""),
    MODEL("u.model", "u.model", "NULL::text", ""),
    PROVIDER(
        "u.provider_id",
        "coalesce(u.provider_id, '')",
        "max(p.name)",
        " LEFT JOIN provider p ON p.id::text = u.provider_id"),
    KEY("u.key_id", "u.key_id", "max(k.name)", " LEFT JOIN proxy_key k ON k.id::text = u.key_id");

    private final String ofSum;
    private final String ofRow;
    private final String name;
    private final String join;

    Grouping(String ofSum, String ofRow, String name, String join) {
      this.ofSum = ofSum;
      this.ofRow = ofRow;
      this.name = name;
      this.join = join;
    }
  }

  /**
   * A group.
   *
   * @param name of its provider or key, where there still is one
   * @param errors answered with a status of 400 or more, or not to the end as far as is known,
   *     refusals included
   * @param refused by Mantle
   * @param cancelled the client left
   * @param estimated exchanges whose tokens the provider did not tell
   * @param estimatedTokens of their prompts and completions
   * @param costNanoUsd of those whose cost is known
   * @param unpriced exchanges that were sent, and whose cost is not known
   * @param latencyMillis of whole exchanges at 50, 95 and 99 %; empty where there are no rows any
   *     more
   * @param firstByteMillis from a request's departure to the answer's first byte, likewise; empty
   *     where there was no answer
   * @param entities type to how many were found
   */
  public record Group(
      String group,
      @Nullable String name,
      long requests,
      long errors,
      long refused,
      long cancelled,
      long promptTokens,
      long completionTokens,
      long cachedTokens,
      long reasoningTokens,
      long estimated,
      long estimatedTokens,
      BigDecimal costNanoUsd,
      long unpriced,
      long requestBytes,
      long responseBytes,
      List<Long> latencyMillis,
      List<Long> firstByteMillis,
      Map<String, Long> entities) {}

  /**
   * The groups of a range of time: days in order, else those of most requests first; {@link
   * #GROUPS_MAX} and one more at most.
   */
  public List<Group> report(String tenantId, Instant from, Instant to, Grouping grouping) {
    Range range = Range.of(from, to);
    String order = grouping == Grouping.DAY ? "1" : "requests DESC, 1";
    return database.asTenant(
        tenantId,
        handle -> {
          handle.execute(TIMEOUT);
          Map<String, Map<String, Long>> entities = entities(handle, range, grouping);
          return range
              .bindTo(
                  handle.createQuery(
                      PARTS
                          + "SELECT sums.*, latency, first_byte FROM (SELECT "
                          + grouping.ofSum
                          + " AS grouped, "
                          + grouping.name
                          + " AS named, "
                          + """
                          sum(requests) AS requests, sum(errors) AS errors, sum(refused) AS refused,
                          sum(cancelled) AS cancelled, sum(estimated_requests) AS estimated_requests,
                          sum(estimated_tokens) AS estimated_tokens,
                          sum(prompt_tokens) AS prompt_tokens,
                          sum(completion_tokens) AS completion_tokens,
                          sum(cached_tokens) AS cached_tokens,
                          sum(reasoning_tokens) AS reasoning_tokens,
                          sum(request_bytes) AS request_bytes, sum(response_bytes) AS response_bytes,
                          sum(cost_nano_usd) AS cost_nano_usd,
                          sum(unpriced_requests) AS unpriced_requests
                          FROM part u"""
                          + grouping.join
                          + " GROUP BY 1 ORDER BY "
                          + order
                          + " LIMIT "
                          + (GROUPS_MAX + 1)
                          + ") sums LEFT JOIN (SELECT "
                          + grouping.ofRow
                          + " AS grouped, "
                          + """
                          percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY u.duration_millis) AS latency,
                          percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY u.first_byte_millis) AS first_byte
                          FROM usage u WHERE u.started_at >= :from AND u.started_at < :to GROUP BY 1)
                          times USING (grouped)"""
                          + " ORDER BY "
                          + order))
              .map((row, _) -> group(row, entities))
              .list();
        });
  }

  private static Map<String, Map<String, Long>> entities(
      Handle handle, Range range, Grouping grouping) {
    Map<String, Map<String, Long>> entities = new HashMap<>();
    range
        .bindTo(
            handle.createQuery(
                PARTS
                    + "SELECT "
                    + grouping.ofSum
                    + " AS grouped, e.key AS type, sum(e.value::bigint) AS count FROM part u,"
                    + " jsonb_each_text(u.entities) e GROUP BY 1, 2"))
        .map(
            (row, _) ->
                entities
                    .computeIfAbsent(PublishedRows.text(row, "grouped"), _ -> new TreeMap<>())
                    .put(PublishedRows.text(row, "type"), row.getLong("count")))
        .list();
    return entities;
  }

  /**
   * A range of time, with the whole days in it.
   *
   * @param firstDay the first whole day
   * @param endDay the day after the last; the first, where there is none
   */
  private record Range(Instant from, Instant to, LocalDate firstDay, LocalDate endDay) {
    static Range of(Instant from, Instant to) {
      LocalDate begun = LocalDate.ofInstant(from, ZoneOffset.UTC);
      LocalDate first = start(begun).equals(from) ? begun : begun.plusDays(1);
      LocalDate end = LocalDate.ofInstant(to, ZoneOffset.UTC);
      return new Range(from, to, first, end.isBefore(first) ? first : end);
    }

    private static Instant start(LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    Query bindTo(Query query) {
      boolean noWholeDay = firstDay.equals(endDay);
      return query
          .bind("from", from)
          .bind("to", to)
          .bind("firstDay", firstDay)
          .bind("endDay", endDay)
          .bind("headEnd", noWholeDay ? to : start(firstDay))
          .bind("tailStart", noWholeDay ? to : start(endDay));
    }
  }

  private static Group group(ResultSet row, Map<String, Map<String, Long>> entities)
      throws SQLException {
    String group = PublishedRows.text(row, "grouped");
    return new Group(
        group,
        row.getString("named"),
        row.getLong("requests"),
        row.getLong("errors"),
        row.getLong("refused"),
        row.getLong("cancelled"),
        row.getLong("prompt_tokens"),
        row.getLong("completion_tokens"),
        row.getLong("cached_tokens"),
        row.getLong("reasoning_tokens"),
        row.getLong("estimated_requests"),
        row.getLong("estimated_tokens"),
        row.getBigDecimal("cost_nano_usd"),
        row.getLong("unpriced_requests"),
        row.getLong("request_bytes"),
        row.getLong("response_bytes"),
        percentiles(row.getArray("latency")),
        percentiles(row.getArray("first_byte")),
        entities.getOrDefault(group, Map.of()));
  }

  private static List<Long> percentiles(@Nullable Array array) throws SQLException {
    List<Long> percentiles = new ArrayList<>();
    if (array != null) {
      percentiles.addAll(PublishedRows.list(array, Long.class));
    }
    return percentiles;
  }
}
