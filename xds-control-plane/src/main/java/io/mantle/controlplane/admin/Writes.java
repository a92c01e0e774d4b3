package io.mantle.controlplane.admin;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.IdempotencyKeys;
import io.mantle.controlplane.database.IdempotencyKeys.Claim;
import io.mantle.controlplane.database.IdempotencyKeys.Found;
import io.mantle.controlplane.database.PublishedRows;
import io.mantle.controlplane.database.Secret;
import io.mantle.controlplane.database.Sha256;
import io.mantle.controlplane.database.TenantRead;
import io.mantle.controlplane.database.TenantRepository;
import io.mantle.controlplane.database.TenantRepository.Tenant;
import io.mantle.controlplane.database.Transactions;
import io.mantle.controlplane.identity.Caller;
import io.mantle.controlplane.snapshot.InvalidTenantException;
import io.mantle.controlplane.snapshot.TenantCheck;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * How anything of a tenant is changed: in one transaction in which nobody else changes the tenant,
 * with its audit row, judged by what would be published, and answered once for each {@code
 * Idempotency-Key}.
 *
 * <p>What cannot be published is refused and undone. A tenant that was broken behind the API's back
 * may be mended in steps: what takes something away is judged only where the tenant was sound.
 */
final class Writes {
  private static final String IDEMPOTENCY_HEADER = "Idempotency-Key";
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private final Transactions transactions;
  private final TenantRepository tenants;
  private final PublishedRows rows;
  private final TenantCheck check;
  private final IdempotencyKeys idempotency;
  private final AuditLog audit;

  Writes(
      Transactions transactions,
      TenantRepository tenants,
      PublishedRows rows,
      TenantCheck check,
      IdempotencyKeys idempotency,
      AuditLog audit) {
    this.transactions = transactions;
    this.tenants = tenants;
    this.rows = rows;
    this.check = check;
    this.idempotency = idempotency;
    this.audit = audit;
  }

  /** What is done, in the transaction; a problem undoes it. */
  @FunctionalInterface
  interface Work {
    Answer on(Tenant tenant);
  }

  /** Changes something of the tenant that the path names. */
  void change(Context context, Work work) {
    String tenantId = context.pathParam("tenant");
    transactions
        .asLockedTenant(
            tenantId,
            () -> {
              Tenant tenant = tenants.tenant(tenantId).orElseThrow(Problem::noSuchTenant);
              if (tenant.reserved()) {
                throw new Problem(409, "Reserved", "This tenant is Mantle's own.");
              }
              return once(context, tenantId, false, () -> judged(context, tenant, work));
            })
        .writeTo(context);
  }

  /** Does what belongs to no tenant that there is yet. */
  void begin(Context context, Supplier<Answer> work) {
    String scope = "~" + Gate.caller(context).actor();
    transactions.asTenant(scope, () -> once(context, scope, false, work)).writeTo(context);
  }

  /**
   * Does what changes nothing that is published, of a tenant that may be gone. Its body is a
   * secret: it is kept sealed, where a digest alone could be guessed.
   */
  void doSealed(Context context, String tenantId, Supplier<Answer> work) {
    if (context.header(IDEMPOTENCY_HEADER) == null) {
      work.get().writeTo(context); // it may take long: no transaction waits for it
      return;
    }
    transactions.asTenant(tenantId, () -> once(context, tenantId, true, work)).writeTo(context);
  }

  /** Says who did what; in the transaction of what they did. */
  void record(Context context, String tenantId, String action, Object subject) {
    audit.add(tenantId, Gate.caller(context).actor(), action, subject.toString());
  }

  private Answer judged(Context context, Tenant tenant, Work work) {
    boolean takesAway = context.method().equals(HandlerType.DELETE);
    boolean wasBroken = takesAway && flaw(tenant.id()).isPresent();
    Answer answer = work.on(tenant);
    Optional<InvalidTenantException> flaw = flaw(tenant.id());
    if (flaw.isPresent() && !wasBroken) {
      Problem problem =
          new Problem(
              takesAway ? 409 : 422,
              takesAway ? "Still in use" : "Invalid value",
              "It cannot be published: " + flaw.get().getMessage() + ".");
      throw takesAway ? problem : flaw.get().field().map(problem::at).orElse(problem);
    }
    return answer;
  }

  private Optional<InvalidTenantException> flaw(String tenantId) {
    Optional<TenantRead> read = rows.readAs(tenantId);
    if (read.isEmpty()) {
      return Optional.empty(); // it was deleted
    }
    try {
      check.check(read.get());
      return Optional.empty();
    } catch (InvalidTenantException e) {
      return Optional.of(e);
    }
  }

  private Answer once(Context context, String scope, boolean bodyIsSecret, Supplier<Answer> work) {
    String key = context.header(IDEMPOTENCY_HEADER);
    if (key == null || !context.method().equals(HandlerType.POST)) {
      return work.get();
    }
    if (!IDEMPOTENCY_KEY.matcher(key).matches()) {
      throw new Problem(
              400, "Malformed request", "Idempotency-Key has 1 to 200 visible ASCII characters.")
          .at(IDEMPOTENCY_HEADER);
    }
    Caller caller = Gate.caller(context);
    Claim claim = new Claim(scope, caller.actor(), key);
    String asked = context.method() + " " + context.path() + "\n";
    String sealedWith = bodyIsSecret ? HexFormat.of().formatHex(Sha256.of(context.body())) : "";
    return switch (idempotency.claim(claim, bodyIsSecret ? asked : asked + context.body())) {
      case Found.Answer(Secret sealed) -> {
        String answer = new String(sealed.reveal(), StandardCharsets.UTF_8);
        if (!answer.startsWith(sealedWith)) {
          throw anotherRequest();
        }
        context.header("Idempotent-Replayed", "true");
        yield Answer.deserialize(answer.substring(sealedWith.length()));
      }
      case Found.AnotherRequest _ -> throw anotherRequest();
      case Found.Nothing _ -> {
        Answer answer = work.get();
        idempotency.store(claim, Secret.of(sealedWith + answer.serialize()));
        yield answer;
      }
    };
  }

  private static Problem anotherRequest() {
    return new Problem(422, "Key reused", "This Idempotency-Key was sent with another request.")
        .at(IDEMPOTENCY_HEADER);
  }
}
