package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import io.mantle.controlplane.database.TenantRepository.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Who asks: accounts, what they may enter, and the tokens of machines. Thread-safe. */
public final class AccountRepository {
  private static final String TENANTS =
      "SELECT id, name, plan, reserved, cors_origins, created_at FROM tenant"
          + " WHERE (:after::text IS NULL OR id > :after)";

  private static final String ADMINS =
      "SELECT account_id AS id, email, platform_admin.created_at"
          + " FROM platform_admin JOIN account ON account.id = account_id";

  private final Database database;

  public AccountRepository(Database database) {
    this.database = database;
  }

  /** An account; it prints without its hash. */
  public record Account(UUID id, String email, String passwordHash) {
    @Override
    public String toString() {
      return "Account[" + id + "]";
    }
  }

  public Optional<Account> find(String email) {
    return database.asIdentity(
        handle ->
            handle
                .createQuery("SELECT id, email, password_hash FROM account WHERE email = :email")
                .bind("email", email)
                .map(
                    (row, _) ->
                        new Account(
                            uuid(row, "id"), text(row, "email"), text(row, "password_hash")))
                .findOne());
  }

  /** Replaces a password's hash, made with parameters of another time. */
  public void savePasswordHash(UUID accountId, String passwordHash) {
    database.asIdentity(
        handle ->
            handle
                .createUpdate("UPDATE account SET password_hash = :hash WHERE id = :id")
                .bind("id", accountId)
                .bind("hash", passwordHash)
                .execute());
  }

  /** Stores the hash of another password, and ends the account's sessions but for one. */
  public void changePassword(UUID accountId, String passwordHash, UUID keptSession) {
    database.asIdentity(
        handle -> {
          handle
              .createUpdate("UPDATE account SET password_hash = :hash WHERE id = :id")
              .bind("id", accountId)
              .bind("hash", passwordHash)
              .execute();
          return handle
              .createUpdate(
                  "UPDATE session SET ended_at = now() WHERE account_id = :id"
                      + " AND id <> :kept AND ended_at IS NULL")
              .bind("id", accountId)
              .bind("kept", keptSession)
              .execute();
        });
  }

  /**
   * Makes the first platform admin, and nothing where there is one or the address is taken.
   *
   * @return whether it was made
   */
  public boolean addFirstAdmin(UUID accountId, String email, String passwordHash) {
    return database.asIdentity(
        handle -> {
          // Two who hold the bootstrap token at once do not both become one.
          lockAdmins(handle);
          if (countAdmins(handle) > 0) {
            return false;
          }
          int made =
              handle
                  .createUpdate(
                      "INSERT INTO account (id, email, password_hash)"
                          + " VALUES (:id, :email, :hash) ON CONFLICT (email) DO NOTHING")
                  .bind("id", accountId)
                  .bind("email", email)
                  .bind("hash", passwordHash)
                  .execute();
          return made == 1
              && handle
                      .createUpdate("INSERT INTO platform_admin (account_id) VALUES (:id)")
                      .bind("id", accountId)
                      .execute()
                  == 1;
        });
  }

  /** A platform admin. */
  public record Admin(UUID accountId, String email, Instant createdAt) {}

  /** The platform admins in the order of their ids. */
  public List<Admin> admins(Page page) {
    return database.asIdentity(
        handle ->
            page.bindTo(
                    handle.createQuery(
                        ADMINS
                            + " WHERE :after::uuid IS NULL OR account_id > :after::uuid"
                            + " ORDER BY account_id LIMIT :limit"))
                .map((row, _) -> admin(row))
                .list());
  }

  /** Makes an account a platform admin, or leaves it one; empty where there is no such account. */
  public Optional<Admin> grantAdmin(String email) {
    return database.asIdentity(
        handle -> {
          handle
              .createUpdate(
                  "INSERT INTO platform_admin (account_id) SELECT id FROM account"
                      + " WHERE email = :email ON CONFLICT DO NOTHING")
              .bind("email", email)
              .execute();
          return handle
              .createQuery(ADMINS + " WHERE email = :email")
              .bind("email", email)
              .map((row, _) -> admin(row))
              .findOne();
        });
  }

  /** What became of a platform admin who was to be none. */
  public enum Revocation {
    REVOKED,
    NO_SUCH_ADMIN,
    /** The last one stays. */
    LAST
  }

  public Revocation revokeAdmin(UUID accountId) {
    return database.asIdentity(
        handle -> {
          lockAdmins(handle); // else two who revoke each other at once leave none
          int revoked =
              handle
                  .createUpdate(
                      "DELETE FROM platform_admin WHERE account_id = :id"
                          + " AND EXISTS (SELECT FROM platform_admin WHERE account_id <> :id)")
                  .bind("id", accountId)
                  .execute();
          if (revoked == 1) {
            return Revocation.REVOKED;
          }
          return handle
                  .createQuery("SELECT EXISTS (SELECT FROM platform_admin WHERE account_id = :id)")
                  .bind("id", accountId)
                  .mapTo(Boolean.class)
                  .one()
              ? Revocation.LAST
              : Revocation.NO_SUCH_ADMIN;
        });
  }

