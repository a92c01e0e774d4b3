package io.mantle.controlplane.admin;

import static io.mantle.controlplane.identity.Role.AUDITOR;
import static io.mantle.controlplane.identity.Role.MEMBER;
import static io.mantle.controlplane.identity.Role.OWNER;
import static io.mantle.controlplane.identity.Role.PLATFORM_ADMIN;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.mantle.controlplane.identity.Caller;
import io.mantle.controlplane.identity.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Everything the admin API can be asked, and who may. The {@link Gate} refuses what does not stand
 * here, whatever routes there are.
 *
 * <p>An owner decides about the tenant, its people and its privacy; a member runs keys, providers
 * and routes; an auditor reads. Machines have a role as people do, but let nobody in.
 */
enum Operation {
  SIGNUP(Verb.POST, "/auth/signup", Who.everybody()),
  LOGIN(Verb.POST, "/auth/login", Who.everybody()),
  REFRESH(Verb.POST, "/auth/refresh", Who.everybody()),
  LOGOUT(Verb.POST, "/auth/logout", Who.everybody()),
  PASSWORD_CHANGE(Verb.POST, "/auth/password", Who.accounts()),

  ADMINS_LIST(Verb.GET, "/platform/admins", Who.people(PLATFORM_ADMIN)),
  ADMIN_GRANT(Verb.POST, "/platform/admins", Who.people(PLATFORM_ADMIN)),
  ADMIN_REVOKE(Verb.DELETE, "/platform/admins/{id}", Who.people(PLATFORM_ADMIN)),
  TOKEN_KEY_ROTATE(Verb.POST, "/platform/token-keys", Who.people(PLATFORM_ADMIN)),

  PLATFORM_AUDIT_LIST(Verb.GET, "/platform/audit", Who.roles(PLATFORM_ADMIN)),

  TENANTS_LIST(Verb.GET, "/tenants", Who.anyone()),
  TENANT_CREATE(Verb.POST, "/tenants", Who.roles(PLATFORM_ADMIN)),
  TENANT_GET(Verb.GET, "/tenants/{tenant}", Who.readers()),
  TENANT_PUT(Verb.PUT, "/tenants/{tenant}", Who.roles(PLATFORM_ADMIN, OWNER)),
  TENANT_DELETE(Verb.DELETE, "/tenants/{tenant}", Who.people(PLATFORM_ADMIN, OWNER)),

  MEMBERS_LIST(Verb.GET, "/tenants/{tenant}/members", Who.readers()),
  MEMBER_INVITE(Verb.POST, "/tenants/{tenant}/members", Who.people(PLATFORM_ADMIN, OWNER)),
  MEMBER_GET(Verb.GET, "/tenants/{tenant}/members/{id}", Who.readers()),
  MEMBER_PUT(Verb.PUT, "/tenants/{tenant}/members/{id}", Who.people(PLATFORM_ADMIN, OWNER)),
  MEMBER_DELETE(Verb.DELETE, "/tenants/{tenant}/members/{id}", Who.people(PLATFORM_ADMIN, OWNER)),

  TOKENS_LIST(Verb.GET, "/tenants/{tenant}/tokens", Who.roles(PLATFORM_ADMIN, OWNER, AUDITOR)),
  TOKEN_CREATE(Verb.POST, "/tenants/{tenant}/tokens", Who.people(PLATFORM_ADMIN, OWNER)),
  TOKEN_DELETE(Verb.DELETE, "/tenants/{tenant}/tokens/{id}", Who.people(PLATFORM_ADMIN, OWNER)),

  KEYS_LIST(Verb.GET, "/tenants/{tenant}/keys", Who.readers()),
  KEY_CREATE(Verb.POST, "/tenants/{tenant}/keys", Who.writers()),
  KEY_DELETE(Verb.DELETE, "/tenants/{tenant}/keys/{id}", Who.writers()),

  PROVIDERS_LIST(Verb.GET, "/tenants/{tenant}/providers", Who.readers()),
  PROVIDER_CREATE(Verb.POST, "/tenants/{tenant}/providers", Who.writers()),
  PROVIDER_GET(Verb.GET, "/tenants/{tenant}/providers/{id}", Who.readers()),
  PROVIDER_PUT(Verb.PUT, "/tenants/{tenant}/providers/{id}", Who.writers()),
  PROVIDER_DELETE(Verb.DELETE, "/tenants/{tenant}/providers/{id}", Who.writers()),
  PROVIDER_TEST(Verb.POST, "/tenants/{tenant}/providers/{id}/test", Who.writers()),
  PROVIDER_ROTATE(Verb.POST, "/tenants/{tenant}/providers/{id}/rotate-credentials", Who.writers()),
  PROVIDER_COMPARE(Verb.POST, "/tenants/{tenant}/providers/{id}/compare-credential", Who.writers()),

