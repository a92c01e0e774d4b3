package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyRow;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.preview.PolicyPreview;
import io.mantle.controlplane.preview.Preview;
import io.mantle.privacy.UnmaskableException;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.Plaintext;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * {@code /privacy/preview}: what a tenant's stored policy, or the default one, would make of a
 * text. Whoever may read a tenant's policy may see what it does. Stores nothing, not even an answer
 * under an {@code Idempotency-Key}, and leaves no trace of the text anywhere.
 */
final class PreviewResource {
  private static final int TEXT_CHARS_MAX = 20_000;

  /** Each may compile a policy for half a second, and the port is everybody's. */
  private static final int PREVIEWS_AT_ONCE_MAX = 4;

  private static final String RETRY_AFTER_SECONDS = "1";
  private static final double SCORE_STEPS = 1_000;

  private final Gate gate;
  private final TenantRepository tenants;
  private final PolicyPreview previews;
  private final Semaphore free = new Semaphore(PREVIEWS_AT_ONCE_MAX);

  PreviewResource(Gate gate, TenantRepository tenants, PolicyPreview previews) {
    this.gate = gate;
    this.tenants = tenants;
    this.previews = previews;
  }

  void serve(RoutesConfig routes) {
    routes.post(Operation.PREVIEW.route(), this::preview);
  }

  private void preview(Context context) {
    JsonBody body = JsonBody.read(context.body(), Set.of("text", "tenant"));
    Plaintext text = new Plaintext(body.text("text", 1, TEXT_CHARS_MAX));
    Optional<String> tenant = body.textIfGiven("tenant", 1, 63);
    tenant.ifPresent(id -> gate.judge(context, id, Operation.PRIVACY_GET));
    if (!free.tryAcquire()) {
      context.header("Retry-After", RETRY_AFTER_SECONDS);
      throw new Problem(503, "Busy", "Other previews are being made; ask again in a second.");
    }
    try {
      PrivacyRow policy = tenant.isPresent() ? policy(tenant.get()) : PrivacyRow.DEFAULT;
      new Answer(200, json(policy, previews.of(policy, text)).toString(), "").writeTo(context);
    } catch (InvalidPolicyException e) {
      throw new Problem(
          409, "Unreadable policy", "What is stored cannot be used; " + e.getMessage());
    } catch (UnmaskableException e) {
      throw new Problem(
              422, "Not masked", "A request with this text is refused: " + e.getMessage() + ".")
          .at("text");
    } finally {
      free.release();
    }
  }

  private PrivacyRow policy(String tenant) throws InvalidPolicyException {
    return tenants.privacy(tenant).orElseThrow(Problem::noSuchTenant);
  }

  private static ObjectNode json(PrivacyRow policy, Preview preview) {
    ObjectNode json = Answer.object().put("mode", policy.mode());
    json.put("deep_tier_left_out", policy.detection().deep());
    ArrayNode spans = json.putArray("spans");
    for (Preview.Finding finding : preview.findings()) {
      spans
          .addObject()
          .put("start", finding.start())
          .put("end", finding.end())
          .put("type", finding.type().name())
          .put("score", Math.round(finding.score() * SCORE_STEPS) / SCORE_STEPS)
          .put("action", word(finding.action()))
          .put("replacement", finding.replacement().orElse(null));
    }
    return json.put("masked_text", preview.masked().orElse(null));
  }

  /** As a policy writes it. */
  private static String word(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
