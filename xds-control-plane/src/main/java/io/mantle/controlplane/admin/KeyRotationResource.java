package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.KeyRotation;
import io.mantle.controlplane.database.KeyRotations;
import io.mantle.controlplane.database.Page;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /keys/rotations}: POST of {@code {kind: master}} or {@code {kind: tenant, tenant}} has
 * everything that a key sealed sealed anew by the next one, GET says how far that is. Asking for
 * what is under way already is answered with that.
 */
final class KeyRotationResource {
  private static final List<String> KINDS = List.of("master", "tenant");
  private static final int TENANT_CHARS_MAX = 63;

  private final KeyRotations rotations;
  private final Runnable begun;
  private final AuditLog audit;
  private final Writes writes;

  KeyRotationResource(KeyRotations rotations, Runnable begun, AuditLog audit, Writes writes) {
    this.rotations = rotations;
    this.begun = begun;
    this.audit = audit;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.KEY_ROTATIONS_LIST.route(), this::list);
    routes.post(
        Operation.KEY_ROTATION_CREATE.route(),
        context -> writes.begin(context, () -> create(context)));
    routes.get(Operation.KEY_ROTATION_GET.route(), this::get);
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            rotations.latest(page.andOneMore()),
            KeyRotationResource::json,
            rotation -> rotation.id().toString())
        .writeTo(context);
  }

  private void get(Context context) {
    KeyRotation rotation =
        rotations
            .find(Answer.idOf(context, "key rotation"))
            .orElseThrow(() -> Problem.notFound("key rotation"));
    new Answer(200, json(rotation).toString(), "").writeTo(context);
  }

  private Answer create(Context context) {
    JsonBody body = JsonBody.read(context.body(), Set.of("kind", "tenant"));
    boolean ofTenant = body.word("kind", KINDS).equals("tenant");
    Optional<String> tenant = body.textIfGiven("tenant", 1, TENANT_CHARS_MAX);
    if (ofTenant != tenant.isPresent()) {
      throw Problem.invalid(
          "tenant", ofTenant ? "It is missing." : "The master key belongs to no tenant.");
    }
    String actor = Gate.caller(context).actor();
    KeyRotation rotation =
        ofTenant
            ? rotations
                .beginTenant(tenant.orElseThrow())
                .orElseThrow(() -> Problem.invalid("tenant", "There is no such tenant."))
            : rotations.beginMaster();
    if (ofTenant) {
      audit.add(tenant.orElseThrow(), actor, "key.rotate", rotation.id().toString());
    } else {
      audit.addOfPlatform(actor, "key.rotate", rotation.id().toString());
    }
    begun.run();
    return new Answer(202, json(rotation).toString(), "");
  }

  private static ObjectNode json(KeyRotation rotation) {
    return Answer.object()
        .put("id", rotation.id().toString())
        .put("kind", rotation.kind())
        .put("tenant", rotation.tenantId().orElse(null))
        .put("state", rotation.state().word())
        .put("version", rotation.version())
        .put("total", rotation.total())
        .put("done", rotation.done())
        .put("failed", rotation.failed())
        .put("started_at", rotation.startedAt().toString())
        .put("finished_at", rotation.finishedAt().map(Object::toString).orElse(null));
  }
}
