package io.mantle.extproc.stream;

import io.mantle.extproc.dialect.Dialect;
import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.limit.Ask;
import io.mantle.extproc.limit.LimitAnswer;
import io.mantle.extproc.limit.Limiter;
import io.mantle.extproc.limit.Reservation;
import io.mantle.extproc.limit.Verdict;
import io.mantle.extproc.request.Admission.Admitted;
import io.mantle.extproc.tenant.Limits;
import io.mantle.extproc.tenant.SpentBudgets.Spent;
import io.mantle.extproc.tenant.TenantLimits;
import io.mantle.extproc.tokens.ModelFamily;
import io.mantle.extproc.tokens.PromptSample;
import io.mantle.extproc.tokens.SaidText;
import io.mantle.extproc.tokens.Tokenizers;
import io.mantle.extproc.value.Departure;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.RefusedException;
import io.mantle.extproc.value.TokenCounts;
import java.nio.ByteBuffer;
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
  /**
   * A prompt that is thought to take less than this part of a limit is not counted before it
   * leaves: what the guess is wrong by is less still, and is settled when the answer is there.
   */
  private static final int GUESSES_OF_LIMIT_MIN = 100;

  private final Limiter limiter;
  private final Tokenizers tokenizers;
  private Reservation reservation = Reservation.NONE;
  private List<Header> headers = List.of();
  private @Nullable PromptSample sent;
  private ModelFamily family = ModelFamily.UNKNOWN;
  private long promptTokens;
  private boolean counted;
  private boolean free;

  Allowance(Limiter limiter, Tokenizers tokenizers) {
    this.limiter = limiter;
    this.tokenizers = tokenizers;
  }

  /**
   * Asks to be let in; null where nothing limits the tenant or its key. Tokens are counted only
   * where that may matter to a limit of them.
   *
   * @param body of the request, by which its tokens are estimated
   * @throws RefusedException 429 if it would cost something and a monthly budget is spent
   */
  @Nullable CompletionStage<Verdict> ask(Admitted admitted, ByteBuffer body, Instant begun)
      throws RefusedException {
    TenantLimits limits = admitted.tenant().limits();
    String keyId = admitted.caller().keyId();
    if (costs(admitted.endpoint())) {
      Optional<Spent> spent = limits.spent().keepingOut(keyId, begun);
      if (spent.isPresent()) {
        headers = LimitAnswer.headers(spent.get(), begun);
        throw new RefusedException(LimitAnswer.refusal(spent.get()));
      }
    }
    Limits ofKey = limits.ofKey(keyId);
    Dialect dialect = admitted.endpoint().dialect();
    family = ModelFamily.of(dialect.provider(), "");
    free = !costs(admitted.endpoint());
    if (free || !body.hasRemaining()) {
      counted = true; // as none
    } else {
      estimate(
          PromptSample.of(body, dialect), Math.min(limits.tenant().tokensMin(), ofKey.tokensMin()));
    }
    Ask ask =
        new Ask(
            admitted.caller().tenantId(),
            admitted.caller().keyId(),
            limits.tenant(),
            ofKey,
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

  /** As closely as a limit of that many asks for, which is not at all where there is none. */
  private void estimate(PromptSample prompt, long limit) {
    promptTokens = prompt.guess();
    if (limit != Limits.UNLIMITED && promptTokens > limit / GUESSES_OF_LIMIT_MIN) {
      count(prompt);
    }
  }

  private void count(PromptSample sample) {
    promptTokens = tokenizers.count(family, sample);
    counted = true;
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

  /**
   * It leaves. What it is thought to cost, by no more than its length where nobody counted; null
   * where it costs nothing.
   */
  @Nullable TokenCounts departing(Admitted admitted, Departure departure) {
    Dialect dialect = admitted.endpoint().dialect();
    String mapped = departure.way().attempts().getFirst().model();
    family =
        ModelFamily.of(
            dialect.provider(),
            mapped == null
                ? departure.call().asked().model()
                : mapped.substring(1, mapped.length() - 1));
    if (!counted) {
      sent = PromptSample.of(departure.body(), dialect);
      promptTokens = sent.guess();
    }
    return free ? null : TokenCounts.estimate(promptTokens, 0);
  }

  /** What it is thought to have cost, if nobody answers any more; null for nothing. */
  @Nullable TokenCounts estimate() {
    return free ? null : TokenCounts.estimate(prompt(), 0);
  }

  private long prompt() {
    PromptSample sample = sent;
    if (!counted && sample != null) {
      count(sample);
    }
    return promptTokens;
  }

  /**
   * What it cost, as its provider tells or else as it is thought to be; null for nothing. A count
   * of tokens, and an answer that is shown again, were not worked on, whatever they tell.
   *
   * @param told what the provider said so far; null for nothing
   */
  @Nullable TokenCounts cost(@Nullable TokenCounts told, SaidText said, int status) {
    if (free) {
      return null;
    }
    boolean isTold = told != null && !told.estimated();
    return isTold || status >= 400 ? told : estimate(told, said);
  }

  private TokenCounts estimate(@Nullable TokenCounts told, SaidText said) {
    long completion = tokenizers.count(family, said);
    if (told == null) {
      return TokenCounts.estimate(prompt(), completion);
    }
    int more = (int) Math.min(Math.max(completion, told.completion()), Integer.MAX_VALUE);
    return new TokenCounts(told.prompt(), more, told.cached(), told.reasoning(), true);
  }
}
