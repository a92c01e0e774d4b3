package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.MachineTokenRepository;
import io.mantle.controlplane.database.MachineTokenRepository.MachineToken;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.RandomToken;
import io.mantle.controlplane.identity.Callers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /tenants/{t}/tokens}: bearer tokens for machines, {@code {id, name, role, ...}}. POST
 * returns the token once; its hash is stored. DELETE revokes it, at once.
 */
final class TokenResource {
  private static final int LIVE_MAX = 100;
  private static final int DAYS_MAX = 3_650;
  private static final int DAYS_DEFAULT = 90;

  private final MachineTokenRepository tokens;
  private final Writes writes;

  TokenResource(MachineTokenRepository tokens, Writes writes) {
    this.tokens = tokens;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.TOKENS_LIST.route(), this::list);
    routes.post(
        Operation.TOKEN_CREATE.route(),
        context -> writes.change(context, tenant -> create(context, tenant.id())));
    routes.delete(
        Operation.TOKEN_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            tokens.list(context.pathParam("tenant"), page.andOneMore()),
            TokenResource::json,
            token -> token.id().toString())
        .writeTo(context);
  }

  private Answer create(Context context, String tenant) {
    JsonBody body = JsonBody.read(context.body(), Set.of("name", "role", "expires_in_days"));
    String name = body.text("name", 1, 200);
    String role = body.word("role", MemberResource.ROLES);
    int days = body.whole("expires_in_days", 1, DAYS_MAX, DAYS_DEFAULT);
    if (tokens.countLive(tenant) >= LIVE_MAX) {
      throw new Problem(409, "Limit reached", "A tenant has at most " + LIVE_MAX + " live tokens.");
    }
    RandomToken token = RandomToken.withPrefix(Callers.MACHINE_PREFIX);
    Instant expiresAt = Instant.now().plus(Duration.ofDays(days));
    UUID id = tokens.add(tenant, name, role, token, Optional.of(expiresAt));
    writes.record(context, tenant, "token.create", id);
    ObjectNode created =
        Answer.object()
            .put("id", id.toString())
            .put("name", name)
            .put("role", role)
            .put("prefix", token.shown())
            .put("expires_at", expiresAt.toString());
    return Answer.created(created.deepCopy().put("token", token.text()), created);
  }

  private Answer delete(Context context, String tenant) {
    UUID id = Answer.idOf(context, "token");
    if (!tokens.revoke(tenant, id)) {
      throw Problem.notFound("token");
    }
    writes.record(context, tenant, "token.revoke", id);
    return Answer.nothing();
  }

  private static ObjectNode json(MachineToken token) {
    return Answer.object()
        .put("id", token.id().toString())
        .put("name", token.name())
        .put("role", token.role())
        .put("prefix", token.prefix())
        .put("created_at", token.createdAt().toString())
        .put("expires_at", token.expiresAt().map(Instant::toString).orElse(null))
        .put("last_used_at", token.lastUsedAt().map(Instant::toString).orElse(null))
        .put("revoked_at", token.revokedAt().map(Instant::toString).orElse(null));
  }
}
