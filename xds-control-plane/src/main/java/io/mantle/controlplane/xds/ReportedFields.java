package io.mantle.controlplane.xds;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What the fields of a report from an ext_proc server have to be. What is not so fails as an {@link
 * IllegalArgumentException} that names the field and holds nothing of its content.
 */
final class ReportedFields {
  private static final Pattern TENANT_ID = Pattern.compile("[a-z0-9-]{1,63}");
  private static final long EPOCH_MILLIS_MAX = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

  private ReportedFields() {}

  static String tenantId(String id) {
    check(TENANT_ID.matcher(id).matches(), "tenant_id is not valid");
    return id;
  }

  static Instant startedAt(long epochMillis) {
    check(
        epochMillis >= 0 && epochMillis < EPOCH_MILLIS_MAX,
        "started_at_epoch_millis is out of range");
    return Instant.ofEpochMilli(epochMillis);
  }

  /** A text that Postgres stores. */
  static String text(String text, int charactersMax, String field) {
    check(
        text.length() <= charactersMax && text.indexOf('\0') < 0,
        field + " is longer than " + charactersMax + " characters or has a NUL");
    return text;
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
