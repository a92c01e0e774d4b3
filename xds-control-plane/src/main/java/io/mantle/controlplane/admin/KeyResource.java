package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.KeyRepository;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.RandomToken;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /tenants/{t}/keys}: the proxy keys of its clients, {@code {id, name, prefix, ...}}. POST
 * returns the key once; its hash is stored. DELETE revokes it.
 */
final class KeyResource {
  private final KeyRepository keys;
  private final Writes writes;

  KeyResource(KeyRepository keys, Writes writes) {
    this.keys = keys;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.KEYS_LIST.route(), this::list);
    routes.post(
        Operation.KEY_CREATE.route(),
        context -> writes.change(context, tenant -> create(context, tenant.id())));
    routes.delete(
        Operation.KEY_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            keys.list(context.pathParam("tenant"), page.andOneMore()),
            KeyResource::json,
            key -> key.id().toString())
        .writeTo(context);
  }

  private Answer create(Context context, String tenant) {
    JsonBody body = JsonBody.read(context.body(), Set.of("name"));
    String name = body.textIfGiven("name", 0, 200).orElse("");
    RandomToken key = RandomToken.withPrefix("sk-mantle-");
    UUID id = keys.add(tenant, name, key);
    writes.record(context, tenant, "key.create", id);
    ObjectNode created =
        Answer.object().put("id", id.toString()).put("name", name).put("prefix", key.shown());
    return Answer.created(created.deepCopy().put("key", key.text()), created);
  }

  private Answer delete(Context context, String tenant) {
    UUID id = Answer.idOf(context, "key");
    if (!keys.revoke(tenant, id)) {
      throw Problem.notFound("key");
    }
    writes.record(context, tenant, "key.revoke", id);
    return Answer.nothing();
  }

  private static ObjectNode json(KeyRepository.Key key) {
    return Answer.object()
        .put("id", key.id().toString())
        .put("name", key.name())
        .put("prefix", key.prefix())
        .put("created_at", key.createdAt().toString())
        .put("last_used_at", key.lastUsedAt().map(Instant::toString).orElse(null))
        .put("revoked_at", key.revokedAt().map(Instant::toString).orElse(null));
  }
}
