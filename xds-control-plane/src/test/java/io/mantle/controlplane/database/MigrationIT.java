package io.mantle.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Migrations during a rolling upgrade: several control planes, of more than one version. */
class MigrationIT {
  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.create();
  }

  @Test
  void twoControlPlanes_startedAtOnceOnAnEmptyDatabase_migrateItOnce() throws Exception {
    TestPostgres postgres = newPostgres();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> migrate =
          () -> {
            try (Database database = Database.open(postgres.url())) {
              database.migrate();
              return null;
            }
          };
      List<Future<Void>> both = threads.invokeAll(List.of(migrate, migrate));
      for (Future<Void> one : both) {
        one.get();
      }
    }

    assertThat(
            postgres.query(
                "SELECT version FROM flyway_schema_history WHERE success GROUP BY version"
                    + " HAVING count(*) > 1"))
        .isEmpty();
    assertThat(postgres.query("SELECT count(*) FROM tenant")).containsExactly("0");
  }

  @Test
  void olderControlPlane_besideANewerSchema_startsAndWorks() throws Exception {
    TestPostgres postgres = newPostgres();
    try (Database database = Database.open(postgres.url())) {
      database.migrate();
      postgres.execute(
          "ALTER TABLE tenant ADD COLUMN of_a_later_version text NOT NULL DEFAULT '';"
              + "INSERT INTO flyway_schema_history (installed_rank, version, description, type,"
              + " script, checksum, installed_by, execution_time, success) SELECT"
              + " max(installed_rank) + 1, '9999', 'later', 'SQL', 'V9999__later.sql', 1,"
              + " 'postgres', 1, true FROM flyway_schema_history");

      database.migrate();

      postgres.execute("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme')");
      assertThat(
              database.<List<String>, RuntimeException>asPublisher(
                  handle -> handle.createQuery("SELECT id FROM tenant").mapTo(String.class).list()))
          .containsExactly("acme");
    }
  }
}
