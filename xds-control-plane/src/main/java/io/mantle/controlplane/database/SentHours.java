package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the audit what left: of each tenant and hour, a row for each provider that was sent
 * anything, with the version of the policy by which, the number of requests, and how many of which
 * types were masked in them. Made of the usage rows, of whole hours only.
 *
 * <p>An hour holds the exchanges that were heard of in it, not those that were made in it: a
 * sidecar that was cut off reports late, and what it reports then is in a later hour instead of in
 * none. Each exchange is in one row, however often and by however many control planes this is run.
 */
public final class SentHours {
  private static final Logger LOG = LoggerFactory.getLogger(SentHours.class);

  /** How rows of it are found. */
  public static final String ACTION = "exchange.sent";

  private static final String ACTOR = "mantle";
  private static final Duration HOUR = Duration.ofHours(1);

  /** Of a row, those found most often; a row of the audit has a bound. */
  private static final int TYPES_MAX = 500;

  /**
   * The end of the last hour that is whole, by the clock that dates usage: a transaction that
   * stores some ends within ten minutes.
   */
  private static final String WHOLE_BEFORE =
      "SELECT date_trunc('hour', now() - interval '10 minutes', 'UTC')";

  private static final String SENT =
      " FROM usage WHERE attempts > 0 AND provider_id IS NOT NULL AND stored_at >= :from";
  private static final String OF_HOUR = SENT + " AND stored_at < :to";
  private static final String KEY = "policy_version, provider_id, detect_only";

  private final Database database;
  private final AuditLog audit;
  private final Supplier<? extends Collection<String>> tenants;
  private Instant doneBefore = Instant.EPOCH;

  /**
   * Writes when it is run.
   *
   * @param tenants all that may have been used; asked each time
   */
  public SentHours(Database database, Supplier<? extends Collection<String>> tenants) {
    this.database = database;
    this.audit = new AuditLog(database);
    this.tenants = tenants;
  }

  /** What was sent to whom, under which policy. */
  private record Key(String policyVersion, String providerId, boolean detectOnly) {}

  /** Writes what is due of all tenants, once in an hour; a job of {@link LeaderWork}. */
  public void run(BooleanSupplier stillLeads) {
    Instant before =
        database.asApp(
            handle ->
                handle.createQuery(WHOLE_BEFORE).mapTo(OffsetDateTime.class).one().toInstant());
    if (!before.isAfter(doneBefore)) {
      return;
    }
    boolean all = true;
    for (String tenant : tenants.get()) {
      if (!stillLeads.getAsBoolean()) {
        return;
      }
      try {
        write(tenant, before);
      } catch (RuntimeException e) {
        all = false;
        // Its class only: a driver's message may quote a row.
        LOG.warn(
            "What tenant {} sent is not in the audit yet ({}); trying again",
            tenant,
            e.getClass().getSimpleName());
      }
    }
    if (all) {
      doneBefore = before;
    }
  }

  /**
   * Writes what is due of a tenant, an hour a transaction.
   *
   * @param before the end of the last hour that is whole
   */
  void write(String tenantId, Instant before) {
    boolean more;
    do {
      more = database.asTenant(tenantId, handle -> writeNext(handle, tenantId, before));
    } while (more);
  }

  /** The earliest hour that is due; false where there is none. */
  private boolean writeNext(Handle handle, String tenantId, Instant before) {
    // Also what keeps another control plane from writing the same hour.
    handle
        .createQuery("SELECT mantle_audit_lock(:tenant)::text")
        .bind("tenant", tenantId)
        .mapTo(String.class)
        .one();
    Instant from =
        handle
            .createQuery(
                "SELECT (detail::jsonb ->> 'hour')::timestamptz + interval '1 hour' FROM audit"
                    + " WHERE action = :action ORDER BY seq DESC LIMIT 1")
            .bind("action", ACTION)
            .mapTo(OffsetDateTime.class)
            .findOne()
            .map(OffsetDateTime::toInstant)
            .orElse(Instant.EPOCH);
    Optional<Instant> next =
        handle
            .createQuery("SELECT stored_at" + SENT + " ORDER BY stored_at LIMIT 1")
            .bind("from", from)
            .mapTo(OffsetDateTime.class)
            .findOne()
            .map(found -> found.toInstant().truncatedTo(ChronoUnit.HOURS));
    if (next.isEmpty() || !next.get().isBefore(before)) {
      return false;
    }
    details(handle, next.get())
        .forEach(
            (key, detail) -> audit.add(tenantId, ACTOR, ACTION, key.providerId, detail.toString()));
    return true;
  }

  /** In the order of their keys, each with what the row of the audit says. */
  private static Map<Key, ObjectNode> details(Handle handle, Instant hour) {
    Map<Key, ObjectNode> details = new LinkedHashMap<>();
    handle
        .createQuery(
            "SELECT "
                + KEY
                + ", count(*) AS requests"
                + OF_HOUR
                + " GROUP BY "
                + KEY
                + " ORDER BY "
                + KEY)
        .bind("from", hour)
        .bind("to", hour.plus(HOUR))
        .map(
            (row, _) ->
                details.put(
                    key(row),
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("hour", hour.toString())
                        .put("policy_version", text(row, "policy_version"))
                        .put("masked", !row.getBoolean("detect_only"))
                        .put("requests", row.getLong("requests"))))
        .list();
    details.values().forEach(detail -> detail.putObject("entities"));
    handle
        .createQuery(
            "SELECT "
                + KEY
                + ", e.key AS type, sum(e.value::bigint) AS found FROM (SELECT * "
                + OF_HOUR
                + ") u, jsonb_each_text(u.entities) e GROUP BY "
                + KEY
                + ", type ORDER BY "
                + KEY
                + ", found DESC, type")
        .bind("from", hour)
        .bind("to", hour.plus(HOUR))
        .map(
            (row, _) -> {
              ObjectNode entities =
                  Objects.requireNonNull(details.get(key(row))).withObject("/entities");
              return entities.size() < TYPES_MAX
                  ? entities.put(text(row, "type"), row.getLong("found"))
                  : entities;
            })
        .list();
    return details;
  }

  private static Key key(ResultSet row) throws SQLException {
    return new Key(
        text(row, "policy_version"), text(row, "provider_id"), row.getBoolean("detect_only"));
  }
}
