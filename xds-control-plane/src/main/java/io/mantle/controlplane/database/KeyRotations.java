package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.instantIfSet;
import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Rotations of keys: begun by one call, carried on step by step by whichever control plane gets to
 * it. What is left follows from the key versions that stand beside each value, and each step is one
 * transaction, so a crash loses nothing and doing a step twice does nothing. One step at a time is
 * made in all control planes together (advisory lock). Old and new keys open what they sealed until
 * the end. Thread-safe.
 */
public final class KeyRotations {
  /** By then every control plane knows the newest master key, so nobody seals by the old one. */
  static final Duration SETTLED_AFTER = MasterKey.NEWEST_KNOWN_FOR.plusSeconds(5);

  static final int ROWS_PER_STEP = 200;

  private static final String COLUMNS =
      "id, tenant_id, state, version, total, done, failed, vault_after, started_at, finished_at";

  private final Database database;
  private final MasterKey masterKey;
  private final TenantSeals seals;
  private final ResealedRows rows;
  private final Optional<SharedVaultKeys> vault;
  private final Duration settledAfter;

  /** The keys of the vault that sidecars share, which the same master keys' root wraps. */
  public interface SharedVaultKeys {
    /**
     * Gives a tenant a new key; what older ones sealed still opens.
     *
     * @return false where that cannot be, also later
     * @throws Exception if it may work later
     */
    boolean rotate(String tenantId) throws Exception;

    /** Wraps a tenant's keys by the root as it is now; as {@link #rotate} otherwise. */
    boolean rewrap(String tenantId) throws Exception;
  }

  public KeyRotations(
      Database database, MasterKey masterKey, Optional<SharedVaultKeys> sharedVault) {
    this(database, masterKey, sharedVault, ROWS_PER_STEP, SETTLED_AFTER);
  }

  /** As the other constructor, in other steps. */
  KeyRotations(
      Database database,
      MasterKey masterKey,
      Optional<SharedVaultKeys> sharedVault,
      int rowsPerStep,
      Duration settledAfter) {
    this.database = database;
    this.masterKey = masterKey;
    this.seals = new TenantSeals(masterKey);
    this.rows = new ResealedRows(masterKey, seals, rowsPerStep);
    this.vault = sharedVault;
    this.settledAfter = settledAfter;
  }

  /** Begins to rotate the master key; the one that runs, where one does. */
  public KeyRotation beginMaster() {
    KeyRotation begun =
        database.asKeys(
            handle -> {
              MasterKey.lock(handle);
              Optional<KeyRotation> running = running(handle, Optional.empty());
              if (running.isPresent()) {
                return running.get();
              }
              int version = masterKey.add(handle);
              long total = rows.left(handle, version) + (vault.isPresent() ? tenants(handle) : 0);
              return insert(handle, Optional.empty(), version, total);
            });
    masterKey.forgetWhichIsNewest();
    return begun;
  }

  /**
   * Begins to rotate a tenant's key; the rotation that runs, where one does; empty where there is
   * no such tenant.
   */
  public Optional<KeyRotation> beginTenant(String tenantId) {
    return database.asKeys(
        handle -> {
          if (!lockTenant(handle, tenantId)) {
            return Optional.empty();
          }
          Optional<KeyRotation> running = running(handle, Optional.of(tenantId));
          if (running.isPresent()) {
            return running;
          }
          int version = seals.newest(handle, tenantId).version() + 1;
          seals.add(handle, tenantId, version);
          long total = rows.leftOfTenant(handle, tenantId, version) + (vault.isPresent() ? 1 : 0);
          return Optional.of(insert(handle, Optional.of(tenantId), version, total));
        });
  }

  /** A page of the rotations, latest first. */
  public List<KeyRotation> latest(Page page) {
    return database.asKeys(
        handle ->
            page.bindTo(
                    handle.createQuery(
                        "SELECT "
                            + COLUMNS
                            + " FROM key_rotation WHERE :after::uuid IS NULL OR (started_at, id) <"
                            + " (SELECT started_at, id FROM key_rotation WHERE id = :after::uuid)"
                            + " ORDER BY started_at DESC, id DESC LIMIT :limit"))
                .map((row, _) -> rotation(row))
                .list());
  }

