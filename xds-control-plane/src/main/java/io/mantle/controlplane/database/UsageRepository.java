package io.mantle.controlplane.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The usage rows of tenants, each written and read as its own tenant. Thread-safe. */
public final class UsageRepository {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern KEY_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Database database;

  public UsageRepository(Database database) {
    this.database = database;
  }

  /**
   * Stores rows in one transaction, and when the keys in them were last used; one whose id is
   * already stored is left as it is.
   */
  public void save(Collection<UsageRecord> records) {
    Map<String, List<UsageRecord>> byTenant =
        records.stream()
            .collect(
                Collectors.groupingBy(UsageRecord::tenantId, TreeMap::new, Collectors.toList()));
    database.asApp(
        handle -> {
          byTenant.forEach(
              (tenantId, rows) -> {
                Database.actAs(handle, tenantId);
                PreparedBatch batch =
                    handle.prepareBatch(
                        """
                        INSERT INTO usage (id, tenant_id, key_id, provider_id, model, endpoint,
                          started_at, duration_millis, first_byte_millis, streamed, status, outcome,
                          prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens,
                          tokens_estimated, request_bytes, response_bytes, attempts, entities, detect_only, policy_version,
                          node_id)
                        VALUES (:id, :tenant, :key, :provider, :model, :endpoint,
                          :startedAt, :duration, :firstByte, :streamed, :status, :outcome,
                          :promptTokens, :completionTokens, :cachedTokens, :reasoningTokens,
                          :tokensEstimated, :requestBytes, :responseBytes, :attempts, :entities::jsonb, :detectOnly, :policyVersion,
                          :node)
                        ON CONFLICT (id, started_at) DO NOTHING
                        """);
                rows.forEach(row -> bind(batch, row));
                batch.execute();
                markUsed(handle, rows);
              });
          return records.size();
        });
  }

  /**
   * When keys were last used, to the minute; always in the same order, so that nobody deadlocks.
   */
  private static void markUsed(Handle handle, List<UsageRecord> rows) {
    Map<String, Instant> latest = new TreeMap<>();
    rows.stream()
        .filter(row -> KEY_ID.matcher(row.keyId()).matches())
        .forEach(row -> latest.merge(row.keyId(), row.startedAt(), UsageRepository::later));
    if (latest.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE proxy_key SET last_used_at = :at WHERE id = :id AND"
                + " (last_used_at IS NULL OR last_used_at < :at::timestamptz - interval '1 minute')");
    latest.forEach((id, at) -> batch.bind("id", UUID.fromString(id)).bind("at", at).add());
    batch.execute();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static void bind(PreparedBatch batch, UsageRecord row) {
    batch
        .bind("id", row.id())
        .bind("tenant", row.tenantId())
        .bind("key", row.keyId())
        .bindBySqlType("provider", row.providerId().orElse(null), Types.VARCHAR)
        .bind("model", row.model())
        .bind("endpoint", row.endpoint())
        .bind("startedAt", row.startedAt())
        .bind("duration", row.durationMillis())
        .bindBySqlType("firstByte", orNull(row.firstByteMillis()), Types.BIGINT)
        .bind("streamed", row.streamed())
        .bind("status", row.status())
        .bind("outcome", row.outcome())
        .bindBySqlType("promptTokens", orNull(row.promptTokens()), Types.BIGINT)
        .bindBySqlType("completionTokens", orNull(row.completionTokens()), Types.BIGINT)
        .bind("cachedTokens", row.details().cachedTokens())
        .bind("reasoningTokens", row.details().reasoningTokens())
        .bind("tokensEstimated", row.details().tokensEstimated())
        .bind("requestBytes", row.details().requestBytes())
        .bind("responseBytes", row.details().responseBytes())
        .bind("attempts", row.details().attempts())
        .bind("entities", json(row.entities()))
        .bind("detectOnly", row.detectOnly())
        .bind("policyVersion", row.policyVersion())
        .bind("node", row.nodeId())
        .add();
  }

  /** How many exchanges of a tenant are stored. */
  public long count(String tenantId) {
    return database.asTenant(
        tenantId,
        handle -> handle.createQuery("SELECT count(*) FROM usage").mapTo(Long.class).one());
  }

  /** The ids of a tenant's latest exchanges, latest first, at most {@code limit}. */
  public List<UUID> latestIds(String tenantId, int limit) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT id FROM usage ORDER BY started_at DESC, id LIMIT :limit")
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list());
  }

  private static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static String json(Map<String, Long> entities) {
    try {
      return JSON.writeValueAsString(new TreeMap<>(entities));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of counts is JSON", e);
    }
  }
}
