package io.mantle.controlplane.database;

import static io.mantle.controlplane.database.PublishedRows.text;
import static io.mantle.controlplane.database.PublishedRows.uuid;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's providers. Credentials go in, sealed for this tenant and provider, and come out
 * masked: their last {@value #SHOWN_CHARS} characters, of those that have {@value
 * #MASKED_CHARS_MIN} or more. {@link #credential} alone opens one, to call the provider with it.
 * Thread-safe.
 */
public final class ProviderRepository {
  private static final String COLUMNS =
      "SELECT id, name, kind, base_url, models, accepts_stream_usage, private_allowed,"
          + " provider.tenant_id, credential_sealed, credential_version, "
          + TenantSeals.KEY_COLUMNS
          + " FROM provider LEFT JOIN tenant_key k ON k.tenant_id = provider.tenant_id"
          + " AND k.version = credential_key_version";
  private static final int MASKED_CHARS_MIN = 20;
  private static final int SHOWN_CHARS = 4;
  private static final String MASK = "********";

  private final Database database;
  private final TenantSeals seals;
  private final TenantTable<Provider> table;

  public ProviderRepository(Database database, MasterKey masterKey) {
    this.database = database;
    this.seals = new TenantSeals(masterKey);
    this.table = new TenantTable<>(database, COLUMNS, (row, _) -> provider(row));
  }

  /**
   * What may be shown of a provider.
   *
   * @param privateAllowed whether its name may lead to addresses that are not on the public
   *     Internet
   * @param maskedCredential empty where it is called without one
   * @param credentialVersion grows with each credential that is stored; not for the caller to say
   */
  public record Provider(
      UUID id,
      String name,
      String kind,
      String baseUrl,
      List<String> models,
      boolean acceptsStreamUsage,
      boolean privateAllowed,
      Optional<String> maskedCredential,
      int credentialVersion) {

    public Provider {
      models = List.copyOf(models);
    }
  }

  /** What becomes of the credential that is stored. */
  public sealed interface CredentialChange {
    /** It stays. */
    record Keep() implements CredentialChange {}

    /** The provider is called without one. */
    record Remove() implements CredentialChange {}

    /** This one takes its place. */
    record Replace(Secret credential) implements CredentialChange {}
  }

  /** The providers in the order of their ids. */
  public List<Provider> list(String tenantId, Page page) {
    return table.list(tenantId, page);
  }

  public Optional<Provider> find(String tenantId, UUID id) {
    return table.find(tenantId, id);
  }

  /**
   * What the provider is called with; empty where it is called without.
   *
   * @throws GeneralSecurityException if it was sealed by a keyset that is not ours
   */
  public Optional<Secret> credential(String tenantId, UUID id) throws GeneralSecurityException {
    Optional<StoredCredential> stored =
        database.asTenant(
            tenantId,
            handle ->
                handle
                    .createQuery(COLUMNS + " WHERE id = :id AND credential_sealed IS NOT NULL")
                    .bind("id", id)
                    .map(
                        (row, _) ->
                            new StoredCredential(
                                TenantSeals.key(row, tenantId),
                                Secret.of(row.getBytes("credential_sealed"))))
                    .findOne());
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(
            seals.openCredential(stored.get().key, tenantId, id, stored.get().sealed.reveal()));
  }

  private record StoredCredential(TenantSeals.@Nullable Key key, Secret sealed) {}

  /** Stores a provider, new or changed; false if the tenant has another of this name. */
  public boolean save(String tenantId, Provider provider, CredentialChange credential) {
    return database.asTenant(
        tenantId,
        handle -> {
          boolean nameIsTaken =
              handle
                  .createQuery(
                      "SELECT EXISTS (SELECT FROM provider WHERE name = :name AND id <> :id)")
                  .bind("name", provider.name())
                  .bind("id", provider.id())
                  .mapTo(Boolean.class)
                  .one();
          if (nameIsTaken) {
            return false;
          }
          handle
              .createUpdate(
                  """
                  INSERT INTO provider (id, tenant_id, name, kind, base_url, models,
                    accepts_stream_usage, private_allowed)
                  VALUES (:id, :tenant, :name, :kind, :baseUrl, :models, :streamUsage,
                    :privateAllowed)
                  ON CONFLICT (id) DO UPDATE
                    SET name = excluded.name, kind = excluded.kind, base_url = excluded.base_url,
                        models = excluded.models,
                        accepts_stream_usage = excluded.accepts_stream_usage,
                        private_allowed = excluded.private_allowed
                  """)
              .bind("id", provider.id())
              .bind("tenant", tenantId)
              .bind("name", provider.name())
              .bind("kind", provider.kind())
              .bind("baseUrl", provider.baseUrl())
              .bindArray("models", String.class, provider.models())
              .bind("streamUsage", provider.acceptsStreamUsage())
              .bind("privateAllowed", provider.privateAllowed())
              .execute();
          switch (credential) {
            case CredentialChange.Keep _ -> {}
            case CredentialChange.Remove _ ->
                handle
                    .createUpdate(
                        "UPDATE provider SET credential_sealed = NULL, credential_key_version = NULL"
                            + " WHERE id = :id")
                    .bind("id", provider.id())
                    .execute();
            case CredentialChange.Replace replace -> {
              Sealed sealed =
                  seals.sealCredential(
                      seals.newest(handle, tenantId), provider.id(), replace.credential());
              handle
                  .createUpdate(
                      "UPDATE provider SET credential_sealed = :sealed,"
                          + " credential_key_version = :keyVersion, credential_version = credential_version + 1 WHERE id = :id")
                  .bind("id", provider.id())
                  .bind("sealed", sealed.bytes())
                  .bind("keyVersion", sealed.keyVersion())
                  .execute();
            }
          }
          return true;
        });
  }

  public boolean delete(String tenantId, UUID id) {
    return table.change(tenantId, id, "DELETE FROM provider WHERE id = :id");
  }

  private Provider provider(ResultSet row) throws SQLException {
    return new Provider(
        uuid(row, "id"),
        text(row, "name"),
        text(row, "kind"),
        text(row, "base_url"),
        PublishedRows.list(row.getArray("models"), String.class),
        row.getBoolean("accepts_stream_usage"),
        row.getBoolean("private_allowed"),
        maskedCredential(row),
        row.getInt("credential_version"));
  }

  private Optional<String> maskedCredential(ResultSet row) throws SQLException {
    byte[] sealed = row.getBytes("credential_sealed");
    if (sealed == null) {
      return Optional.empty();
    }
    try {
      String tenantId = text(row, "tenant_id");
      byte[] clear =
          seals
              .openCredential(TenantSeals.key(row, tenantId), tenantId, uuid(row, "id"), sealed)
              .reveal();
      String credential = new String(clear, StandardCharsets.UTF_8);
      return Optional.of(
          credential.length() < MASKED_CHARS_MIN
              ? MASK
              : MASK + credential.substring(credential.length() - SHOWN_CHARS));
    } catch (GeneralSecurityException | KeysUnavailableException e) {
      return Optional.of(MASK); // sealed by another keyset: it can still be replaced
    }
  }
}
