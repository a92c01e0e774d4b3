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

/**
 * A tenant's providers. Credentials go in, sealed for this tenant and provider, and come out
 * masked: their last {@value #SHOWN_CHARS} characters, of those that have {@value
 * #MASKED_CHARS_MIN} or more. {@link #credential} alone opens one, to call the provider with it.
 * Thread-safe.
 */
public final class ProviderRepository {
  private static final String COLUMNS =
      "SELECT id, name, kind, base_url, models, accepts_stream_usage, private_allowed,"
          + " tenant_id, credential_sealed, credential_version FROM provider";
  private static final int MASKED_CHARS_MIN = 20;
  private static final int SHOWN_CHARS = 4;
  private static final String MASK = "********";

  private final Database database;
  private final MasterKey masterKey;
  private final TenantTable<Provider> table;

  public ProviderRepository(Database database, MasterKey masterKey) {
    this.database = database;
    this.masterKey = masterKey;
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
    Optional<byte[]> sealed =
        database.asTenant(
            tenantId,
            handle ->
                handle
                    .createQuery(
                        "SELECT credential_sealed FROM provider"
                            + " WHERE id = :id AND credential_sealed IS NOT NULL")
                    .bind("id", id)
                    .mapTo(byte[].class)
                    .findOne());
    return sealed.isEmpty()
        ? Optional.empty()
        : Optional.of(masterKey.openCredential(tenantId, id, sealed.get()));
  }

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
                    .createUpdate("UPDATE provider SET credential_sealed = NULL WHERE id = :id")
                    .bind("id", provider.id())
                    .execute();
            case CredentialChange.Replace replace ->
                handle
                    .createUpdate(
                        "UPDATE provider SET credential_sealed = :sealed,"
                            + " credential_version = credential_version + 1 WHERE id = :id")
                    .bind("id", provider.id())
                    .bind(
                        "sealed",
                        masterKey.sealCredential(tenantId, provider.id(), replace.credential()))
                    .execute();
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
      byte[] clear =
          masterKey.openCredential(text(row, "tenant_id"), uuid(row, "id"), sealed).reveal();
      String credential = new String(clear, StandardCharsets.UTF_8);
      return Optional.of(
          credential.length() < MASKED_CHARS_MIN
              ? MASK
              : MASK + credential.substring(credential.length() - SHOWN_CHARS));
    } catch (GeneralSecurityException e) {
      return Optional.of(MASK); // sealed by another keyset: it can still be replaced
    }
  }
}
