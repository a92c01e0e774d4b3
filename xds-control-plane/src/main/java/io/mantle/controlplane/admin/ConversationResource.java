package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.vault.Vault;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.util.Optional;

/**
 * {@code /tenants/{t}/conversations}: DELETE of one destroys its key in the vault, DELETE of all
 * those of every conversation of the tenant. The answer is the receipt. Asking for a tenant that
 * there is not, or no more, is answered {@code nothing_stored}: its keys may have outlived it.
 */
final class ConversationResource {
  private static final String ALL = "/api/v1/tenants/{tenant}/conversations";

  private final Optional<Vault> vault;

  ConversationResource(Optional<Vault> vault) {
    this.vault = vault;
  }

  void serve(RoutesConfig routes) {
    routes.delete(
        ALL, context -> answer(context, all -> all.eraseTenant(context.pathParam("tenant"))));
    routes.delete(
        ALL + "/{conversation}",
        context ->
            answer(
                context,
                all -> all.forget(context.pathParam("tenant"), context.pathParam("conversation"))));
  }

  private interface Deletion {
    Receipt in(Vault vault) throws VaultException;
  }

  private void answer(Context context, Deletion deletion) {
    Vault shared =
        vault.orElseThrow(
            () ->
                new Problem(
                    501,
                    "No shared vault",
                    "MANTLE_VAULT_URL is not set, so each sidecar keeps conversations in its own"
                        + " memory, where they end with it."));
    try {
      context.contentType("application/json").result(json(deletion.in(shared)).toString());
    } catch (IllegalArgumentException e) {
      throw new Problem(404, "Not found", "There is no tenant or conversation of such a name.");
    } catch (VaultException e) {
      throw switch (e.reason()) {
        case UNAVAILABLE ->
            new Problem(
                503,
                "Vault unavailable",
                "The vault does not answer. Whether the key was destroyed is not known: ask again.");
        case UNREADABLE ->
            new Problem(
                409,
                "Vault unreadable",
                "The tenant's keys do not open under this master key, so the conversation cannot"
                    + " be found. All of the tenant's can still be deleted.");
        case FULL, GONE -> new IllegalStateException("a deletion adds nothing", e);
      };
    }
  }

  private static ObjectNode json(Receipt receipt) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("outcome", receipt.outcome().word())
            .put("tenant", receipt.tenantId());
    if (receipt.conversation() != null) {
      json.put("conversation", receipt.conversation());
    }
    if (receipt.key() != null) {
      json.put("key", receipt.key());
    }
    return json.put("at", receipt.at().toString());
  }
}
