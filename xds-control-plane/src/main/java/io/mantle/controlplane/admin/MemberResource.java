package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.mantle.controlplane.database.MemberRepository;
import io.mantle.controlplane.database.MemberRepository.Member;
import io.mantle.controlplane.database.Page;
import io.mantle.controlplane.database.RandomToken;
import io.mantle.controlplane.identity.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /tenants/{t}/members}: who belongs to it, {@code {id, email, role, state}}. POST invites:
 * the answer holds the invitation, once, with which that address signs up or proves to be, whether
 * it has an account or not, which nobody is told. The last owner stays.
 */
final class MemberResource {
  static final List<String> ROLES =
      List.of(Role.OWNER.word(), Role.MEMBER.word(), Role.AUDITOR.word());
  private static final int MEMBERS_MAX = 1_000;
  private static final Duration INVITATION_LIFE = Duration.ofDays(7);

  private final MemberRepository members;
  private final Writes writes;

  MemberResource(MemberRepository members, Writes writes) {
    this.members = members;
    this.writes = writes;
  }

  void serve(RoutesConfig routes) {
    routes.get(Operation.MEMBERS_LIST.route(), this::list);
    routes.post(
        Operation.MEMBER_INVITE.route(),
        context -> writes.change(context, tenant -> invite(context, tenant.id())));
    routes.get(Operation.MEMBER_GET.route(), this::get);
    routes.put(
        Operation.MEMBER_PUT.route(),
        context -> writes.change(context, tenant -> put(context, tenant.id())));
    routes.delete(
        Operation.MEMBER_DELETE.route(),
        context -> writes.change(context, tenant -> delete(context, tenant.id())));
  }

  private void list(Context context) {
    Page page = Answer.pageOfIds(context);
    Answer.page(
            page,
            members.list(context.pathParam("tenant"), page.andOneMore()),
            MemberResource::json,
            member -> member.id().toString())
        .writeTo(context);
  }

  private Answer invite(Context context, String tenant) {
    JsonBody body = JsonBody.read(context.body(), Set.of("email", "role"));
    String email = AuthResource.email(body);
    String role = body.word("role", ROLES);
    if (members.count(tenant) >= MEMBERS_MAX) {
      throw new Problem(409, "Limit reached", "A tenant has at most " + MEMBERS_MAX + " members.");
    }
    RandomToken invitation = RandomToken.withPrefix("mantle-invitation-");
    UUID id = members.invite(tenant, email, role, invitation, Instant.now().plus(INVITATION_LIFE));
    writes.record(context, tenant, "member.invite", id);
    ObjectNode invited = json(find(tenant, id));
    return Answer.created(invited.deepCopy().put("invitation", invitation.text()), invited);
  }

  private void get(Context context) {
    Answer.of(json(find(context.pathParam("tenant"), Answer.idOf(context, "member"))))
        .writeTo(context);
  }

  private Answer put(Context context, String tenant) {
    Member stored = find(tenant, Answer.idOf(context, "member"));
    Answer.checkIfMatch(context, json(stored));
    String role = JsonBody.read(context.body(), Set.of("role")).word("role", ROLES);
    if (!stored.active()) {
      throw new Problem(409, "Conflict", "Who has not joined yet is invited anew instead.");
    }
    members.save(tenant, stored.id(), role);
    keepAnOwner(tenant, stored);
    writes.record(context, tenant, "member.change", stored.id());
    return Answer.of(json(find(tenant, stored.id())));
  }

  private Answer delete(Context context, String tenant) {
    Member stored = find(tenant, Answer.idOf(context, "member"));
    Answer.checkIfMatch(context, json(stored));
    members.remove(tenant, stored.id());
    keepAnOwner(tenant, stored);
    writes.record(context, tenant, "member.remove", stored.id());
    return Answer.nothing();
  }

  private void keepAnOwner(String tenant, Member changed) {
    boolean wasOwner = changed.active() && changed.role().equals(Role.OWNER.word());
    if (wasOwner && members.owners(tenant) == 0) {
      throw new Problem(409, "Last owner", "A tenant keeps at least one owner.").at("role");
    }
  }

  private Member find(String tenant, UUID id) {
    return members.find(tenant, id).orElseThrow(() -> Problem.notFound("member"));
  }

  private static ObjectNode json(Member member) {
    return Answer.object()
        .put("id", member.id().toString())
        .put("email", member.email())
        .put("role", member.role())
        .put("state", member.active() ? "active" : "invited")
        .put("created_at", member.createdAt().toString());
  }
}
