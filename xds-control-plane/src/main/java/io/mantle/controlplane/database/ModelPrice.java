package io.mantle.controlplane.database;

import java.time.LocalDate;

/**
 * What a model costs from a day on.
 *
 * @param providerKind of the provider that answers; {@link #ANY_KIND} for whatever kind
 * @param modelPattern a name, which stands for its dated snapshots as well, or with {@code *} for
 *     any characters
 * @param validFrom the day, in UTC, from whose beginning it holds, until the next of the same kind
 *     and pattern does
 */
public record ModelPrice(
    String providerKind, String modelPattern, LocalDate validFrom, Rates rates) {
  public static final String ANY_KIND = "*";
}
