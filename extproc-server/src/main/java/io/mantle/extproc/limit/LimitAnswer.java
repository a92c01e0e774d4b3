package io.mantle.extproc.limit;

import io.mantle.extproc.tenant.SpentBudgets;
import io.mantle.extproc.value.Header;
import io.mantle.extproc.value.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client is told of its limits: headers on every answer, and a refusal. */
public final class LimitAnswer {
  private static final String PREFIX = "x-ratelimit-";

  private LimitAnswer() {}

  /** {@code x-ratelimit-*} as OpenAI has them, and where it is counted. */
  public static List<Header> headers(Verdict verdict) {
    List<Header> headers = new ArrayList<>();
    add(headers, "requests", verdict.standing().requests());
    add(headers, "tokens", verdict.standing().tokens());
    headers.add(new Header("x-mantle-limits", verdict.standing().shared() ? "shared" : "node"));
    if (verdict instanceof Verdict.Refused refused) {
      headers.add(retryAfter(refused.retryAfter()));
    }
    return List.copyOf(headers);
  }

  private static Header retryAfter(Duration wait) {
    return new Header("retry-after", Long.toString(Math.max(1, seconds(wait))));
  }

  /** Rounded up, since who comes too early is refused again. */
  private static long seconds(Duration time) {
    return time.plusNanos(999_999_999).toSeconds();
  }

  private static void add(List<Header> headers, String of, Standing.@Nullable Left left) {
    if (left != null) {
      headers.add(new Header(PREFIX + "limit-" + of, Long.toString(left.limit())));
      headers.add(new Header(PREFIX + "remaining-" + of, Long.toString(left.remaining())));
      headers.add(new Header(PREFIX + "reset-" + of, duration(left.reset())));
    }
  }

  /** As OpenAI writes durations: {@code 1s}, {@code 1m0s}, {@code 24h0m0s}. */
  private static String duration(Duration time) {
    Duration whole = Duration.ofSeconds(seconds(time));
    if (whole.toSeconds() < 60) {
      return whole.toSeconds() + "s";
    }
    String minutes = whole.toMinutesPart() + "m" + whole.toSecondsPart() + "s";
    return whole.toHours() > 0 ? whole.toHours() + "h" + minutes : minutes;
  }

  /**
   * A monthly budget is spent: 429 as OpenAI has it. A retry is no use before the month is over, or
   * somebody raises the budget.
   */
  public static Refusal refusal(SpentBudgets.Spent spent) {
    return new Refusal(
        429,
        "insufficient_quota",
        "insufficient_quota",
        "The monthly budget of this %s is spent. The next month begins at %s."
            .formatted(spent.ofKey() ? "key" : "tenant", spent.until()),
        null,
        false);
  }

  /** When a spent budget no longer keeps a request out, unless it is raised before. */
  public static List<Header> headers(SpentBudgets.Spent spent, Instant now) {
    return List.of(retryAfter(Duration.between(now, spent.until())));
  }

  /** The refusal itself: 429. */
  public static Refusal refusal(Verdict.Refused refused) {
    return switch (refused.reason()) {
      case REQUESTS ->
          refusal("requests", "rate_limit_exceeded", "Too many requests for this tenant or key.");
      case TOKENS ->
          refusal("tokens", "rate_limit_exceeded", "Too many tokens for this tenant or key.");
      case STREAMS ->
          refusal(
              "requests",
              "too_many_streams",
              "As many requests of this tenant or key as may be are still being answered.");
    };
  }

  private static Refusal refusal(String type, String code, String message) {
    return new Refusal(429, type, code, message, null, true);
  }
}
