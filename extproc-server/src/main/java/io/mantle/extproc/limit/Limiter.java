package io.mantle.extproc.limit;

import java.util.concurrent.CompletionStage;

/**
 * Lets requests in, or not.
 *
 * <p>Guarantees: the caller never waits, since what needs an answer from elsewhere completes later,
 * on a thread that must not be held up; a stage never fails; in no span of time more is let in than
 * its limit says, as far as the budget is shared.
 */
public interface Limiter extends AutoCloseable {

  /** Judges a request and, where it is let in, takes what it asks for from all budgets at once. */
  CompletionStage<Verdict> admit(Ask ask);

  /** Whether what is counted now is counted together with other servers. */
  boolean isShared();

  /** How often what happened, since the start. */
  LimitCounts counts();

  @Override
  void close();
}
