package io.mantle.controlplane.budget;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mantle.controlplane.database.BudgetAlert;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.database.Usd;
import io.mantle.controlplane.probe.Webhook;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An alert as a webhook reads it, signed: {@code Mantle-Signature: t=SECONDS,v1=HEX}, where HEX is
 * the HMAC-SHA256, by the webhook's secret, of SECONDS, a dot and the body. It holds ids and
 * figures and no name.
 */
final class AlertMessage {
  private static final String ALGORITHM = "HmacSHA256";

  private AlertMessage() {}

  /** The message, as of this moment; each attempt has its own. */
  static Webhook.Message of(BudgetAlert alert, Secret secret, Instant now) {
    String json = json(alert);
    long seconds = now.getEpochSecond();
    return new Webhook.Message(
        json,
        "t=" + seconds + ",v1=" + HexFormat.of().formatHex(hmac(seconds + "." + json, secret)));
  }

  private static String json(BudgetAlert alert) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", alert.id().toString())
        .put("type", "budget.spent")
        .put("tenant", alert.tenantId())
        .put("key", alert.keyId().isEmpty() ? null : alert.keyId())
        .put("month", alert.month().toString())
        .put("percent", alert.percent())
        .put("limit_cents", alert.limitCents())
        .put("spent_usd", Usd.text(alert.spentNanoUsd()))
        .put("stops", alert.stops())
        .put("crossed_at", alert.crossedAt().toString())
        .toString();
  }

  private static byte[] hmac(String text, Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.reveal(), ALGORITHM));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
