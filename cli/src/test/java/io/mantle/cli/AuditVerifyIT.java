package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.controlplane.ControlPlane;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.Database;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./mantle audit verify} against a real control plane whose rows are tampered with. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditVerifyIT {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path token = Path.of("");
  private ControlPlane controlPlane;
  private Database database;
  private AuditLog audit;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    token = Files.writeString(directory.resolve("token"), "a-token-for-tests-0123456789");
    controlPlane = TestControlPlane.start(directory.resolve("data"), token);
    database = Database.open(controlPlane.databaseUrl());
    audit = new AuditLog(database);
    sql("INSERT INTO tenant (id, name) VALUES ('acme', 'Acme'), ('bolt', 'Bolt')");
    for (int i = 0; i < 450; i++) { // three pages
      audit.add("acme", "account:1", "key.create", "Schlüssel " + i);
    }
    audit.add("gone", "account:1", "tenant.delete", "gone");
    audit.addOfPlatform("operator", "plan.change", "free");
  }

  @AfterAll
  void stop() {
    database.close();
    controlPlane.close();
  }

  @Test
  void chains_intact_thenTamperedWith_areTold() throws Exception {
    String head = audit.head("acme").orElseThrow().toString();

    assertThat(verify()).as(out + "" + err).isZero();
    assertThat(out.toString())
        .contains("acme: 450 rows, head " + head + ", intact")
        .contains("bolt: 0 rows, no head, intact")
        .contains("~platform: 1 rows, head 1:");
    assertThat(verify("--tenant", "gone")).isZero();
    assertThat(verify("--tenant", "acme", "--expect", head)).isZero();
    assertThat(verify("--tenant", "acne", "--tenant", "gone")).isEqualTo(1);
    assertThat(err.toString()).contains("acne: there is no such tenant");
    assertThat(out.toString()).as("the other one").contains("gone: 1 rows");

    audit.add("acme", "account:1", "key.create", "later");
    assertThat(verify("--tenant", "acme", "--expect", head)).isZero();
    assertThat(verify("--tenant", "acme", "--expect", "450:" + "0".repeat(64))).isEqualTo(1);
    assertThat(verify("--tenant", "acme", "--expect", "999" + head.substring(3))).isEqualTo(1);
    assertThat(out.toString()).contains("BROKEN at seq 452: rows are missing at the end");

    sql("ALTER TABLE audit DISABLE TRIGGER append_only");
    sql("UPDATE audit SET subject = 'x' WHERE tenant_id = 'acme' AND seq IN (77, 400)");
    assertThat(verify()).isEqualTo(1);
    assertThat(out.toString())
        .contains("acme: 451 rows")
        .contains("BROKEN at seq 77")
        .contains("~platform: 1 rows");
    assertThat(verify("--tenant", "~platform")).isZero();
    assertThat(verify("--tenant", "acme")).isEqualTo(1);
  }

  private void sql(String statement) throws Exception {
    try (Connection connection =
            DriverManager.getConnection(
                controlPlane.databaseUrl().jdbcUrl(), controlPlane.databaseUrl().properties());
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private int verify(String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server",
                "http://127.0.0.1:" + controlPlane.adminPort(),
                "--token-file",
                token.toString()));
    arguments.addAll(List.of(options));
    CommandLine command = new CommandLine(new AuditVerifyCommand(Map.of()));
    Mantle.handleFailures(command);
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments.toArray(String[]::new));
  }
}