  public Optional<KeyRotation> find(UUID id) {
    return database.asKeys(
        handle ->
            handle
                .createQuery("SELECT " + COLUMNS + " FROM key_rotation WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> rotation(row))
                .findOne());
  }

  /** What a step found. */
  enum Step {
    /** There may be more to do at once. */
    WORKED,
    /** There is nothing to do, or another control plane does it. */
    IDLE
  }

  /** Does some of what is left, of the rotation that began first. */
  Step step() {
    return database.asKeys(
        handle -> {
          boolean mine =
              handle
                  .createQuery("SELECT pg_try_advisory_xact_lock(hashtext('mantle.key-rotation'))")
                  .mapTo(Boolean.class)
                  .one();
          if (!mine) {
            return Step.IDLE;
          }
          // A tenant's is one step long, and does not wait for a master key's.
          Optional<Running> running =
              handle
                  .createQuery(
                      "SELECT "
                          + COLUMNS
                          + ", started_at < now() - make_interval(secs => :settled) AS settled"
                          + " FROM key_rotation WHERE state = 'running'"
                          + " ORDER BY kind DESC, started_at LIMIT 1")
                  .bind("settled", settledAfter.toMillis() / 1_000.0)
                  .map(
                      (row, _) ->
                          new Running(
                              rotation(row), text(row, "vault_after"), row.getBoolean("settled")))
                  .findOne();
          if (running.isEmpty()) {
            return Step.IDLE;
          }
          Running found = running.get();
          return found.rotation.tenantId().isPresent()
              ? tenantStep(handle, found.rotation)
              : masterStep(handle, found);
        });
  }

  private record Running(KeyRotation rotation, String vaultAfter, boolean settled) {}

  private Step masterStep(Handle handle, Running running) {
    KeyRotation rotation = running.rotation;
    int resealed = rows.reseal(handle, rotation.version());
    if (resealed > 0) {
      advance(handle, rotation, resealed);
      return Step.WORKED;
    }
    if (vault.isPresent()) {
      Optional<String> next = tenantAfter(handle, running.vaultAfter);
      if (next.isPresent()) {
        boolean rewrapped = inVault(() -> vault.get().rewrap(next.get()));
        handle
            .createUpdate(
                "UPDATE key_rotation SET vault_after = :tenant, failed = failed + :failed"
                    + " WHERE id = :id")
            .bind("tenant", next.get())
            .bind("failed", rewrapped ? 0 : 1)
            .bind("id", rotation.id())
            .execute();
        advance(handle, rotation, rewrapped ? 1 : 0);
        return Step.WORKED;
      }
    }
    if (!running.settled) {
      return Step.IDLE; // another control plane may still seal by the old key
    }
    rows.destroyUnusedMasterKeys(handle, rotation.version());
    finish(handle, rotation, rotation.failed() + rows.left(handle, rotation.version()));
    return Step.WORKED;
  }

  private Step tenantStep(Handle handle, KeyRotation rotation) {
    String tenantId = rotation.tenantId().orElseThrow();
    long failed = 0;
    if (lockTenant(handle, tenantId)) {
      int resealed = rows.resealTenant(handle, tenantId, rotation.version());
      failed = rows.leftOfTenant(handle, tenantId, rotation.version());
      if (vault.isPresent()) {
        boolean rotated = inVault(() -> vault.get().rotate(tenantId));
        resealed += rotated ? 1 : 0;
        failed += rotated ? 0 : 1;
      }
      advance(handle, rotation, resealed);
      ResealedRows.destroyUnusedTenantKeys(handle, tenantId, rotation.version());
    }
    finish(handle, rotation, failed);
    return Step.WORKED;
  }

  private interface VaultCall {
    boolean run() throws Exception;
  }

  /** A vault that does not answer undoes the step, which is then made again. */
  private static boolean inVault(VaultCall call) {
    try {
      return call.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the vault did not change a tenant's keys", e);
    }
  }

  private static boolean lockTenant(Handle handle, String tenantId) {
    return handle
        .createQuery("SELECT id FROM tenant WHERE id = :id FOR NO KEY UPDATE")
        .bind("id", tenantId)
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  private static long tenants(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM tenant").mapTo(Long.class).one();
  }

  private static Optional<String> tenantAfter(Handle handle, String after) {
    return handle
        .createQuery("SELECT id FROM tenant WHERE id > :after ORDER BY id LIMIT 1")
        .bind("after", after)
        .mapTo(String.class)
        .findOne();
  }

  private static Optional<KeyRotation> running(Handle handle, Optional<String> tenantId) {
    return handle
        .createQuery(
            "SELECT "
                + COLUMNS
                + " FROM key_rotation WHERE state = 'running'"
                + " AND tenant_id IS NOT DISTINCT FROM :tenant::text")
        .bind("tenant", tenantId.orElse(null))
        .map((row, _) -> rotation(row))
        .findOne();
  }

  private static KeyRotation insert(
      Handle handle, Optional<String> tenantId, int version, long total) {
    return handle
        .createQuery(
            "INSERT INTO key_rotation (id, kind, tenant_id, state, version, total)"
                + " VALUES (:id, :kind, :tenant, 'running', :version, :total) RETURNING "
                + COLUMNS)
        .bind("id", UUID.randomUUID())
        .bind("kind", tenantId.isPresent() ? "tenant" : "master")
        .bind("tenant", tenantId.orElse(null))
        .bind("version", version)
        .bind("total", total)
        .map((row, _) -> rotation(row))
        .one();
  }

  private static void advance(Handle handle, KeyRotation rotation, int done) {
    handle
        .createUpdate(
            "UPDATE key_rotation SET done = done + :done, total = greatest(total, done + :done),"
                + " updated_at = now() WHERE id = :id")
        .bind("done", done)
        .bind("id", rotation.id())
        .execute();
  }

  private static void finish(Handle handle, KeyRotation rotation, long failed) {
    handle
        .createUpdate(
            "UPDATE key_rotation SET state = :state, failed = :failed, updated_at = now(),"
                + " finished_at = now() WHERE id = :id")
        .bind(
            "state",
            (failed == 0 ? KeyRotation.State.COMPLETED : KeyRotation.State.INCOMPLETE).word())
        .bind("failed", failed)
        .bind("id", rotation.id())
        .execute();
  }

  private static KeyRotation rotation(ResultSet row) throws SQLException {
    return new KeyRotation(
        uuid(row, "id"),
        Optional.ofNullable(row.getString("tenant_id")),
        KeyRotation.State.valueOf(text(row, "state").toUpperCase(Locale.ROOT)),
        row.getInt("version"),
        row.getLong("total"),
        row.getLong("done"),
        row.getLong("failed"),
        instant(row, "started_at"),
        instantIfSet(row, "finished_at"));
  }
}
