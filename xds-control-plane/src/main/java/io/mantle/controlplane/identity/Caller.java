package io.mantle.controlplane.identity;

import java.util.Optional;
import java.util.UUID;

/** Who sent a request, and what they are in the tenant it is about. */
public sealed interface Caller {

  /** How the audit names them; no slash in it. */
  String actor();

  /** Their role in the tenant that the request names; empty where they have none there. */
  Optional<Role> role();

  /** Whether it is a person, who may let others in; a machine may not. */
  default boolean isMachine() {
    return false;
  }

  /** Whoever holds the admin token of this deployment. */
  record Operator() implements Caller {
    @Override
    public String actor() {
      return "operator";
    }

    @Override
    public Optional<Role> role() {
      return Optional.of(Role.PLATFORM_ADMIN);
    }
  }

  /**
   * Someone with an account.
   *
   * @param sessionId the login that their token is of
   * @param membership their role in the tenant that the request names
   */
  record Person(
      UUID sessionId,
      UUID accountId,
      String email,
      boolean platformAdmin,
      Optional<Role> membership)
      implements Caller {
    @Override
    public String actor() {
      return "account:" + accountId;
    }

    @Override
    public Optional<Role> role() {
      return platformAdmin ? Optional.of(Role.PLATFORM_ADMIN) : membership;
    }
  }

  /**
   * A tenant's machine.
   *
   * @param role empty where the request names another tenant
   */
  record Machine(UUID tokenId, String tenantId, Optional<Role> role) implements Caller {
    @Override
    public String actor() {
      return "machine:" + tokenId;
    }

    @Override
    public boolean isMachine() {
      return true;
    }
  }
}
