package io.mantle.controlplane.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody is in a tenant. */
public enum Role {
  /** Of the whole deployment; no membership says so. */
  PLATFORM_ADMIN,
  OWNER,
  MEMBER,
  /** Reads and changes nothing. */
  AUDITOR;

  /** As it is stored and shown. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A role that a member or a machine may have. */
  public static Optional<Role> ofTenant(String word) {
    return Arrays.stream(values())
        .filter(role -> role != PLATFORM_ADMIN && role.word().equals(word))
        .findFirst();
  }
}
