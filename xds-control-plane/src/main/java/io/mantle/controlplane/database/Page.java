package io.mantle.controlplane.database;

import java.sql.Types;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Query;

/**
 * Which part of a list is asked for.
 *
 * @param limit how many at most
 * @param after what the one before the first is called; empty for the beginning
 */
public record Page(int limit, Optional<String> after) {

  /** One more than is asked for, to know whether more follow. */
  public Page andOneMore() {
    return new Page(limit + 1, after);
  }

  /** The same, with what {@code after} names judged or changed. */
  public Page mapAfter(Function<String, String> map) {
    return new Page(limit, after.map(map));
  }

  Query bindTo(Query query) {
    return query.bind("limit", limit).bindBySqlType("after", after.orElse(null), Types.VARCHAR);
  }
}
