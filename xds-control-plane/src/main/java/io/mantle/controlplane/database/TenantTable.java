package io.mantle.controlplane.database;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Rows that have ids, each seen only as its own tenant's: read a page at a time, found and changed
 * one at a time. The SQL it is given is constant. Thread-safe.
 *
 * @param <T> what is made of a row
 */
final class TenantTable<T> {
  private static final String BY_ID =
      " WHERE :after::uuid IS NULL OR id > :after::uuid ORDER BY id LIMIT :limit";

  private final Database database;
  private final String select;
  private final RowMapper<T> mapper;

  /**
   * A table.
   *
   * @param select the statement up to its {@code FROM}'s end, with a column {@code id}
   */
  TenantTable(Database database, String select, RowMapper<T> mapper) {
    this.database = database;
    this.select = select;
    this.mapper = mapper;
  }

  /** A page of the rows in the order of their ids. */
  List<T> list(String tenantId, Page page) {
    return list(tenantId, page, BY_ID);
  }

  /**
   * A page of the rows in another order.
   *
   * @param rest of the statement, with the parameters {@code after} and {@code limit}
   */
  List<T> list(String tenantId, Page page, String rest) {
    return database.asTenant(
        tenantId, handle -> page.bindTo(handle.createQuery(select + rest)).map(mapper).list());
  }

  Optional<T> find(String tenantId, UUID id) {
    return database.asTenant(
        tenantId,
        handle ->
            handle.createQuery(select + " WHERE id = :id").bind("id", id).map(mapper).findOne());
  }

  /**
   * Changes or deletes one row; false where the tenant has none of this id.
   *
   * @param statement with the parameter {@code id}
   */
  boolean change(String tenantId, UUID id, String statement) {
    return database.asTenant(
            tenantId, handle -> handle.createUpdate(statement).bind("id", id).execute())
        == 1;
  }
}
