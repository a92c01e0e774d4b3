package io.mantle.controlplane.admin;

import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** A time in a query: of RFC 3339, or a day, which begins in UTC. */
final class QueryTime {
  private static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59Z");

  private QueryTime() {}

  /** Empty where the query has no such parameter. */
  static Optional<Instant> of(Context context, String parameter) {
    String text = context.queryParam(parameter);
    if (text == null) {
      return Optional.empty();
    }
    try {
      Instant time =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      if (time.isBefore(Instant.EPOCH) || time.isAfter(TIME_MAX)) {
        throw malformed(parameter, parameter + " is a time from 1970 to 9999.");
      }
      return Optional.of(time);
    } catch (DateTimeException e) {
      throw malformed(parameter, parameter + " is a time of RFC 3339, or a day.");
    }
  }

  private static Problem malformed(String parameter, String detail) {
    return new Problem(400, "Malformed request", detail).at(parameter);
  }
}
