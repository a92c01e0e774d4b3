package io.mantle.controlplane.database;

import io.mantle.controlplane.TestPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same on the official Postgres. */
@EnabledIf(
    value = "io.mantle.controlplane.TestPostgres#engineAnswers",
    disabledReason = "no container engine answers")
final class UsagePartitionsContainerIT extends UsagePartitionsIT {
  @Override
  TestPostgres newPostgres() throws SQLException {
    return TestPostgres.createInContainer();
  }
}
