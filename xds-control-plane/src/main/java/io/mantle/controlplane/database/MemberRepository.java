package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.instant;
import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who belongs to a tenant, and who is invited to. Thread-safe. */
public final class MemberRepository {
  private static final String MEMBERS =
      """
      SELECT * FROM (
        SELECT account_id AS id, email, role, true AS active, membership.created_at
          FROM membership JOIN account ON account.id = account_id
        UNION ALL
        SELECT id, email, role, false, created_at FROM invitation WHERE expires_at > now()
      ) AS member
      """;

  private final Database database;
  private final TenantTable<Member> table;

  public MemberRepository(Database database) {
    this.database = database;
    this.table = new TenantTable<>(database, MEMBERS, (row, _) -> member(row));
  }

  /**
   * A member, or someone invited.
   *
   * @param id of the account; of the invitation where it is not active
   * @param role {@code owner}, {@code member} or {@code auditor}
   */
  public record Member(UUID id, String email, String role, boolean active, Instant createdAt) {}

  /** The members and those invited, in the order of their ids. */
  public List<Member> list(String tenantId, Page page) {
    return table.list(tenantId, page);
  }

  public Optional<Member> find(String tenantId, UUID id) {
    return table.find(tenantId, id);
  }

  /** How many members and invitations there are. */
  public int count(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery(
                    "SELECT (SELECT count(*) FROM membership) + (SELECT count(*) FROM invitation)")
                .mapTo(Integer.class)
                .one());
  }

  /** How many active owners there are. */
  public int owners(String tenantId) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery("SELECT count(*) FROM membership WHERE role = 'owner'")
                .mapTo(Integer.class)
                .one());
  }

  /** Invites someone; an invitation of the same address before is void. */
  public UUID invite(
      String tenantId, String email, String role, RandomToken secret, Instant expiresAt) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery(
                    """
                    INSERT INTO invitation (tenant_id, email, role, sha256, expires_at)
                    VALUES (:tenant, :email, :role, :sha256, :expiresAt)
                    ON CONFLICT (tenant_id, email) DO UPDATE
                      SET role = excluded.role, sha256 = excluded.sha256, created_at = now(),
                          expires_at = excluded.expires_at
                    RETURNING id
                    """)
                .bind("tenant", tenantId)
                .bind("email", email)
                .bind("role", role)
                .bind("sha256", secret.sha256())
                .bind("expiresAt", expiresAt)
                .mapTo(UUID.class)
                .one());
  }

  /** Takes an invitation, once: the role it gives; empty where it is not there or is too old. */
  public Optional<String> takeInvitation(String tenantId, String secret) {
    return database.asTenant(
        tenantId,
        handle ->
            handle
                .createQuery(
                    "DELETE FROM invitation WHERE sha256 = :sha256 AND expires_at > now()"
                        + " RETURNING role")
                .bind("sha256", Sha256.of(secret))
                .mapTo(String.class)
                .findOne());
  }

  /**
   * Makes an account, in the transaction of the tenant it begins in. False if there is one of this
   * address.
   */
  public boolean addAccount(String tenantId, UUID accountId, String email, String passwordHash) {
    return database.asTenant(
            tenantId,
            handle ->
                handle
                    .createUpdate(
                        "INSERT INTO account (id, email, password_hash)"
                            + " VALUES (:id, :email, :hash) ON CONFLICT DO NOTHING")
                    .bind("id", accountId)
                    .bind("email", email)
                    .bind("hash", passwordHash)
                    .execute())
        == 1;
  }

  /** Makes an account a member, or changes its role. */
  public void save(String tenantId, UUID accountId, String role) {
    database.asTenant(
        tenantId,
        handle ->
            handle
                .createUpdate(
                    """
                    INSERT INTO membership (tenant_id, account_id, role)
                    VALUES (:tenant, :account, :role)
                    ON CONFLICT (tenant_id, account_id) DO UPDATE SET role = excluded.role
                    """)
                .bind("tenant", tenantId)
                .bind("account", accountId)
                .bind("role", role)
                .execute());
  }

  /** Ends a membership or an invitation. */
  public boolean remove(String tenantId, UUID id) {
    return database.asTenant(
            tenantId,
            handle ->
                handle
                        .createUpdate("DELETE FROM membership WHERE account_id = :id")
                        .bind("id", id)
                        .execute()
                    + handle
                        .createUpdate("DELETE FROM invitation WHERE id = :id")
                        .bind("id", id)
                        .execute())
        == 1;
  }

  private static Member member(ResultSet row) throws SQLException {
    return new Member(
        uuid(row, "id"),
        text(row, "email"),
        text(row, "role"),
        row.getBoolean("active"),
        instant(row, "created_at"));
  }
}
