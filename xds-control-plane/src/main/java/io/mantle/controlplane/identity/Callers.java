package io.mantle.controlplane.identity;

import io.mantle.controlplane.database.AccountRepository;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Finds out who sent a bearer token. What it says holds for this request alone. Thread-safe. */
public final class Callers {
  /** What a machine's token begins with. */
  public static final String MACHINE_PREFIX = "mantle-token-";

  private final Optional<String> adminToken;
  private final AccountRepository accounts;
  private final AccessTokens tokens;

  /**
   * Knows the admin token, accounts and machines.
   *
   * @param adminToken of the whole deployment; empty for none
   */
  public Callers(Optional<String> adminToken, AccountRepository accounts, AccessTokens tokens) {
    this.adminToken = adminToken;
    this.accounts = accounts;
    this.tokens = tokens;
  }

  /**
   * Who it is.
   *
   * @param tenantId the tenant that the request names, if any
   */
  public Optional<Caller> of(String bearer, Optional<String> tenantId) {
    if (adminToken.isPresent() && MessageDigest.isEqual(bytes(adminToken.get()), bytes(bearer))) {
      return Optional.of(new Caller.Operator());
    }
    if (bearer.startsWith(MACHINE_PREFIX)) {
      return accounts
          .machine(bearer)
          .map(
              machine ->
                  new Caller.Machine(
                      machine.tokenId(),
                      machine.tenantId(),
                      tenantId
                          .filter(machine.tenantId()::equals)
                          .flatMap(_ -> Role.ofTenant(machine.role()))));
    }
    return tokens
        .session(bearer)
        .flatMap(
            session ->
                accounts
                    .standing(session, tenantId)
                    .map(
                        standing ->
                            new Caller.Person(
                                session,
                                standing.accountId(),
                                standing.email(),
                                standing.platformAdmin(),
                                standing.role().flatMap(Role::ofTenant))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
