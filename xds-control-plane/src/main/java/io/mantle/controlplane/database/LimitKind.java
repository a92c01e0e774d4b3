package io.mantle.controlplane.database;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be limited. The names are those of columns and of the API's fields. */
public enum LimitKind {
  REQUESTS_PER_SECOND,
  REQUESTS_PER_MINUTE,
  TOKENS_PER_MINUTE,
  /** In any 24 hours. */
  TOKENS_PER_DAY,
  /** Requests that are not answered to the end. */
  CONCURRENT_STREAMS,
  /** In US cents. */
  MONTHLY_BUDGET_CENTS;

  /** The largest limit that can be stored. */
  public static final long VALUE_MAX = 1_000_000_000_000L;

  /** All, as a list of columns. */
  static final String COLUMNS =
      Arrays.stream(values()).map(LimitKind::word).collect(Collectors.joining(", "));

  /** In lower case, with underscores. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
