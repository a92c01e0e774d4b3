package io.mantle.controlplane.admin;

import io.javalin.http.Context;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.identity.Caller;
import io.mantle.controlplane.identity.Callers;
import io.mantle.controlplane.identity.Role;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Stands before every request of the API and lets pass what the table of {@link Operation}s allows
 * its caller; a path that is not in it is refused. To someone who is nothing in a tenant it says
 * what it says of a tenant that is not there.
 */
final class Gate {
  private static final String BEARER = "Bearer ";
  private static final String CALLER = "caller";
  private static final Pattern TENANT_ID = Pattern.compile("[a-z0-9-]{1,63}");

  private final Callers callers;
  private final TenantRepository tenants;
  private final AuditLog audit;

  Gate(Callers callers, TenantRepository tenants, AuditLog audit) {
    this.callers = callers;
    this.tenants = tenants;
    this.audit = audit;
  }

  /** Who sent a request that was let pass. */
  static Caller caller(Context context) {
    Caller caller = context.attribute(CALLER);
    if (caller == null) {
      throw new IllegalStateException("a request without a caller was let pass");
    }
    return caller;
  }

  /** The bearer token of a request. */
  static Optional<String> bearer(Context context) {
    return Optional.ofNullable(context.header("Authorization"))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  void judge(Context context) {
    List<Operation> atPath = Operation.at(context.path());
    Optional<Operation> asked =
        atPath.stream()
            .filter(operation -> operation.verb().name().equals(context.method().name()))
            .findFirst();
    if (asked.filter(Operation::isOpen).isPresent()) {
      return;
    }
    Optional<String> tenant =
        atPath.stream().anyMatch(Operation::isOfTenant)
            ? Optional.of(context.path().split("/", -1)[4])
            : Optional.empty();
    Caller caller =
        bearer(context)
            .flatMap(token -> callers.of(token, tenant))
            .orElseThrow(() -> unauthorized(context));
    if (atPath.isEmpty()) {
      throw new Problem(501, "Not yet", "This part of the admin API is not built yet.");
    }
    if (tenant.isPresent()
        && (caller.role().isEmpty()
            || !TENANT_ID.matcher(tenant.get()).matches()
            || asked
                .filter(operation -> !hasWhatToRead(caller, tenant.get(), operation))
                .isPresent())) {
      throw Problem.noSuchTenant();
    }
    if (asked.isEmpty()) {
      context.header(
          "Allow",
          atPath.stream()
              .map(operation -> operation.verb().name())
              .collect(Collectors.joining(", ")));
      throw new Problem(405, "Method not allowed", "The header Allow names the methods there are.");
    }
    if (!asked.get().allows(caller)) {
      throw new Problem(
          403,
          "Forbidden",
          caller.isMachine()
              ? "A machine's token may not do this, or not with its role."
              : "Your role does not allow this.");
    }
    context.attribute(CALLER, caller);
  }

  /**
   * Whoever has a role of the tenant's has it in one that is there; a platform admin in any. What
   * changes something finds out for itself, as conversations can be deleted of whatever name.
   */
  private boolean hasWhatToRead(Caller caller, String tenant, Operation operation) {
    return operation.verb() != Operation.Verb.GET
        || !caller.role().equals(Optional.of(Role.PLATFORM_ADMIN))
        || tenants.exists(tenant)
        || (operation.outlivesTenant() && audit.head(tenant).isPresent());
  }

  /**
   * For a tenant that a request names elsewhere than in its path: passes where its caller may do
   * this there.
   */
  void judge(Context context, String tenant, Operation operation) {
    Caller caller =
        bearer(context)
            .filter(_ -> TENANT_ID.matcher(tenant).matches())
            .flatMap(token -> callers.of(token, Optional.of(tenant)))
            .orElseThrow(Problem::noSuchTenant);
    if (!operation.allows(caller)) {
      throw caller.role().isEmpty()
          ? Problem.noSuchTenant()
          : new Problem(403, "Forbidden", "Your role does not allow this.");
    }
  }

  private static Problem unauthorized(Context context) {
    context.header("WWW-Authenticate", "Bearer");
    return new Problem(
        401, "Unauthorized", "This needs a bearer token that is valid; log in, or renew it.");
  }
}
