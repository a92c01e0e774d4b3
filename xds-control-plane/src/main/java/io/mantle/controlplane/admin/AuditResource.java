package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.AuditLog.Entry;
import io.mantle.controlplane.database.Page;

/** {@code /tenants/{t}/audit}: who changed what, latest first. */
final class AuditResource {
  private final AuditLog audit;

  AuditResource(AuditLog audit) {
    this.audit = audit;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.AUDIT_LIST.route(), this::list);
  }

  private void list(Context context) {
    Page page = Answer.pageOf(context).mapAfter(AuditResource::number);
    Answer.page(
            page,
            audit.list(context.pathParam("tenant"), page.andOneMore()),
            AuditResource::json,
            entry -> Long.toString(entry.id()))
        .writeTo(context);
  }

  private static String number(String after) {
    if (!after.matches("[0-9]{1,18}")) {
      throw new Problem(400, "Malformed request", "after is what next said before.").at("after");
    }
    return after;
  }

  private static ObjectNode json(Entry entry) {
    return Answer.object()
        .put("id", Long.toString(entry.id()))
        .put("at", entry.at().toString())
        .put("actor", entry.actor())
        .put("action", entry.action())
        .put("subject", entry.subject());
  }
}
