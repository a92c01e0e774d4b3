package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.RecordedExchange;
import io.mantle.controlplane.database.RecordedExchanges;
import io.mantle.controlplane.database.RecordedExchanges.Kept;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code /tenants/{t}/exchanges/{request_id}}: what a provider was sent, where the tenant's privacy
 * policy has a record kept. Who reads one is in the audit before it is shown.
 */
final class ExchangeResource {
  /** As Mantle takes them from clients, but for slashes, which are no part of a path's segment. */
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:+=-]{1,128}");

  private final RecordedExchanges exchanges;
  private final AuditLog audit;

  ExchangeResource(RecordedExchanges exchanges, AuditLog audit) {
    this.exchanges = exchanges;
    this.audit = audit;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.EXCHANGE_GET.route(), this::get);
  }

  private void get(Context context) {
    String tenant = context.pathParam("tenant");
    String requestId = context.pathParam("request_id");
    if (!REQUEST_ID.matcher(requestId).matches()) {
      throw Problem.notFound("recorded exchange");
    }
    Optional<Kept> found;
    try {
      found = exchanges.find(tenant, requestId);
    } catch (GeneralSecurityException e) {
      throw new Problem(
          409,
          "Unreadable",
          "The record was sealed by a key that the master keyset does not open.");
    }
    Kept kept = found.orElseThrow(() -> Problem.notFound("recorded exchange"));
    audit.add(tenant, Gate.caller(context).actor(), "exchange.read", requestId);
    new Answer(200, json(kept).toString(), "").writeTo(context);
  }

  private static ObjectNode json(Kept kept) {
    RecordedExchange exchange = kept.exchange();
    return Answer.object()
        .put("request_id", exchange.requestId())
        .put("started_at", exchange.startedAt().toString())
        .put("expires_at", kept.expiresAt().toString())
        .put("provider", exchange.provider())
        .put("model", exchange.model())
        .put("endpoint", exchange.endpoint())
        .put("body_bytes", exchange.bodyBytes())
        .put("truncated", exchange.truncated())
        .put("body", new String(exchange.body().reveal(), StandardCharsets.UTF_8));
  }
}
