package io.mantle.controlplane.database;

/**
 * Several repositories' work as one transaction of one tenant: what runs inside joins it, on the
 * same thread, and an exception undoes it all. Work for another role stays outside.
 */
public final class Transactions {
  private final Database database;

  public Transactions(Database database) {
    this.database = database;
  }

  /** What is done in it. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    T run() throws X;
  }

  /** Runs work as a tenant. */
  public <T, X extends Exception> T asTenant(String tenantId, Work<T, X> work) throws X {
    return database.asTenant(tenantId, _ -> work.run());
  }

  /** Runs work on accounts and sessions, with what of the audit belongs to no tenant. */
  public <T, X extends Exception> T asIdentity(Work<T, X> work) throws X {
    return database.asIdentity(_ -> work.run());
  }

  /**
   * Runs work as a tenant whose rows nobody else changes meanwhile, so that what is checked at its
   * end is what is committed.
   */
  public <T, X extends Exception> T asLockedTenant(String tenantId, Work<T, X> work) throws X {
    return database.asTenant(
        tenantId,
        handle -> {
          handle
              .createQuery("SELECT id FROM tenant WHERE id = :id FOR NO KEY UPDATE")
              .bind("id", tenantId)
              .mapTo(String.class)
              .findOne();
          return work.run();
        });
  }
}