  ROUTES_LIST(Verb.GET, "/tenants/{tenant}/routes", Who.readers()),
  ROUTE_CREATE(Verb.POST, "/tenants/{tenant}/routes", Who.writers()),
  ROUTE_GET(Verb.GET, "/tenants/{tenant}/routes/{id}", Who.readers()),
  ROUTE_PUT(Verb.PUT, "/tenants/{tenant}/routes/{id}", Who.writers()),
  ROUTE_DELETE(Verb.DELETE, "/tenants/{tenant}/routes/{id}", Who.writers()),

  PRIVACY_GET(Verb.GET, "/tenants/{tenant}/privacy", Who.readers()),
  PRIVACY_PUT(Verb.PUT, "/tenants/{tenant}/privacy", Who.roles(PLATFORM_ADMIN, OWNER)),

  LIMITS_GET(Verb.GET, "/tenants/{tenant}/limits", Who.readers()),
  LIMITS_PUT(Verb.PUT, "/tenants/{tenant}/limits", Who.roles(PLATFORM_ADMIN, OWNER)),

  BUDGET_GET(Verb.GET, "/tenants/{tenant}/budget", Who.readers()),
  BUDGET_PUT(Verb.PUT, "/tenants/{tenant}/budget", Who.roles(PLATFORM_ADMIN, OWNER)),
  BUDGET_DELETE(Verb.DELETE, "/tenants/{tenant}/budget", Who.roles(PLATFORM_ADMIN, OWNER)),
  KEY_BUDGET_GET(Verb.GET, "/tenants/{tenant}/keys/{id}/budget", Who.readers()),
  KEY_BUDGET_PUT(Verb.PUT, "/tenants/{tenant}/keys/{id}/budget", Who.roles(PLATFORM_ADMIN, OWNER)),
  KEY_BUDGET_DELETE(
      Verb.DELETE, "/tenants/{tenant}/keys/{id}/budget", Who.roles(PLATFORM_ADMIN, OWNER)),
  BUDGET_ALERTS_LIST(Verb.GET, "/tenants/{tenant}/budget/alerts", Who.readers()),
  /** Not for all who read: its URL may be all that it takes to post there. */
  BUDGET_WEBHOOK_GET(
      Verb.GET, "/tenants/{tenant}/budget/webhook", Who.roles(PLATFORM_ADMIN, OWNER)),
  BUDGET_WEBHOOK_PUT(
      Verb.PUT, "/tenants/{tenant}/budget/webhook", Who.roles(PLATFORM_ADMIN, OWNER)),
  BUDGET_WEBHOOK_DELETE(
      Verb.DELETE, "/tenants/{tenant}/budget/webhook", Who.roles(PLATFORM_ADMIN, OWNER)),

  PLANS_LIST(Verb.GET, "/plans", Who.anyone()),
  PLAN_GET(Verb.GET, "/plans/{id}", Who.anyone()),
  PLAN_PUT(Verb.PUT, "/plans/{id}", Who.roles(PLATFORM_ADMIN)),

  PRICES_LIST(Verb.GET, "/prices", Who.anyone()),
  PRICE_PUT(Verb.PUT, "/prices", Who.roles(PLATFORM_ADMIN)),
  TENANT_PRICES_LIST(Verb.GET, "/tenants/{tenant}/prices", Who.readers()),
  TENANT_PRICE_CREATE(Verb.POST, "/tenants/{tenant}/prices", Who.roles(PLATFORM_ADMIN, OWNER)),
  TENANT_PRICE_GET(Verb.GET, "/tenants/{tenant}/prices/{id}", Who.readers()),
  TENANT_PRICE_PUT(Verb.PUT, "/tenants/{tenant}/prices/{id}", Who.roles(PLATFORM_ADMIN, OWNER)),
  TENANT_PRICE_DELETE(
      Verb.DELETE, "/tenants/{tenant}/prices/{id}", Who.roles(PLATFORM_ADMIN, OWNER)),

  BILLING_PREVIEW(Verb.GET, "/tenants/{tenant}/billing/preview", Who.readers()),

  USAGE_GET(Verb.GET, "/tenants/{tenant}/usage", Who.readers()),

  AUDIT_LIST(Verb.GET, "/tenants/{tenant}/audit", Who.roles(PLATFORM_ADMIN, OWNER, AUDITOR)),

  EXCHANGE_GET(
      Verb.GET,
      "/tenants/{tenant}/exchanges/{request_id}",
      Who.roles(PLATFORM_ADMIN, OWNER, AUDITOR)),

  CONVERSATIONS_DELETE(
      Verb.DELETE, "/tenants/{tenant}/conversations", Who.roles(PLATFORM_ADMIN, OWNER)),
  CONVERSATION_DELETE(
      Verb.DELETE,
      "/tenants/{tenant}/conversations/{conversation}",
      Who.roles(PLATFORM_ADMIN, OWNER)),