  private static void lockAdmins(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(hashtext('mantle.first-admin'))");
  }

  private static int countAdmins(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM platform_admin").mapTo(Integer.class).one();
  }

  private static Admin admin(ResultSet row) throws SQLException {
    return new Admin(uuid(row, "id"), text(row, "email"), instant(row, "created_at"));
  }

  /**
   * What a session's account may do now.
   *
   * @param role in the tenant that was asked about; empty where it is none of its members
   */
  public record Standing(
      UUID accountId, String email, boolean platformAdmin, Optional<String> role) {}

  /** Empty where the session is over. */
  public Optional<Standing> standing(UUID sessionId, Optional<String> tenantId) {
    return database.asIdentity(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT account.id, email, platform_admin.account_id IS NOT NULL AS admin, role
                      FROM session JOIN account ON account.id = session.account_id
                      LEFT JOIN platform_admin ON platform_admin.account_id = account.id
                      LEFT JOIN membership ON membership.account_id = account.id
                        AND membership.tenant_id = :tenant
                      WHERE session.id = :session AND ended_at IS NULL AND expires_at > now()
                    """)
                .bind("session", sessionId)
                .bindBySqlType("tenant", tenantId.orElse(null), Types.VARCHAR)
                .map(
                    (row, _) ->
                        new Standing(
                            uuid(row, "id"),
                            text(row, "email"),
                            row.getBoolean("admin"),
                            Optional.ofNullable(row.getString("role"))))
                .findOne());
  }

  /** A machine's token that is neither revoked nor too old. */
  public record Machine(UUID tokenId, String tenantId, String role) {}

  public Optional<Machine> machine(String token) {
    return database.asIdentity(
        handle -> {
          Optional<Machine> machine =
              handle
                  .createQuery(
                      "SELECT id, tenant_id, role FROM machine_token WHERE sha256 = :sha256"
                          + " AND revoked_at IS NULL"
                          + " AND (expires_at IS NULL OR expires_at > now())")
                  .bind("sha256", Sha256.of(token))
                  .map(
                      (row, _) ->
                          new Machine(uuid(row, "id"), text(row, "tenant_id"), text(row, "role")))
                  .findOne();
          machine.ifPresent(
              found ->
                  handle
                      .createUpdate(
                          "UPDATE machine_token SET last_used_at = now() WHERE id = :id AND"
                              + " (last_used_at IS NULL OR last_used_at < now() - interval '1"
                              + " minute')")
                      .bind("id", found.tokenId)
                      .execute());
          return machine;
        });
  }

  /** An invitation that is not too old. */
  public record Invitation(String tenantId, String email) {}

  public Optional<Invitation> invitation(String secret) {
    return database.asIdentity(
        handle ->
            handle
                .createQuery(
                    "SELECT tenant_id, email FROM invitation WHERE sha256 = :sha256"
                        + " AND expires_at > now()")
                .bind("sha256", Sha256.of(secret))
                .map((row, _) -> new Invitation(text(row, "tenant_id"), text(row, "email")))
                .findOne());
  }

  /** Whether a customer's tenant, or this one, lists a web origin. */
  public boolean isOriginListed(String origin, Optional<String> tenantId) {
    return database.asIdentity(
        handle ->
            handle
                .createQuery(
                    "SELECT EXISTS (SELECT FROM tenant WHERE cors_origins <> '{}'"
                        + " AND cors_origins @> ARRAY[:origin]::text[] AND NOT reserved"
                        + " AND (:tenant::text IS NULL OR id = :tenant))")
                .bind("origin", origin)
                .bindBySqlType("tenant", tenantId.orElse(null), Types.VARCHAR)
                .mapTo(Boolean.class)
                .one());
  }

  /** All tenants, in the order of their ids. */
  public List<Tenant> tenants(Page page) {
    return database.asIdentity(
        handle ->
            page.bindTo(handle.createQuery(TENANTS + " ORDER BY id LIMIT :limit"))
                .map((row, _) -> Tenant.of(row))
                .list());
  }

  /** The tenants an account belongs to, in the order of their ids. */
  public List<Tenant> tenantsOf(UUID accountId, Page page) {
    return database.asIdentity(
        handle ->
            page.bindTo(
                    handle.createQuery(
                        TENANTS
                            + " AND id IN (SELECT tenant_id FROM membership"
                            + " WHERE account_id = :account) ORDER BY id LIMIT :limit"))
                .bind("account", accountId)
                .map((row, _) -> Tenant.of(row))
                .list());
  }
}
