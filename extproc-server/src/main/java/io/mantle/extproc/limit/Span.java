package io.mantle.extproc.limit;

import io.mantle.extproc.tenant.Limits;
import java.time.Duration;

/** What is counted, over which time. */
enum Span {
  REQUESTS_SECOND("rs", Duration.ofSeconds(1), false),
  REQUESTS_MINUTE("rm", Duration.ofMinutes(1), false),
  TOKENS_MINUTE("tm", Duration.ofMinutes(1), true),
  TOKENS_DAY("td", Duration.ofDays(1), true);

  private final String code;
  private final Duration length;
  private final boolean tokens;

  Span(String code, Duration length, boolean tokens) {
    this.code = code;
    this.length = length;
    this.tokens = tokens;
  }

  /** In names of keys. */
  String code() {
    return code;
  }

  Duration length() {
    return length;
  }

  /** Whether tokens are counted; else requests. */
  boolean ofTokens() {
    return tokens;
  }

  /** Whether the keys of a tenant get fair shares of it. */
  boolean isShared() {
    return this == REQUESTS_MINUTE || this == TOKENS_MINUTE;
  }

  long limitIn(Limits limits) {
    return switch (this) {
      case REQUESTS_SECOND -> limits.requestsPerSecond();
      case REQUESTS_MINUTE -> limits.requestsPerMinute();
      case TOKENS_MINUTE -> limits.tokensPerMinute();
      case TOKENS_DAY -> limits.tokensPerDay();
    };
  }
}
