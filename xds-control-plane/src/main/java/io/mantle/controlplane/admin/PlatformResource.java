package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.AccountRepository;
import io.mantle.controlplane.database.AccountRepository.Admin;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.TokenKeys;
import io.mantle.controlplane.database.Transactions;
import io.mantle.controlplane.identity.AccessTokens;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /platform}: who is platform admin, of whom one always stays, and the key that signs access
 * tokens. Changes are in the audit of the platform.
 */
final class PlatformResource {
  private final AccountRepository accounts;
  private final AccessTokens tokens;
  private final Transactions transactions;
  private final AuditLog audit;
  private final Writes writes;

  PlatformResource(
      AccountRepository accounts,
      AccessTokens tokens,
      Transactions transactions,
      AuditLog audit,
      Writes writes) {
    this.accounts = accounts;
    this.tokens = tokens;
    this.transactions = transactions;
    this.audit = audit;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.ADMINS_LIST.route(), this::list);
    routes.post(
        Operation.ADMIN_GRANT.route(), context -> writes.begin(context, () -> grant(context)));
    routes.delete(Operation.ADMIN_REVOKE.route(), this::revoke);
    routes.post(
        Operation.TOKEN_KEY_ROTATE.route(),
        context -> writes.begin(context, () -> rotateTokenKey(context)));
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            accounts.admins(page.andOneMore()),
            PlatformResource::json,
            admin -> admin.accountId().toString())
        .writeTo(context);
  }

  private Answer grant(Context context) {
    String email = AuthResource.email(JsonBody.read(context.body(), Set.of("email")));
    ObjectNode granted =
        json(
            transactions.asIdentity(
                () -> {
                  Admin admin =
                      accounts
                          .grantAdmin(email)
                          .orElseThrow(
                              () -> Problem.invalid("email", "No account has this address."));
                  record(context, "platform.grant-admin", admin.accountId());
                  return admin;
                }));
    return Answer.created(granted, granted);
  }

  private void revoke(Context context) {
    UUID id = Answer.idOf(context, "platform admin");
    transactions.asIdentity(
        () -> {
          switch (accounts.revokeAdmin(id)) {
            case REVOKED -> record(context, "platform.revoke-admin", id);
            case NO_SUCH_ADMIN -> throw Problem.notFound("platform admin");
            case LAST ->
                throw new Problem(409, "Last admin", "One platform admin with an account stays.");
          }
          return id;
        });
    Answer.nothing().writeTo(context);
  }

  private Answer rotateTokenKey(Context context) {
    if (!context.body().isEmpty()) {
      JsonBody.read(context.body(), Set.of());
    }
    UUID id =
        transactions.asIdentity(
            () -> {
              UUID made = tokens.rotateKey();
              record(context, "platform.rotate-token-key", made);
              return made;
            });
    ObjectNode json =
        Answer.object()
            .put("id", id.toString())
            .put("overlap_seconds", TokenKeys.OVERLAP.toSeconds());
    return Answer.created(json, json);
  }

  private void record(Context context, String action, UUID subject) {
    audit.addOfPlatform(Gate.caller(context).actor(), action, subject.toString());
  }

  private static ObjectNode json(Admin admin) {
    return Answer.object()
        .put("id", admin.accountId().toString())
        .put("email", admin.email())
        .put("created_at", admin.createdAt().toString());
  }
}
