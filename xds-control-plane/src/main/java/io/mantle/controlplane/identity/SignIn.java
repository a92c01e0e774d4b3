package io.mantle.controlplane.identity;

import io.mantle.controlplane.database.AccountRepository;
import io.mantle.controlplane.database.AccountRepository.Account;
import io.mantle.controlplane.database.AccountRepository.Invitation;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.Database;
import io.mantle.controlplane.database.LoginAttempts;
import io.mantle.controlplane.database.MemberRepository;
import io.mantle.controlplane.database.RandomToken;
import io.mantle.controlplane.database.SessionRepository;
import io.mantle.controlplane.database.SessionRepository.Rotation;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.database.Transactions;
import io.mantle.controlplane.identity.PasswordHashes.TooManyAtOnce;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * How people come in and stay in: signing up, logging in, renewing what they hold.
 *
 * <p>Security: a login says the same, after the same work, for an address without an account as for
 * a wrong password; both count against the address. Not guaranteed: signing up tells whether an
 * address is taken, as it must where no mail is sent; it is off unless the deployment turns it on,
 * and who is told so counts as with a wrong password, against the address and against the place
 * that asked.
 */
public final class SignIn {
  private static final Duration SESSION_MAX = Duration.ofDays(30);
  private static final Duration IDLE_MAX = Duration.ofDays(7);
  private static final String REFRESH_PREFIX = "mantle-refresh-";
  private static final int TENANT_RANDOM_CHARS = 12;

  /** What is counted apart from logins, under names that are no addresses. */
  private static final String SIGNUP_AT = "signup at\n";

  private static final String SIGNUP_AS = "signup as\n";

  private final Policy policy;
  private final AccountRepository accounts;
  private final SessionRepository sessions;
  private final LoginAttempts attempts;
  private final MemberRepository members;
  private final TenantRepository tenants;
  private final Transactions transactions;
  private final AuditLog audit;
  private final AccessTokens tokens;
  private final PasswordHashes passwords = new PasswordHashes();

  /**
   * Who may come in unasked.
   *
   * @param openSignup whether anybody may make an account with a tenant of its own
   * @param bootstrapToken makes the first platform admin; empty for none
   */
  public record Policy(boolean openSignup, Optional<String> bootstrapToken) {
    /** Not the components: one of them is a token. */
    @Override
    public String toString() {
      return "Policy[" + openSignup + "]";
    }
  }

  public SignIn(
      Policy policy,
      Database database,
      TenantRepository tenants,
      MemberRepository members,
      AccountRepository accounts,
      AuditLog audit,
      AccessTokens tokens) {
    this.policy = policy;
    this.accounts = accounts;
    this.sessions = new SessionRepository(database, SESSION_MAX, IDLE_MAX);
    this.attempts = new LoginAttempts(database);
    this.members = members;
    this.tenants = tenants;
    this.transactions = new Transactions(database);
    this.audit = audit;
    this.tokens = tokens;
  }

  /** What became of it. */
  public sealed interface Outcome {
    /**
     * They are in.
     *
     * @param accessToken for requests, {@link AccessTokens#LIFE} long
     * @param refreshToken for one renewal
     */
    record Entered(UUID accountId, String accessToken, String refreshToken) implements Outcome {
      @Override
      public String toString() {
        return "Entered[" + accountId + "]";
      }
    }

    /** They have another password now. */
    record PasswordChanged() implements Outcome {}

    /** Wrong address, password, invitation or token: which, nobody is told. */
    record Refused() implements Outcome {}

    /** The address has to wait. */
    record Locked(Duration delay) implements Outcome {}

    /** Accounts are not made for whoever asks. */
    record SignupOff() implements Outcome {}

    /** The address has an account with another password, or cannot have one. */
    record Taken() implements Outcome {}

    /** Too many passwords are being worked on. */
    record Busy() implements Outcome {}
  }

  /**
   * An account with a free tenant of its own.
   *
   * @param place that asks: an IP address
   */
  public Outcome signUp(String email, String password, String place) {
    if (!policy.openSignup) {
      return new Outcome.SignupOff();
    }
    List<String> counted = List.of(SIGNUP_AT + place, SIGNUP_AS + email);
    for (String who : counted) {
      Optional<Duration> wait = attempts.begin(who);
      if (wait.isPresent()) {
        return new Outcome.Locked(wait.get());
      }
    }
    Outcome outcome = makeAccount(email, password);
    if (!(outcome instanceof Outcome.Taken)) {
      counted.forEach(attempts::forgive);
    }
    return outcome;
  }

  private Outcome makeAccount(String email, String password) {
    UUID account = UUID.randomUUID();
    String tenant = newTenantId();
    try {
      String hash = passwords.hash(password);
      transactions.<UUID, TakenException>asTenant(
          tenant,
          () -> {
            if (!tenants.create(tenant, email, "free")
                || !members.addAccount(tenant, account, email, hash)) {
              throw new TakenException();
            }
            members.save(tenant, account, Role.OWNER.word());
            audit.add(tenant, actor(account), "account.signup", account.toString());
            return account;
          });
      return enter(account);
    } catch (TakenException e) {
      return new Outcome.Taken();
    } catch (TooManyAtOnce e) {
      return new Outcome.Busy();
    }
  }

