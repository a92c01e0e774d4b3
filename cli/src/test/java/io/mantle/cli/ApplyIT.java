package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.cli.apply.AdminApi;
import io.mantle.cli.apply.IssuedKeys;
import io.mantle.cli.apply.MantleFile;
import io.mantle.cli.apply.Reconciler;
import io.mantle.controlplane.ControlPlane;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ./mantle apply} against a real control plane on an embedded Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApplyIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String TOKEN = "a-token-for-tests-0123456789";
  private static final String CREDENTIAL = "sk-provider-0123456789-abcd";
  private static final String ROTATED = "sk-provider-9876543210-abcd";
  private static final Duration CONDITION_TIME_MAX = Duration.ofSeconds(60);

  private final AtomicInteger tenants = new AtomicInteger();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path folder = Path.of("");
  private Path token = Path.of("");
  private ControlPlane controlPlane;
  private String tenant = "";
  private Path file = Path.of("");
  private Map<String, String> environment = Map.of();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    folder = directory;
    token = Files.writeString(directory.resolve("token"), TOKEN + "\n");
    controlPlane = TestControlPlane.start(directory.resolve("data"), token);
  }

  @AfterAll
  void stop() {
    controlPlane.close();
  }

  @BeforeEach
  void makeFile() throws Exception {
    tenant = "t" + tenants.incrementAndGet();
    environment = Map.of("CREDENTIAL", CREDENTIAL);
    write(
        """
        tenants:
          - id: %s
            name: Tenant
            privacy: {preset: hipaa, deny: [{phrase: Project Kingfisher, type: ORG}]}
            providers:
              - {name: main, base_url: "https://a.example.com/v1", models: [m], credential: "${CREDENTIAL}"}
              - {name: spare, base_url: "https://b.example.com/v1"}
            routes:
              - {model_pattern: "m*", providers: [main, spare]}
              - {model_pattern: "*", providers: [spare]}
            keys:
              - {name: web, secret_file: web-%s.key}
        """
            .formatted(tenant, tenant));
  }

  @Test
  void example_ofTheDocs_appliedTwice_changesNothingTheSecondTime() throws Exception {
    file = ProjectRoot.path().resolve("docs/mantle.yaml");
    environment = Map.of("OPENAI_API_KEY", CREDENTIAL, "ANTHROPIC_API_KEY", ROTATED);
    Path keys = folder.resolve("keys.jsonl");

    assertThat(apply("--keys-out", keys.toString())).as(err + "").isZero();

    assertThat(out.toString()).contains("+ northwind-bank: provider private").contains("done: ");
    assertThat(get("/tenants/city-hospital/privacy").path("preset").asText()).isEqualTo("hipaa");
    assertThat(get("/tenants/northwind-bank/privacy").at("/recognizers/0/name").asText())
        .isEqualTo("customer-number");
    assertThat(get("/tenants/acme").path("plan").asText()).isEqualTo("pro");
    assertThat(get("/tenants/acme/providers").at("/data")).hasSize(3);
    List<String> issued = Files.readAllLines(keys);
    assertThat(issued).hasSize(4).allMatch(line -> line.contains("sk-mantle-"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys)))
        .isEqualTo("rw-------");
    assertThat(out + "" + err).doesNotContain(CREDENTIAL, ROTATED, "Kingfisher");
    assertThat(out + "" + err)
        .doesNotContain(JSON.readTree(issued.getFirst()).path("key").asText());

    long audited = audit("acme");
    assertThat(apply("--keys-out", keys.toString())).isZero();
    assertThat(out.toString()).isEqualTo("nothing to change\n");
    assertThat(audit("acme")).isEqualTo(audited);
  }

  @Test
  void budget_ofTheLimitsAlone_isNoneThatTheFileCouldRemove() throws Exception {
    write("tenants: [{id: %s, name: T, limits: {monthly_budget_cents: 900}}]".formatted(tenant));
    assertThat(apply()).as(err + "").isZero();
    assertThat(get("/tenants/" + tenant + "/budget").path("limit_cents").asInt()).isEqualTo(900);

    write("tenants: [{id: %s, name: T, budget: null}]".formatted(tenant));
    assertThat(apply()).as(err + "").isZero();
    assertThat(out.toString()).isEqualTo("nothing to change\n");
  }

  @Test
  void dryRun_tellsTheDifferenceAndChangesNothing() throws Exception {
    assertThat(apply("--dry-run", "--exit-code")).isEqualTo(4);
    assertThat(out.toString())
        .contains("+ " + tenant + ": tenant")
        .contains("would be: 6 added, 1 changed, 0 removed");
    assertThat(status("/tenants/" + tenant)).isEqualTo(404);

    assertThat(apply()).as(err + "").isZero();
    assertThat(apply("--dry-run", "--exit-code")).isZero();
    assertThat(out.toString()).isEqualTo("nothing to change\n");

    replace("models: [m]", "models: [m, n]");
    assertThat(apply("--dry-run")).isZero();
    assertThat(out.toString())
        .contains("~ " + tenant + ": provider main: models [m] -> [m, n]")
        .contains("would be: 0 added, 1 changed, 0 removed");
    assertThat(provider("main").path("models")).hasSize(1);
  }

  @Test
  void key_isWrittenToItsFileAndKept() throws Exception {
    assertThat(apply()).as(err + "").isZero();

    Path secret = folder.resolve("web-" + tenant + ".key");
    assertThat(Files.readString(secret)).startsWith("sk-mantle-").endsWith("\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThat(out + "" + err).doesNotContain(Files.readString(secret).strip());
  }

  @Test
  void key_withoutAPlaceForItsSecret_isRefusedBeforeAnythingChanges() throws Exception {
    replace(", secret_file: web-" + tenant + ".key", "");

    assertThat(apply()).isEqualTo(2);

    assertThat(err.toString()).contains("mantle.yaml:12:9: tenants[0].keys[0]: ", "--keys-out");
    assertThat(status("/tenants/" + tenant)).isEqualTo(404);
    assertThat(apply("--keys-out", "-")).as(err + "").isZero();
    assertThat(out.toString()).contains("{\"tenant\":\"" + tenant + "\",\"name\":\"web\",\"key\":");
  }

  @Test
  void key_whoseSecretCannotBeWritten_isRevokedAgain() throws Exception {
    replace("web-" + tenant + ".key", "x".repeat(300)); // no file has so long a name

    assertThat(apply()).isEqualTo(1);

    assertThat(err.toString()).contains("failed:   + " + tenant + ": key web", "revoked again");
    JsonNode keys = get("/tenants/" + tenant + "/keys").path("data");
    assertThat(keys).hasSize(1);
    assertThat(keys.path(0).path("revoked_at").isTextual()).isTrue();
    replace("x".repeat(300), "web-" + tenant + ".key");
    assertThat(apply()).as(err + "").isZero();
  }

  @Test
  void credential_fromTheEnvironment_isStoredAgainOnlyWhenItIsAnother() throws Exception {
    assertThat(apply()).as(err + "").isZero();
    environment = Map.of("CREDENTIAL", ROTATED);

    assertThat(apply()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            "~ %s: provider main: credential replaced%ndone: 0 added, 1 changed, 0 removed%n"
                .formatted(tenant));
    assertThat(apply()).isZero();
    assertThat(out.toString()).isEqualTo("nothing to change\n");
    assertThat(provider("main").path("credential_version").asInt()).isEqualTo(2);
  }

  @Test
  void prune_removesWhatTheFileDoesNotName_andSaysSo() throws Exception {
    assertThat(apply()).as(err + "").isZero();
    String prefix = "/tenants/" + tenant;
    ask("POST", prefix + "/keys", "{\"name\":\"by hand\"}");
    replace("      - {name: spare, base_url: \"https://b.example.com/v1\"}\n", "");
    replace("      - {model_pattern: \"*\", providers: [spare]}\n", "");
    replace("[main, spare]", "[main]");

    assertThat(apply("--prune", "--dry-run")).isZero();
    assertThat(out.toString())
        .contains(
            "~ " + tenant + ": route m*: providers [main, spare] -> [main]",
            "- " + tenant + ": route *",
            "- " + tenant + ": provider spare",
            "- " + tenant + ": key by hand: sk-mantle-");
    assertThat(get(prefix + "/providers").path("data")).hasSize(2);

    assertThat(apply("--prune")).as(err + "").isZero();
    assertThat(out.toString()).contains("done: 0 added, 1 changed, 3 removed");
    assertThat(get(prefix + "/providers").path("data")).hasSize(1);
    assertThat(get(prefix + "/routes").path("data")).hasSize(1);
    assertThat(apply("--prune")).isZero();
    assertThat(out.toString()).isEqualTo("nothing to change\n");
  }

  @Test
  void prices_changeAndGoWithTheFile() throws Exception {
    String price =
        """
            prices:
              - {model_pattern: m, valid_from: 2026-01-01, input_usd_per_million: %s, output_usd_per_million: 1}
        """;
    replace("    keys:\n", price.formatted("0.2") + "    keys:\n");
    assertThat(apply()).as(err + "").isZero();

    replace(price.formatted("0.2"), price.formatted("0.3"));
    assertThat(apply()).as(err + "").isZero();
    assertThat(out.toString()).contains("input_usd_per_million 0.2 -> 0.3");
    String prices = "/tenants/" + tenant + "/prices";
    assertThat(get(prices).at("/data/0/input_usd_per_million").asText()).isEqualTo("0.3");

    replace(price.formatted("0.3"), "    prices: []\n");
    assertThat(apply("--prune")).as(err + "").isZero();
    assertThat(get(prices).path("data")).isEmpty();
  }

  @Test
  void file_withAnError_changesNothing() throws Exception {
    replace("name: Tenant", "name: Tenant\n    nonsense: 1");
    replace("https://b.example.com/v1", "${NOWHERE}");

    assertThat(apply()).isEqualTo(2);

    assertThat(err.toString())
        .contains("mantle.yaml:4:5: tenants[0].nonsense: there is no such field")
        .contains("the environment variable NOWHERE is not set")
        .contains("2 errors", "nothing was changed");
    assertThat(status("/tenants/" + tenant)).isEqualTo(404);
  }

  @Test
  void change_thatTheControlPlaneRefuses_isReportedWithItsPlaceAndTheRestFollowsLater()
      throws Exception {
    replace("preset: hipaa", "preset: hipaa, deep: true"); // there is no model here

    assertThat(apply()).isEqualTo(1);
    assertThat(err.toString())
        .contains("done:     + " + tenant + ": tenant")
        .contains("failed:   ~ " + tenant + ": privacy")
        .contains("not done: + " + tenant + ": provider main")
        .contains("mantle.yaml:4:36: tenants[0].privacy.deep: ")
        .contains("applying the file again does the rest");

    replace(", deep: true", "");
    assertThat(apply()).as(err + "").isZero();
    assertThat(out.toString()).contains("done: 5 added, 1 changed, 0 removed");
  }

  @Test
  void change_ofSomebodyElseMeanwhile_isReadAgainAndTheRestDone() throws Exception {
    assertThat(apply()).as(err + "").isZero();
    replace("models: [m]", "models: [m, n]");
    List<Integer> planned = new ArrayList<>();

    try (AdminApi api = new AdminApi(server(), TOKEN)) {
      Reconciler.Outcome outcome =
          new Reconciler(api, IssuedKeys.toTheirFiles(), false)
              .apply(
                  MantleFile.read(file, environment),
                  changes -> {
                    if (planned.isEmpty()) {
                      changeByHand();
                    }
                    planned.add(changes.size());
                  });
      assertThat(outcome.reason()).isEmpty();
    }

    assertThat(planned).containsExactly(1, 1);
    assertThat(provider("main").path("models")).hasSize(2);
    assertThat(provider("main").path("accepts_stream_usage").asBoolean()).isTrue();
  }

  @Test
  void token_thatIsNotValid_changesNothing() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong-token"), "wrong");

    assertThat(run("-f", file + "", "--server", server() + "", "--token-file", wrong + ""))
        .isEqualTo(1);
    assertThat(err.toString()).contains("HTTP 401", "nothing was changed");
  }

  @Test
  void watch_appliesEachChangeAndOutlivesAnInvalidFile() throws Exception {
    Thread watching = Thread.ofPlatform().start(() -> apply("--watch"));
    try {
      until(() -> status("/tenants/" + tenant + "/providers") == 200 && said(err, "watching"));

      replace("name: Tenant", "name: [");
      until(() -> said(err, "nothing was changed"));
      assertThat(get("/tenants/" + tenant).path("name").asText()).isEqualTo("Tenant");

      replace("name: [", "name: Renamed");
      until(() -> get("/tenants/" + tenant).path("name").asText().equals("Renamed"));

      Path next =
          Files.writeString(
              folder.resolve("next.yaml"), Files.readString(file).replace("Renamed", "Twice"));
      Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      until(() -> get("/tenants/" + tenant).path("name").asText().equals("Twice"));
    } finally {
      watching.interrupt();
      watching.join();
    }
  }

  private static boolean said(StringWriter to, String what) {
    return to.toString().contains(what);
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      assertThat(System.nanoTime() - start).isLessThan(CONDITION_TIME_MAX.toNanos());
      Thread.sleep(20);
    }
  }

  private void changeByHand() {
    try {
      JsonNode main = provider("main");
      ask(
          "PUT",
          "/tenants/" + tenant + "/providers/" + main.path("id").asText(),
          "{\"name\":\"main\",\"base_url\":\"https://a.example.com/v1\","
              + "\"accepts_stream_usage\":false}");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private JsonNode provider(String name) throws Exception {
    for (JsonNode provider : get("/tenants/" + tenant + "/providers").path("data")) {
      if (provider.path("name").asText().equals(name)) {
        return provider;
      }
    }
    throw new AssertionError("no provider " + name);
  }

  private long audit(String of) throws Exception {
    return get("/tenants/" + of + "/audit?limit=200").path("data").size();
  }

  private URI server() {
    return URI.create("http://127.0.0.1:" + controlPlane.adminPort());
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(ask("GET", path, "").body());
  }

  private int status(String path) throws Exception {
    return ask("GET", path, "").statusCode();
  }

  private HttpResponse<String> ask(String verb, String path, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(server() + "/api/v1" + path))
            .header("Authorization", "Bearer " + TOKEN)
            .method(verb, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void write(String text) throws Exception {
    file = Files.writeString(folder.resolve("mantle.yaml"), text);
  }

  private void replace(String part, String by) throws Exception {
    String text = Files.readString(file);
    assertThat(text).contains(part);
    Files.writeString(file, text.replace(part, by));
  }

  private int apply(String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-f", file + "", "--server", server() + "", "--token-file", token + ""));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine apply = new CommandLine(new ApplyCommand(environment));
    Mantle.handleFailures(apply);
    apply.setOut(new PrintWriter(out, true));
    apply.setErr(new PrintWriter(err, true));
    return apply.execute(arguments);
  }
}
