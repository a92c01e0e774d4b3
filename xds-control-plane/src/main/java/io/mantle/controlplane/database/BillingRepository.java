package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What plans cost, and what a tenant used in a month. Thread-safe. */
public final class BillingRepository {
  /** What clients name models is theirs to choose, so there may be any number. */
  public static final int MODELS_MAX = 1_000;

  private final Database database;

  public BillingRepository(Database database) {
    this.database = database;
  }

  /**
   * A month of a tenant.
   *
   * @param requests that Mantle did not refuse
   * @param costNanoUsd of the providers, as far as it is known
   * @param unpriced requests that were sent and whose cost is not known
   * @param models those of the highest cost first, then of most requests, at most {@link
   *     #MODELS_MAX} and one more
   */
  public record Month(
      long requests, BigDecimal costNanoUsd, long unpriced, List<ModelMonth> models) {
    public Month {
      models = List.copyOf(models);
    }
  }

  /** The same of a model, as clients name it. */
  public record ModelMonth(
      String model,
      long requests,
      long promptTokens,
      long completionTokens,
      long cachedTokens,
      BigDecimal costNanoUsd,
      long unpriced) {}

  /** What each plan costs, by its name. */
  public Map<String, PlanPrice> plans() {
    return database.asIdentity(BillingRepository::plans);
  }

  private static Map<String, PlanPrice> plans(Handle handle) {
    Map<String, PlanPrice> plans = new LinkedHashMap<>();
    handle
        .createQuery("SELECT * FROM plan_price ORDER BY plan")
        .map((row, _) -> plans.put(text(row, "plan"), price(row)))
        .list();
    return plans;
  }

  /** Changes what a plan costs; what changes its limits as well does both in one transaction. */
  public void putPlan(String plan, PlanPrice price) {
    OptionalLong included = price.includedRequests();
    @Nullable Long includedOrNull = included.isPresent() ? included.getAsLong() : null;
    database.asIdentity(
        handle ->
            handle
                .createUpdate(
                    "UPDATE plan_price SET monthly_fee_cents = :fee, included_requests = :included,"
                        + " thousand_more_requests_cents = :more WHERE plan = :plan")
                .bind("plan", plan)
                .bind("fee", price.feeCents())
                .bindBySqlType("included", includedOrNull, Types.BIGINT)
                .bind("more", price.thousandMoreCents())
                .execute());
  }

  /** What a tenant used in a month in UTC; by the sums of its days. */
  public Month month(String tenantId, YearMonth month) {
    return database.asTenant(tenantId, handle -> month(handle, month));
  }

  private static Month month(Handle handle, YearMonth month) {
    String ofMonth = " FROM usage_day WHERE day >= :from AND day < :to";
    List<ModelMonth> models =
        handle
            .createQuery(
                "SELECT model, sum(requests - refused) AS requests,"
                    + " sum(prompt_tokens) AS prompt_tokens,"
                    + " sum(completion_tokens) AS completion_tokens,"
                    + " sum(cached_tokens) AS cached_tokens, sum(cost_nano_usd) AS cost_nano_usd,"
                    + " sum(unpriced_requests) AS unpriced_requests"
                    + ofMonth
                    + " GROUP BY model HAVING sum(requests) > sum(refused)"
                    + " ORDER BY sum(cost_nano_usd) DESC, sum(requests - refused) DESC, model"
                    + " LIMIT "
                    + (MODELS_MAX + 1))
            .bind("from", month.atDay(1))
            .bind("to", month.plusMonths(1).atDay(1))
            .map(
                (row, _) ->
                    new ModelMonth(
                        text(row, "model"),
                        row.getLong("requests"),
                        row.getLong("prompt_tokens"),
                        row.getLong("completion_tokens"),
                        row.getLong("cached_tokens"),
                        row.getBigDecimal("cost_nano_usd"),
                        row.getLong("unpriced_requests")))
            .list();
    return handle
        .createQuery(
            "SELECT coalesce(sum(requests - refused), 0) AS requests,"
                + " coalesce(sum(cost_nano_usd), 0) AS cost_nano_usd,"
                + " coalesce(sum(unpriced_requests), 0) AS unpriced_requests"
                + ofMonth)
        .bind("from", month.atDay(1))
        .bind("to", month.plusMonths(1).atDay(1))
        .map(
            (row, _) ->
                new Month(
                    row.getLong("requests"),
                    row.getBigDecimal("cost_nano_usd"),
                    row.getLong("unpriced_requests"),
                    models))
        .one();
  }

  private static PlanPrice price(ResultSet row) throws SQLException {
    long number = row.getLong("included_requests");
    OptionalLong included = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
    return new PlanPrice(
        row.getLong("monthly_fee_cents"), included, row.getLong("thousand_more_requests_cents"));
  }
}