  /** An account made, or proven, by whoever was invited; it joins the tenant of the invitation. */
  public Outcome accept(String email, String password, String secret) {
    Optional<Duration> wait = attempts.begin(email);
    if (wait.isPresent()) {
      return new Outcome.Locked(wait.get());
    }
    Optional<Invitation> invitation =
        accounts.invitation(secret).filter(found -> found.email().equals(email));
    if (invitation.isEmpty()) {
      return new Outcome.Refused();
    }
    String tenant = invitation.get().tenantId();
    Optional<Account> known = accounts.find(email);
    UUID account = known.map(Account::id).orElseGet(UUID::randomUUID);
    try {
      if (known.isPresent() && !passwords.verify(password, known.map(Account::passwordHash))) {
        return new Outcome.Refused();
      }
      String hash = known.isPresent() ? "" : passwords.hash(password);
      transactions.<UUID, TakenException>asLockedTenant(
          tenant,
          () -> {
            Optional<String> role = members.takeInvitation(tenant, secret);
            if (role.isEmpty()
                || (known.isEmpty() && !members.addAccount(tenant, account, email, hash))) {
              throw new TakenException();
            }
            members.save(tenant, account, role.get());
            audit.add(tenant, actor(account), "member.join", account.toString());
            return account;
          });
    } catch (TakenException e) {
      return new Outcome.Refused();
    } catch (TooManyAtOnce e) {
      return new Outcome.Busy();
    }
    attempts.succeeded(email);
    return enter(account);
  }

  /** The first platform admin, made by whoever holds the bootstrap token. */
  public Outcome bootstrap(String email, String password, String token) {
    if (policy.bootstrapToken.isEmpty()
        || !MessageDigest.isEqual(bytes(policy.bootstrapToken.get()), bytes(token))) {
      return new Outcome.Refused();
    }
    UUID account = UUID.randomUUID();
    try {
      if (!accounts.addFirstAdmin(account, email, passwords.hash(password))) {
        return new Outcome.Refused();
      }
    } catch (TooManyAtOnce e) {
      return new Outcome.Busy();
    }
    audit.addOfPlatform(actor(account), "platform.bootstrap", account.toString());
    return enter(account);
  }

  /** In with a password. */
  public Outcome logIn(String email, String password) {
    Optional<Duration> wait = attempts.begin(email);
    if (wait.isPresent()) {
      return new Outcome.Locked(wait.get());
    }
    Optional<Account> account = accounts.find(email);
    try {
      if (!passwords.verify(password, account.map(Account::passwordHash))) {
        return new Outcome.Refused();
      }
      attempts.succeeded(email);
      if (passwords.isOutdated(account.orElseThrow().passwordHash())) {
        accounts.savePasswordHash(account.get().id(), passwords.hash(password));
      }
    } catch (TooManyAtOnce e) {
      return new Outcome.Busy();
    }
    return enter(account.orElseThrow().id());
  }

  /**
   * Another password for who is in and proves to know the one there is; a wrong one counts as at
   * the login. Their other sessions end.
   */
  public Outcome changePassword(Caller.Person person, String current, String next) {
    Optional<Duration> wait = attempts.begin(person.email());
    if (wait.isPresent()) {
      return new Outcome.Locked(wait.get());
    }
    try {
      Optional<String> stored = accounts.find(person.email()).map(Account::passwordHash);
      if (!passwords.verify(current, stored)) {
        return new Outcome.Refused();
      }
      attempts.succeeded(person.email());
      String hash = passwords.hash(next);
      return transactions.asIdentity(
          () -> {
            accounts.changePassword(person.accountId(), hash, person.sessionId());
            audit.addOfPlatform(
                person.actor(), "account.change-password", person.accountId().toString());
            return new Outcome.PasswordChanged();
          });
    } catch (TooManyAtOnce e) {
      return new Outcome.Busy();
    }
  }

  /** A new pair of tokens for a refresh token, which is spent. */
  public Outcome refresh(String refreshToken) {
    RandomToken next = RandomToken.withPrefix(REFRESH_PREFIX);
    return switch (sessions.rotate(refreshToken, next)) {
      case Rotation.Rotated(UUID session, UUID account) ->
          new Outcome.Entered(account, tokens.issue(session, account), next.text());
      case Rotation.Reused(UUID session, UUID account) -> {
        audit.addOfPlatform(actor(account), "session.refresh-reused", session.toString());
        yield new Outcome.Refused();
      }
      case Rotation.Unknown _ -> new Outcome.Refused();
    };
  }

  /** Ends the session of a refresh token, where there is one. */
  public void logOut(String refreshToken) {
    sessions.end(refreshToken);
  }

  private Outcome enter(UUID account) {
    RandomToken refresh = RandomToken.withPrefix(REFRESH_PREFIX);
    UUID session = sessions.begin(account, refresh);
    return new Outcome.Entered(account, tokens.issue(session, account), refresh.text());
  }

  private static String newTenantId() {
    return "t-"
        + UUID.randomUUID()
            .toString()
            .replace("-", "")
            .substring(0, TENANT_RANDOM_CHARS)
            .toLowerCase(Locale.ROOT);
  }

  private static String actor(UUID account) {
    return "account:" + account;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static final class TakenException extends Exception {}
}
