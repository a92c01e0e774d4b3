package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mantle.cli.apply.AdminApi;
import io.mantle.cli.apply.RefusedException;
import io.mantle.controlplane.database.AuditChainCheck;
import io.mantle.controlplane.database.AuditLog;
import io.mantle.controlplane.database.AuditLog.Entry;
import io.mantle.controlplane.database.AuditLog.Head;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Reads the audit chains of a control plane by its API and makes every hash anew. It holds one row
 * at a time, however long a chain is, and what is written meanwhile does not disturb it.
 */
@Command(
    name = "verify",
    description = {
      "Checks the hash chains of the audit log: of every tenant that the token may see and of the",
      "platform, or of those that are named."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: ./mantle audit verify --tenant acme --expect 120:9f86d0...",
      "Prints for each chain how many rows were checked and its head. Note the heads elsewhere: a",
      "head that was noted shows with --expect that no rows are missing at the end, and that the",
      "chain was not made anew. How rows are hashed: docs/control-plane.md.",
      "Exit codes: 0 intact, 1 broken (it says at which seq first) or not all could be read,",
      "  2 wrong usage."
    })
final class AuditVerifyCommand implements Callable<Integer> {
  private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,63}|" + AuditLog.PLATFORM);
  private static final Pattern HEAD = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int ROWS_PER_LINE = 10_000;

  @Option(
      names = "--tenant",
      paramLabel = "ID",
      description = "A tenant, also one that is deleted, or ~platform; may be given again.")
  private List<String> tenants = new ArrayList<>();

  @Option(
      names = "--expect",
      paramLabel = "SEQ:HASH",
      description = "A head that was noted of the one --tenant.")
  private @Nullable String expected;

  @Mixin private AdminTarget target = new AdminTarget();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Map<String, String> environment;

  AuditVerifyCommand() {
    this(System.getenv());
  }

  AuditVerifyCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws LaunchException {
    Optional<Head> anchor = anchor();
    if (!tenants.stream().allMatch(id -> TENANT.matcher(id).matches())) {
      throw wrong("--tenant needs the id of a tenant, or " + AuditLog.PLATFORM);
    }
    AdminTarget.Resolved at = target.resolve(environment);
    try (AdminApi api = new AdminApi(at.server(), at.token())) {
      boolean intact = true;
      for (String tenant : tenants.isEmpty() ? all(api) : tenants) {
        intact &= isIntact(api, tenant, anchor);
      }
      return (intact ? ExitCode.OK : ExitCode.FAILED).value();
    } catch (RefusedException e) {
      throw LaunchException.failed(e.reason());
    } catch (IOException e) {
      throw LaunchException.failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FAILED.value();
    }
  }

  private Optional<Head> anchor() {
    if (expected == null) {
      return Optional.empty();
    }
    Matcher head = HEAD.matcher(expected);
    if (!head.matches() || Long.parseLong(head.group(1)) < 1) {
      throw wrong("--expect needs SEQ:HASH, as verify prints a head");
    }
    if (tenants.size() != 1) {
      throw wrong("--expect goes with one --tenant");
    }
    return Optional.of(new Head(Long.parseLong(head.group(1)), head.group(2)));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static List<String> all(AdminApi api)
      throws IOException, RefusedException, InterruptedException {
    List<String> all = new ArrayList<>();
    api.forEach("/tenants", tenant -> all.add(tenant.path("id").asText()));
    if (!all.stream().allMatch(id -> TENANT.matcher(id).matches())) {
      throw notOurs();
    }
    all.add(AuditLog.PLATFORM);
    return all;
  }

  private boolean isIntact(AdminApi api, String tenant, Optional<Head> anchor)
      throws IOException, RefusedException, InterruptedException {
    boolean ofPlatform = tenant.equals(AuditLog.PLATFORM);
    AuditChainCheck check = new AuditChainCheck(tenant, anchor);
    Counted counted = new Counted();
    try {
      api.forEach(
          ofPlatform ? "/platform/audit" : "/tenants/" + tenant + "/audit",
          item -> {
            Entry row = entry(item);
            check.next(row);
            if (++counted.rows % ROWS_PER_LINE == 0) {
              err("%s: %d rows, %d to go".formatted(tenant, counted.rows, row.seq() - 1));
            }
          });
    } catch (MalformedRowException e) {
      throw notOurs();
    } catch (RefusedException e) {
      if (e.isNotFound() && tenants.contains(tenant)) {
        err(tenant + ": there is no such tenant, and no rows of it; is that its id?");
        return false;
      }
      if (!e.isForbidden()) {
        throw e;
      }
      err(tenant + ": not checked: " + e.reason());
      return ofPlatform && tenants.isEmpty(); // it was not asked for
    }
    if (counted.rows == 0 && tenants.contains(tenant)) {
      err(tenant + ": there are no rows; is that its id?");
      return false;
    }
    AuditChainCheck.Result result = check.end();
    String rows =
        tenant
            + ": "
            + result.rows()
            + " rows, "
            + result.head().map(head -> "head " + head).orElse("no head");
    if (result.flaw().isEmpty()) {
      say(spec.commandLine().getOut(), rows + ", intact");
      return true;
    }
    AuditChainCheck.Flaw flaw = result.flaw().get();
    say(
        spec.commandLine().getOut(),
        "%s, BROKEN at seq %d: %s".formatted(rows, flaw.seq(), flaw.reason()));
    return false;
  }

  private static final class Counted {
    private long rows;
  }

  private static Entry entry(JsonNode item) {
    String hash = item.path("hash").asText();
    if (!HASH.matcher(hash).matches() || item.path("seq").asLong() < 1) {
      throw new MalformedRowException();
    }
    try {
      return new Entry(
          item.path("seq").asLong(),
          Instant.parse(item.path("at").asText()),
          item.path("actor").asText(),
          item.path("action").asText(),
          item.path("subject").asText(),
          item.path("detail").asText(),
          hash);
    } catch (DateTimeException e) {
      throw new MalformedRowException();
    }
  }

  private static final class MalformedRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static IOException notOurs() {
    return new IOException("what answers is no control plane of this version");
  }

  private void err(String line) {
    say(spec.commandLine().getErr(), line);
  }

  private static void say(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
