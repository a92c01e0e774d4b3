package io.mantle.controlplane.database;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Those that it writes; the others have their defaults. */
  private static final String COLUMNS =
      "id, tenant_id, key_id, provider_id, model, endpoint, started_at, duration_millis,"
          + " first_byte_millis, streamed, status, outcome, prompt_tokens, completion_tokens,"
          + " cached_tokens, reasoning_tokens, tokens_estimated, request_bytes, response_bytes,"
          + " attempts, entities, detect_only, policy_version, node_id, cost_nano_usd,"
          + " price_source, platform_cost_nano_usd";

  private static final Pattern KEY_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Database database;
  private final BudgetWatch budgets;

  /** One that tells nobody what is spent. */
  public UsageRepository(Database database) {
    this(database, new BudgetWatch(database, _ -> {}));
  }

  /**
   * One that has budgets watched.
   *
   * @param budgets told of tenants that have new rows
   */
  public UsageRepository(Database database, BudgetWatch budgets) {
    this.database = database;
    this.budgets = budgets;
  }

  /**
   * Stores rows in one transaction, with what they cost, when the keys in them were last used, and
   * what of budgets they spent; one whose id is already stored is left as it is.
   */
  public void save(Collection<UsageRecord> records) {
    Map<String, List<UsageRecord>> byTenant =
        records.stream()
            .collect(
                Collectors.groupingBy(UsageRecord::tenantId, TreeMap::new, Collectors.toList()));
    List<BudgetAlert> crossed =
        database.asApp(
            handle -> {
              List<BudgetAlert> noticed = new ArrayList<>();
              List<ModelPrice> ofPlatform = PriceRepository.ofPlatform(handle);
              byTenant.forEach(
                  (tenantId, rows) -> {
                    Database.actAs(handle, tenantId);
                    insert(handle, rows, Costs.read(handle, ofPlatform));
                    markUsed(handle, rows);
                    noticed.addAll(budgets.check(handle, tenantId));
                  });
              return noticed;
            });
    budgets.tell(crossed);
  }

  /**
   * As one statement: the sums of days change once for all of its rows. Sorted, so that two batches
   * with the same rows do not deadlock.
   */
  private static void insert(Handle handle, List<UsageRecord> rows, Costs costs) {
    ArrayNode json = JSON.arrayNode();
    rows.stream()
        .sorted(Comparator.comparing(UsageRecord::id))
        .map(row -> json(row, costs.of(row)))
        .forEach(json::add);
    handle
        .createUpdate(
            """
            INSERT INTO usage (%1$s)
            SELECT %1$s FROM jsonb_populate_recordset(NULL::usage, :rows::jsonb)
            ON CONFLICT (id, started_at) DO NOTHING
            """
                .formatted(COLUMNS))
        .bind("rows", json.toString())
        .execute();
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

  /** Each member is a column. */
  private static ObjectNode json(UsageRecord row, Costs.Cost cost) {
    ObjectNode json =
        JSON.objectNode()
            .put("id", row.id().toString())
            .put("tenant_id", row.tenantId())
            .put("key_id", row.keyId())
            .put("provider_id", row.providerId().orElse(null))
            .put("model", row.model())
            .put("endpoint", row.endpoint())
            .put("started_at", row.startedAt().toString())
            .put("duration_millis", row.durationMillis())
            .put("first_byte_millis", orNull(row.firstByteMillis()))
            .put("streamed", row.streamed())
            .put("status", row.status())
            .put("outcome", row.outcome())
            .put("prompt_tokens", orNull(row.promptTokens()))
            .put("completion_tokens", orNull(row.completionTokens()))
            .put("cached_tokens", row.details().cachedTokens())
            .put("reasoning_tokens", row.details().reasoningTokens())
            .put("tokens_estimated", row.details().tokensEstimated())
            .put("request_bytes", row.details().requestBytes())
            .put("response_bytes", row.details().responseBytes())
            .put("attempts", row.details().attempts())
            .put("detect_only", row.detectOnly())
            .put("policy_version", row.policyVersion())
            .put("node_id", row.nodeId())
            .put("cost_nano_usd", orNull(cost.nanoUsd()))
            .put("price_source", cost.source().map(PriceList.Source::word).orElse(null))
            .put("platform_cost_nano_usd", orNull(cost.platformNanoUsd()));
    row.entities().forEach(json.putObject("entities")::put);
    return json;
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
}
