package io.mantle.controlplane.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What a plan, a tenant or a key says of its limits. Immutable.
 *
 * @param said a kind that is not named is left to whoever is asked next; one without a value has no
 *     limit
 */
public record Limits(Map<LimitKind, OptionalLong> said) {
  /** Says nothing. */
  public static final Limits SILENT = new Limits(Map.of());

  private static final long UNLIMITED = -1;

  public Limits {
    Map<LimitKind, OptionalLong> sorted = new EnumMap<>(LimitKind.class);
    sorted.putAll(said);
    said = Collections.unmodifiableMap(sorted);
  }

  /** Whether it says anything of this kind. */
  public boolean says(LimitKind kind) {
    return said.containsKey(kind);
  }

  /** The limit; empty where there is none, or nothing is said of it. */
  public OptionalLong of(LimitKind kind) {
    return said.getOrDefault(kind, OptionalLong.empty());
  }

  /** What this says, and of all else what the other says. */
  public Limits over(Limits other) {
    Map<LimitKind, OptionalLong> both = new EnumMap<>(LimitKind.class);
    both.putAll(other.said);
    both.putAll(said);
    return new Limits(both);
  }

  static Limits of(ResultSet row) throws SQLException {
    Map<LimitKind, OptionalLong> said = new EnumMap<>(LimitKind.class);
    for (LimitKind kind : LimitKind.values()) {
      long value = row.getLong(kind.word());
      if (!row.wasNull()) {
        said.put(kind, value == UNLIMITED ? OptionalLong.empty() : OptionalLong.of(value));
      }
    }
    return new Limits(said);
  }

  /** Binds each kind under its name. */
  <S extends SqlStatement<S>> S bindTo(S statement) {
    for (LimitKind kind : LimitKind.values()) {
      statement.bindBySqlType(
          kind.word(), says(kind) ? of(kind).orElse(UNLIMITED) : null, Types.BIGINT);
    }
    return statement;
  }
}
