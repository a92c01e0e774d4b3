package io.mantle.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench leak}: the public harness pii-leak-benchmark against {@code ./mantle up},
 * whose provider is the harness.
 *
 * <p>Its first profile asks what the provider was sent and whether the client got its values back,
 * with personal data and with credentials as well; its second, whether a stream gives the client
 * its own values back and takes out values that the provider made up, cut everywhere. What a
 * harness decides is not decided again here: this only runs it, and fails where it does not pass.
 */
@Command(
    name = "mantle bench leak",
    mixinStandardHelpOptions = true,
    description = "The public harness pii-leak-benchmark against a gateway that runs.")
public final class LeakBench implements Callable<Integer> {
  private static final long RUN_MINUTES_MAX = 30;
  private static final List<String> FIRST_PROFILES = List.of("pii-v1", "pii-secrets-v1");
  private static final String LABEL = "mantle";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the harness's reports go. Default: a folder that is named at the end.")
  private @Nullable Path out;

  @Option(
      names = "--seed",
      paramLabel = "HEX",
      defaultValue = "a1b2c3d4e5f60001",
      description = "Of the second profile's values. Default: ${DEFAULT-VALUE}.")
  private String seed = "";

  @Option(
      names = "--oracle",
      paramLabel = "FAMILY",
      defaultValue = "exhaustive-2-part",
      description = "How the second profile cuts its values. Default: ${DEFAULT-VALUE}.")
  private String oracle = "";

  @Option(
      names = "--responses",
      paramLabel = "WORD",
      defaultValue = "PASS",
      description =
          "pass, mask or block: the tenant's policy on what the provider makes up. Default: pass, that of a tenant which has said nothing.")
  private Responses responses = Responses.PASS;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      required = true,
      hidden = true,
      description = "A Python that has the harness; the launcher names it.")
  private @Nullable Path python;

  /** What the policy says of them. */
  private enum Responses {
    PASS,
    MASK,
    BLOCK
  }

  private LeakBench() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new LeakBench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path binary = python;
    if (binary == null) {
      return 2;
    }
    Path reports = out == null ? Files.createTempDirectory("mantle-leak-") : out;
    Files.createDirectories(reports);
    PrintStream said = System.out;
    int capture = freePort();
    boolean passed = true;
    Path folder = Files.createTempDirectory("mantle-bench-");
    try (MantleRun mantle = MantleRun.start(capture, folder)) {
      if (responses != Responses.PASS) {
        mantle.putPrivacy(
            "{\"responses\":\"%s\"}".formatted(responses.name().toLowerCase(Locale.ROOT)));
      }
      for (String profile : FIRST_PROFILES) {
        passed &= firstProfile(binary, mantle, capture, profile, reports, said);
      }
      passed &= secondProfile(binary, mantle, capture, reports, said);
    }
    Folders.delete(folder);
    said.println("reports: " + reports);
    said.println(passed ? "passed" : "not passed");
    return passed ? 0 : 1;
  }

  private static boolean firstProfile(
      Path python, MantleRun mantle, int capture, String profile, Path reports, PrintStream said)
      throws IOException, InterruptedException {
    Path report = reports.resolve(profile + ".json");
    List<String> command = command(python, "pii_leak_benchmark.cli", "selfcheck");
    command.addAll(List.of("--profile", profile, "--iterations", "20"));
    command.addAll(List.of("--capture-port", Integer.toString(capture)));
    command.addAll(List.of("--target-base-url", mantle.url() + "/v1"));
    command.addAll(List.of("--json-out", report.toString()));
    int exit = run(command, mantle, reports.resolve(profile + ".log"));
    if (!Files.exists(report)) {
      said.println(profile + ": not measured; see " + reports.resolve(profile + ".log"));
      return false;
    }
    JsonNode checks = new ObjectMapper().readTree(Files.readString(report)).path("checks");
    JsonNode boundary = checks.path("configured_upstream_boundary");
    said.printf(
        "%s: %s; %d requests seen by the provider, of which types leaked: %s%n",
        profile,
        exit == 0 ? "clean" : "NOT CLEAN",
        boundary.path("captured_requests").asInt(),
        boundary.path("leaked_entity_types"));
    for (Map.Entry<String, JsonNode> check : checks.properties()) {
      said.printf(
          "  %-30s %s%n",
          check.getKey(), check.getValue().path("passed").asBoolean() ? "passed" : "NOT PASSED");
    }
    return exit == 0;
  }

  private boolean secondProfile(
      Path python, MantleRun mantle, int capture, Path reports, PrintStream said)
      throws IOException, InterruptedException {
    Path summary = reports.resolve("response-split.json");
    Path log = reports.resolve("response-split.log");
    List<String> command = command(python, "pii_leak_benchmark.v2_emitter");
    command.addAll(List.of("--validate", "--only", LABEL, "--seed", seed, "--oracle", oracle));
    command.addAll(List.of("--upstream-port", Integer.toString(capture)));
    command.addAll(List.of("--gateway-url", mantle.url() + "/v1/chat/completions"));
    command.addAll(List.of("--out", reports.toString(), "--json-out", summary.toString()));
    run(command, mantle, log);
    if (!Files.exists(summary)) {
      said.println("response-split: not measured; see " + log);
      return false;
    }
    Path reportFile = reports.resolve(LABEL + ".json");
    JsonNode report = new ObjectMapper().readTree(Files.readString(reportFile));
    JsonNode metrics = report.path("metrics");
    said.printf("response-split: %s%n", report.path("outcome").asText());
    said.println("  " + report.path("outcome_rationale").asText());
    for (String axis : List.of("entity", "carrier", "request_site")) {
      for (Map.Entry<String, JsonNode> value : metrics.path("by_axis").path(axis).properties()) {
        JsonNode row = value.getValue();
        said.printf(
            "  %-30s restored %.3f, made-up values let through %d of %d%n",
            axis + " " + value.getKey(),
            row.path("fidelity_rate").asDouble(),
            row.path("leaked").asInt(),
            row.path("applicable").asInt());
      }
    }
    return report.path("outcome").asText().equals("pass");
  }

  private static List<String> command(Path python, String module, String... arguments) {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-m", module));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  /** The key goes by the environment, which process listings do not show. */
  private static int run(List<String> command, MantleRun mantle, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CONFORMANCE_TARGET_API_KEY", mantle.key());
    builder.environment().put("V2_REQUEST_PATH_REDACTION", "configured");
    Process process = builder.start();
    try {
      if (!process.waitFor(RUN_MINUTES_MAX, TimeUnit.MINUTES)) {
        throw new IOException("the harness took longer than " + RUN_MINUTES_MAX + " minutes");
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