  ERASURE_CREATE(Verb.POST, "/tenants/{tenant}/erasures", Who.roles(PLATFORM_ADMIN, OWNER)),

  /** Without a tenant; who names one must be able to read its policy ({@link PreviewResource}). */
  PREVIEW(Verb.POST, "/privacy/preview", Who.anyone()),

  KEY_ROTATIONS_LIST(Verb.GET, "/keys/rotations", Who.roles(PLATFORM_ADMIN)),
  KEY_ROTATION_CREATE(Verb.POST, "/keys/rotations", Who.roles(PLATFORM_ADMIN)),
  KEY_ROTATION_GET(Verb.GET, "/keys/rotations/{id}", Who.roles(PLATFORM_ADMIN)),

  ENVOY_STATUS(Verb.GET, "/envoy/status", Who.roles(PLATFORM_ADMIN));

  /** The methods of HTTP that the API knows. */
  enum Verb {
    GET,
    POST,
    PUT,
    DELETE
  }

  static final String PREFIX = "/api/v1";

  private final Verb verb;
  private final String path;
  private final ImmutableList<String> segments;
  private final boolean open;
  private final boolean anyRole;
  private final ImmutableSet<Role> roles;
  private final boolean peopleOnly;
  private final boolean accountsOnly;

  Operation(Verb verb, String path, Who who) {
    this.verb = verb;
    this.path = path;
    this.segments = segments(path);
    this.open = who.open;
    this.anyRole = who.anyRole;
    this.roles = ImmutableSet.copyOf(who.roles);
    this.peopleOnly = who.peopleOnly;
    this.accountsOnly = who.accountsOnly;
  }

  /**
   * Who may.
   *
   * @param open also without a token
   * @param anyRole whoever has a token, whatever their role in whatever tenant
   * @param roles what the caller must be in the tenant, or of the deployment
   * @param peopleOnly not a machine, whatever its role
   * @param accountsOnly who has an account, whatever their role: the admin token has none
   */
  private record Who(
      boolean open, boolean anyRole, Set<Role> roles, boolean peopleOnly, boolean accountsOnly) {
    static Who everybody() {
      return new Who(true, true, EnumSet.allOf(Role.class), false, false);
    }

    static Who anyone() {
      return new Who(false, true, EnumSet.allOf(Role.class), false, false);
    }

    static Who accounts() {
      return new Who(false, true, EnumSet.allOf(Role.class), true, true);
    }

    static Who readers() {
      return roles(PLATFORM_ADMIN, OWNER, MEMBER, AUDITOR);
    }

    static Who writers() {
      return roles(PLATFORM_ADMIN, OWNER, MEMBER);
    }

    static Who roles(Role... roles) {
      return new Who(false, false, EnumSet.copyOf(Arrays.asList(roles)), false, false);
    }

    static Who people(Role... roles) {
      return new Who(false, false, EnumSet.copyOf(Arrays.asList(roles)), true, false);
    }
  }

  Verb verb() {
    return verb;
  }

  /** As routes are written, below {@link #PREFIX}. */
  String path() {
    return path;
  }

  /** The route. */
  String route() {
    return PREFIX + path;
  }

  boolean isOpen() {
    return open;
  }

  /** Whether it is about one tenant, which its path names. */
  boolean isOfTenant() {
    return path.startsWith("/tenants/{tenant}");
  }

  /** Whether it reads what is kept of a tenant that was deleted. */
  boolean outlivesTenant() {
    return this == USAGE_GET || this == AUDIT_LIST;
  }

  /** Whether it is about the deployment itself. */
  boolean isOfPlatform() {
    return path.startsWith("/platform/")
        || path.startsWith("/envoy/")
        || path.startsWith("/keys/")
        || this == PLAN_PUT
        || this == PRICE_PUT;
  }

  /** Whether this caller may, being what they are in the tenant that the request names. */
  boolean allows(Caller caller) {
    if (peopleOnly && caller.isMachine()) {
      return false;
    }
    if (accountsOnly && !(caller instanceof Caller.Person)) {
      return false;
    }
    return anyRole || caller.role().filter(roles::contains).isPresent();
  }

  /** Those of a path, one for each verb. */
  static List<Operation> at(String requestPath) {
    if (!requestPath.startsWith(PREFIX + "/")) {
      return List.of();
    }
    List<String> asked = segments(requestPath.substring(PREFIX.length()));
    return Arrays.stream(values()).filter(operation -> operation.matches(asked)).toList();
  }

  private boolean matches(List<String> asked) {
    if (asked.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < asked.size(); i++) {
      boolean any = segments.get(i).startsWith("{") && !asked.get(i).isEmpty();
      if (!any && !segments.get(i).equals(asked.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static ImmutableList<String> segments(String path) {
    return ImmutableList.copyOf(path.substring(1).split("/", -1));
  }
}
