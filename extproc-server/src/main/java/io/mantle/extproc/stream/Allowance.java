package io.mantle.extproc.stream;

import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.limit.Ask;
import io.mantle.extproc.limit.LimitAnswer;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.limit.Reservation;
import io.mantle.extproc.limit.Verdict;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.tenant.SpentBudgets.Spent;
import io.mantle.extproc.tenant.TenantLimits;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What one exchange may draw on its tenant's limits, from when it asks to when it is over. Used
 * under the exchange's lock.
 */
final class Allowance {
  /** Of JSON and of most languages; only an estimate, which the provider's figure replaces. */
  private static final int BYTES_PER_TOKEN = 4;

  private final Limiter limiter;
  private Reservation reservation = Reservation.NONE;
  private List<Header> headers = List.of();
  private long promptTokens;

  Allowance(Limiter limiter) {
    this.limiter = limiter;
  }

  /**
   * Asks to be let in; null where nothing limits the tenant or its key.
   *
   * @param bodyBytes of the request, by which its tokens are estimated
   * @throws RefusedException 429 if it would cost something and a monthly budget is spent
   */
  @Nullable CompletionStage<Verdict> ask(Admitted admitted, int bodyBytes, Instant begun)
      throws RefusedException {
    TenantLimits limits = admitted.tenant().limits();
    if (costs(admitted.endpoint())) {
      Optional<Spent> spent = limits.spent().keepingOut(admitted.caller().keyId(), begun);
      if (spent.isPresent()) {
        headers = LimitAnswer.headers(spent.get(), begun);
        throw new RefusedException(LimitAnswer.refusal(spent.get()));
      }
    }
    boolean costsTokens = admitted.endpoint() != Endpoint.COUNT_TOKENS;
    promptTokens = costsTokens ? (bodyBytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN : 0;
    Ask ask =
        new Ask(
            admitted.caller().tenantId(),
            admitted.caller().keyId(),
            limits.tenant(),
            limits.ofKey(admitted.caller().keyId()),
            promptTokens);
    return ask.isLimited() ? limiter.admit(ask) : null;
  }

  /** Whether providers take money for it: not for reading or deleting what they stored. */
  private static boolean costs(Endpoint endpoint) {
    return switch (endpoint) {
      case CHAT_COMPLETIONS, COMPLETIONS, RESPONSES, EMBEDDINGS, MESSAGES -> true;
      case COUNT_TOKENS, MODELS, MODEL, RESPONSE, DELETED_RESPONSE -> false;
    };
  }

  /**
   * Takes the answer.
   *
   * @throws RefusedException 429 if it is a no
   */
  void take(Verdict verdict) throws RefusedException {
    headers = LimitAnswer.headers(verdict);
    reservation =
        switch (verdict) {
          case Verdict.Admitted admitted -> admitted.reservation();
          case Verdict.Refused refused -> throw new RefusedException(LimitAnswer.refusal(refused));
        };
  }

  /** What the client is told of its limits; nothing before it is known. */
  List<Header> headers() {
    return headers;
  }

  /** Nothing was sent, or what was sent was not worked on: all is given back. */
  void settleUnused() {
    reservation.settle(0);
  }

  /** It was sent, and cost this. */
  void settle(TokenCounts used) {
    reservation.settle(used.total());
  }

  /** What it is thought to have cost so far. */
  TokenCounts estimate(long completionTokens) {
    return TokenCounts.estimate(promptTokens, completionTokens);
  }
}
