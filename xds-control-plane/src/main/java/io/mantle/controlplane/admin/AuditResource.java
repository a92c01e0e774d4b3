package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.AuditLog.Entry;
import io.mantle.controlplane.database.AuditLog.Filter;
import io.mantle.controlplane.database.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /tenants/{t}/audit?from&to&action}: who changed what and what left, latest first, as JSON
 * or, where {@code Accept} asks for it, as CSV; {@code /platform/audit} likewise of what belongs to
 * no tenant. Each answer tells the head of the chain, to be noted elsewhere.
 */
final class AuditResource {
  private static final String HEAD = "x-mantle-audit-head";
  private static final int ACTION_CHARACTERS_MAX = 63;

  private final AuditLog audit;

  AuditResource(AuditLog audit) {
    this.audit = audit;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.AUDIT_LIST.route(), context -> list(context, context.pathParam("tenant")));
    routes.get(Operation.PLATFORM_AUDIT_LIST.route(), context -> list(context, AuditLog.PLATFORM));
  }

  private void list(Context context, String tenant) {
    Page page = Answer.pageOf(context, after -> after.matches("[0-9]{1,18}"));
    Filter filter =
        new Filter(QueryTime.of(context, "from"), QueryTime.of(context, "to"), action(context));
    audit.head(tenant).ifPresent(head -> context.header(HEAD, head.toString()));
    List<Entry> oneMore = audit.list(tenant, filter, page.andOneMore());
    if (Csv.isAskedFor(context)) {
      List<Entry> shown = oneMore.stream().limit(page.limit()).toList();
      if (oneMore.size() > shown.size()) {
        context.header("Link", "<" + next(context, shown.getLast()) + ">; rel=\"next\"");
      }
      Csv.answer(context, csv(shown));
      return;
    }
    Answer.page(page, oneMore, AuditResource::json, entry -> Long.toString(entry.seq()))
        .writeTo(context);
  }

  private static Optional<String> action(Context context) {
    Optional<String> action = Optional.ofNullable(context.queryParam("action"));
    if (action
        .filter(name -> !name.matches("[a-z.-]{1," + ACTION_CHARACTERS_MAX + "}"))
        .isPresent()) {
      throw new Problem(400, "Malformed request", "action is a name such as key.create.")
          .at("action");
    }
    return action;
  }

  /** The same request for what follows a row. */
  private static String next(Context context, Entry last) {
    return Stream.concat(
            context.queryParamMap().entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals("after"))
                .map(
                    parameter ->
                        encode(parameter.getKey()) + "=" + encode(parameter.getValue().getFirst())),
            Stream.of("after=" + last.seq()))
        .collect(Collectors.joining("&", context.path() + "?", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static ObjectNode json(Entry entry) {
    return Answer.object()
        .put("seq", entry.seq())
        .put("at", entry.at().toString())
        .put("actor", entry.actor())
        .put("action", entry.action())
        .put("subject", entry.subject())
        .put("detail", entry.detail())
        .put("hash", entry.hash());
  }

  private static String csv(List<Entry> entries) {
    return Stream.concat(
            Stream.of("seq,at,actor,action,subject,detail,hash"),
            entries.stream()
                .map(
                    entry ->
                        Stream.of(
                                entry.at().toString(),
                                entry.actor(),
                                entry.action(),
                                entry.subject(),
                                entry.detail(),
                                entry.hash())
                            .map(Csv::text)
                            .collect(Collectors.joining(",", entry.seq() + ",", ""))))
        .map(line -> line + Csv.LINE_END)
        .collect(Collectors.joining());
  }
}
