package io.mantle.controlplane.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.xds.SidecarVaults.NoAnswerException;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.value.ErasureReceipt;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /tenants/{t}/conversations}: DELETE of one destroys its key in the vault, DELETE of all
 * those of every conversation of the tenant. {@code /tenants/{t}/erasures}: POST of a value
 * destroys those of the conversations that keep it. The answer is the receipt. Asking for a tenant
 * that there is not, or no more, is answered {@code nothing_stored}: its keys may have outlived it.
 * Each may be asked again at no harm.
 */
final class ConversationResource {
  private static final int VALUE_CHARS_MAX = 16_384;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** As the vault takes them: names that no tenant and no conversation has are not asked for. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private final Deletions deletions;
  private final TenantRepository tenants;
  private final AuditLog audit;
  private final Writes writes;

  ConversationResource(
      Deletions deletions, TenantRepository tenants, AuditLog audit, Writes writes) {
    this.deletions = deletions;
    this.tenants = tenants;
    this.audit = audit;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.delete(Operation.CONVERSATIONS_DELETE.route(), context -> delete(context, null));
    routes.delete(
        Operation.CONVERSATION_DELETE.route(),
        context -> delete(context, context.pathParam("conversation")));
    routes.post(Operation.ERASURE_CREATE.route(), this::erase);
  }

  private void delete(Context context, @Nullable String conversation) {
    String tenant = tenant(context);
    if (conversation != null && !ID.matcher(conversation).matches()) {
      throw notFound();
    }
    answered(
            () -> {
              Receipt receipt = deletions.delete(tenant, conversation);
              if (conversation == null) {
                record(context, "conversation.delete-all", tenant);
              } else {
                record(context, "conversation.delete", conversation);
              }
              return json(receipt);
            })
        .writeTo(context);
  }

  private void erase(Context context) {
    String tenant = tenant(context);
    Plaintext value = value(context.body());
    writes.doSealed(
        context,
        tenant,
        () ->
            answered(
                () -> {
                  ErasureReceipt receipt = deletions.erase(tenant, value);
                  record(context, "erasure.create", tenant);
                  return json(receipt);
                }));
  }

  /**
   * After the fact: what is gone is gone, whether the row can be written or not, and who is told of
   * a failure asks again. A name that no tenant has or had stays free for one.
   */
  private void record(Context context, String action, String subject) {
    String tenant = context.pathParam("tenant");
    if (tenants.exists(tenant) || audit.head(tenant).isPresent()) {
      audit.add(tenant, Gate.caller(context).actor(), action, subject);
    }
  }

  private static String tenant(Context context) {
    String tenant = context.pathParam("tenant");
    if (!ID.matcher(tenant).matches()) {
      throw notFound();
    }
    return tenant;
  }

  private static Problem notFound() {
    return new Problem(404, "Not found", "There is no tenant or conversation of such a name.");
  }

  /** What is wrong is said without the value, which a parser's own words may quote. */
  private static Plaintext value(String body) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new Problem(400, "Malformed erasure", "The body is not a JSON text.");
    }
    JsonNode value = json.path("value");
    if (json.size() != 1 || !value.isTextual()) {
      throw new Problem(
          422, "Invalid erasure", "The body is an object with a text as its value, and no more.");
    }
    String text = value.textValue();
    if (text.isBlank()
        || text.length() > VALUE_CHARS_MAX
        || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new Problem(
              422,
              "Invalid erasure",
              "It takes 1 to %d characters that are not all spaces.".formatted(VALUE_CHARS_MAX))
          .at("value");
    }
    return new Plaintext(text);
  }

  private interface Deletion {
    ObjectNode run() throws VaultException, NoAnswerException;
  }

  private static Answer answered(Deletion deletion) {
    try {
      return new Answer(200, deletion.run().toString(), "");
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
                "The vault does not answer. Whether all keys were destroyed is not known: ask again.");
        case UNREADABLE ->
            new Problem(
                409,
                "Vault unreadable",
                "The tenant's keys do not open under this master key, so the conversations cannot"
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

  private static ObjectNode json(ErasureReceipt receipt) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("outcome", receipt.outcome().word())
            .put("tenant", receipt.tenantId())
            .put("conversations", receipt.conversations());
    receipt.keys().forEach(json.putArray("keys")::add);
    return json.put("at", receipt.at().toString());
  }
}
