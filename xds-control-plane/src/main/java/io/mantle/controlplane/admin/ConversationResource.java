package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.xds.SidecarVaults.NoAnswerException;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /tenants/{t}/conversations}: DELETE of one destroys its key in the vault, DELETE of all
 * those of every conversation of the tenant. The answer is the receipt. Asking for a tenant that
 * there is not, or no more, is answered {@code nothing_stored}: its keys may have outlived it.
 */
final class ConversationResource {
  private static final String ALL = "/api/v1/tenants/{tenant}/conversations";

  /** As the vault takes them: names that no tenant and no conversation has are not asked for. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final Deletions deletions;

  ConversationResource(Deletions deletions) {
    this.deletions = deletions;
  }

  void serve(RoutesConfig routes) {
    routes.delete(ALL, context -> answer(context, null));
    routes.delete(
        ALL + "/{conversation}", context -> answer(context, context.pathParam("conversation")));
  }

  private void answer(Context context, @Nullable String conversation) {
    String tenant = context.pathParam("tenant");
    if (!ID.matcher(tenant).matches()
        || (conversation != null && !ID.matcher(conversation).matches())) {
      throw new Problem(404, "Not found", "There is no tenant or conversation of such a name.");
    }
    try {
      context
          .contentType("application/json")
          .result(json(deletions.delete(tenant, conversation)).toString());
    } catch (NoAnswerException e) {
      throw new Problem(
          503,
          "Sidecars unavailable",
          "Conversations are in the sidecars' memory, and %s. Whether there was a key is not known: ask again."
              .formatted(e.getMessage()));
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
