package io.mantle.controlplane.database;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What a tenant's exchanges came to, in groups. Thread-safe. */
public final class UsageReport {
  /** What clients name (models) is theirs to choose, so there may be any number of groups. */
  public static final int GROUPS_MAX = 1_000;

  private static final String TIMEOUT = "SET LOCAL statement_timeout = '30s'";
  private static final String RANGE = " WHERE u.started_at >= :from AND u.started_at < :to";

  private final Database database;

  public UsageReport(Database database) {
    this.database = database;
  }

  /** By what exchanges are grouped. */
  public enum Grouping {
    /** In UTC. */
    DAY("to_char(u.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')", "NULL::text", ""),
    MODEL("u.model", "NULL::text", ""),
    PROVIDER(
        "coalesce(u.provider_id, '')",
        "max(p.name)",
        " LEFT JOIN provider p ON p.id::text = u.provider_id"),
    KEY("u.key_id", "max(k.name)", " LEFT JOIN proxy_key k ON k.id::text = u.key_id");

    private final String group;
    private final String name;
    private final String join;

    Grouping(String group, String name, String join) {
      this.group = group;
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
   * @param latencyMillis of whole exchanges at 50, 95 and 99 %
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
    return database.asTenant(
        tenantId,
        handle -> {
          handle.execute(TIMEOUT);
          Map<String, Map<String, Long>> entities = entities(handle, from, to, grouping);
          return handle
              .createQuery(
                  "SELECT "
                      + grouping.group
                      + " AS grouped, "
                      + grouping.name
                      + " AS named, "
                      + """
                      count(*) AS requests,
                      count(*) FILTER (WHERE u.status >= 400 OR u.outcome IN ('PROVIDER_ERROR', 'BROKEN', 'UNKNOWN')) AS errors,
                      count(*) FILTER (WHERE u.outcome = 'REFUSED') AS refused,
                      count(*) FILTER (WHERE u.outcome = 'CANCELLED') AS cancelled,
                      count(*) FILTER (WHERE u.tokens_estimated) AS estimated,
                      coalesce(sum(u.prompt_tokens), 0) AS prompt_tokens,
                      coalesce(sum(u.completion_tokens), 0) AS completion_tokens,
                      coalesce(sum(u.cached_tokens), 0) AS cached_tokens,
                      coalesce(sum(u.reasoning_tokens), 0) AS reasoning_tokens,
                      coalesce(sum(u.request_bytes), 0) AS request_bytes,
                      coalesce(sum(u.response_bytes), 0) AS response_bytes,
                      percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY u.duration_millis) AS latency,
                      percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY u.first_byte_millis) AS first_byte
                      FROM usage u"""
                      + grouping.join
                      + RANGE
                      + " GROUP BY 1 ORDER BY "
                      + (grouping == Grouping.DAY ? "1" : "requests DESC, 1")
                      + " LIMIT "
                      + (GROUPS_MAX + 1))
              .bind("from", from)
              .bind("to", to)
              .map((row, _) -> group(row, entities))
              .list();
        });
  }

  private static Map<String, Map<String, Long>> entities(
      Handle handle, Instant from, Instant to, Grouping grouping) {
    Map<String, Map<String, Long>> entities = new HashMap<>();
    handle
        .createQuery(
            "SELECT "
                + grouping.group
                + " AS grouped, e.key AS type, sum(e.value::bigint) AS count FROM usage u,"
                + " jsonb_each_text(u.entities) e"
                + RANGE
                + " GROUP BY 1, 2")
        .bind("from", from)
        .bind("to", to)
        .map(
            (row, _) ->
                entities
                    .computeIfAbsent(PublishedRows.text(row, "grouped"), _ -> new TreeMap<>())
                    .put(PublishedRows.text(row, "type"), row.getLong("count")))
        .list();
    return entities;
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
        row.getLong("estimated"),
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
