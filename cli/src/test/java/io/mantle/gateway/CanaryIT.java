package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.PrivateMemory;
import io.mantle.gateway.CanaryValues.Batch;
import io.mantle.gateway.CanaryValues.Value;
import io.mantle.testing.RedisServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * 1,000 private values go through everything that may become of a request, with each server at its
 * most talkative; then every place that anything is written to is searched for them, and for a mark
 * that has to be found there, so that a search that finds nothing has searched.
 */
@ExtendWith(SharedStack.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CanaryIT {
  /** A tenant's id, which is meant to be in rows, metrics, traces and configuration. */
  private static final String MARK = "marked-tenant-5b1f";

  /** What Envoy says where the ext_proc server is away. */
  private static final String MARK_OF_ENVOYS_LOG = "immediate_connect_error";

  private static final int VALUES = 1_000;
  private static final int SINKS = 13;
  private static final String EVERYTHING = "io/mantle/gateway/logback-everything.xml";
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);
  private static final String CHAT = "/v1/chat/completions";

  private static final List<Batch> BATCHES = CanaryValues.batches();
  private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();
  private static final Iterator<Batch> REMAINING = BATCHES.iterator();

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static TestDatabase database;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static RedisServer redis;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static CanarySinks sinks;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static GatewayStack gateway;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static CanaryTraffic traffic;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static Path spool;

  private static int extProcAdminPort;

  @BeforeAll
  static void start(TestDatabase shared, @TempDir Path folder) throws Exception {
    database = shared;
    List<String> values =
        Stream.concat(
                Stream.of(MARK, MARK_OF_ENVOYS_LOG),
                BATCHES.stream().flatMap(batch -> batch.all().stream()).map(Value::text))
            .toList();
    assertThat(values).hasSize(2 + VALUES).doesNotHaveDuplicates();
    redis =
        RedisServer.start(folder.resolve("redis"), "--appendonly", "yes", "--rdbcompression", "no");
    PARTS.push(redis);
    sinks = new CanarySinks(new CanarySearch(values));
    PARTS.push(sinks);
    extProcAdminPort = freePort();
    Path master = folder.resolve("master-key");
    Files.writeString(master, Base64.getEncoder().encodeToString(new byte[32]));
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "JDK_JAVA_OPTIONS",
        String.join(" ", PrivateMemory.JVM_FLAGS) + " -Dlogback.configurationFile=" + EVERYTHING);
    settings.put("MANTLE_LOG_FORMAT", "json");
    settings.put("MANTLE_VAULT_URL", redis.url());
    settings.put("MANTLE_VAULT_TIMEOUT_MILLIS", "5000"); // a busy machine is no reason to refuse
    settings.put("MANTLE_MASTER_KEY_FILE", master.toString());
    settings.put("MANTLE_EXTPROC_ADMIN_LISTEN", "127.0.0.1:" + extProcAdminPort);
    settings.put("MANTLE_FIRST_BYTE_TIMEOUT_SECONDS", "1");
    spool = folder.resolve("usage-spool");
    settings.put("MANTLE_USAGE_SPOOL_DIR", spool.toString());
    settings.put("MANTLE_METRICS_TENANT_LABEL", "true");
    settings.put("MANTLE_TRACE_CONTENT_TENANTS", "demo,anthropic," + MARK);
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", sinks.collector().toString());
    gateway =
        GatewayStack.start(
            database, GatewayStack.ExtProc.OWN_PROCESS_AS_IS_THE_CONTROL_PLANE, settings);
    PARTS.push(gateway);
    traffic = new CanaryTraffic(gateway);
    gateway.provider().answers(traffic::answer);
  }

  @AfterAll
  static void stop() throws Exception {
    while (!PARTS.isEmpty()) {
      PARTS.pop().close();
    }
  }

  @Test
  @Order(1)
  void answers_wholeAndStreamed_haveTheValuesAgain() throws Exception {
    for (boolean streamed : new boolean[] {false, true}) {
      for (int i = 0; i < 5; i++) {
        Batch batch = next();
        ObjectNode body = CanaryTraffic.chat("echo", batch).put("stream", streamed);
        RawClient.Answer answer = traffic.post(GatewayStack.KEY, CHAT, body + "", batch);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(streamed ? Chat.said(answer.body()) : Chat.content(answer.body()))
            .contains(batch.all().stream().map(Value::text).toList());
      }
    }
    String anthropic =
        TestTenant.create(gateway, "anthropic", gateway.provider().baseUrl() + "", "anthropic");
    for (int i = 0; i < 6; i++) {
      Batch batch = next();
      ObjectNode body = CanaryTraffic.messages("echo", batch).put("stream", i % 2 == 0);
      RawClient.Answer answer =
          traffic.post(
              anthropic, "/v1/messages", body + "", batch, "anthropic-version: 2023-06-01");
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
    for (String path : List.of("responses", "responses", "completions", "embeddings")) {
      Batch batch = next();
      ObjectNode body = Chat.JSON.createObjectNode().put("model", "echo");
      body.put(path.equals("completions") ? "prompt" : "input", batch.sentences());
      RawClient.Answer answer =
          traffic.post(
              GatewayStack.KEY,
              "/v1/" + path,
              body + "",
              batch,
              "x-privacy-gateway-rehydrate: " + path.equals("completions"),
              "x-privacy-gateway-conversation: "
                  + batch.byWords().getFirst().text().replace(' ', '_'));
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }
    String marked = TestTenant.create(gateway, MARK, gateway.provider().baseUrl() + "");
    // Its link is not restored, which the ext_proc server logs.
    String linking = Chat.request("Write to a.b@nest.org").put("model", "linking").toString();
    assertThat(gateway.chatAs(marked, linking).body()).contains("elsewhere").doesNotContain("a.b@");
    assertThat(gateway.chatAs(marked, Chat.saying("Hello " + MARK)).status()).isEqualTo(200);
  }

  @Test
  @Order(2)
  void refusals_ofEachKind_areSaid() throws Exception {
    String blocking = TestTenant.insert(gateway, "blocking", gateway.provider().baseUrl() + "");
    String limited = TestTenant.insert(gateway, "limited", gateway.provider().baseUrl() + "");
    put("blocking/privacy", "{\"actions\":{\"EMAIL\":\"block\",\"PHONE\":\"block\"}}");
    put("limited/limits", "{\"limits\":{\"requests_per_minute\":1}}");
    Until.holds(
        WAIT_MAX, "the policy is in force", () -> status(blocking, Chat.saying("a@b.org")) == 403);
    Until.holds(
        WAIT_MAX, "the limit is in force", () -> status(limited, Chat.saying("Hello")) == 429);
    for (String key : List.of(blocking, limited)) {
      for (int i = 0; i < 2; i++) {
        Batch batch = next();
        String body = CanaryTraffic.chat("echo", batch).put("stream", i == 1).toString();
        assertThat(traffic.post(key, CHAT, body, batch).status())
            .isEqualTo(key.equals(blocking) ? 403 : 429);
      }
    }
    assertThat(refused(GatewayStack.KEY, CHAT, body -> body.substring(0, body.length() - 9)))
        .isEqualTo(400);
    assertThat(refused(GatewayStack.KEY, CHAT, body -> body + body)).isEqualTo(400);
    assertThat(refused(GatewayStack.KEY, CHAT, body -> body.replace("\"echo\"", body)))
        .isEqualTo(400);
    assertThat(refused(GatewayStack.KEY, CHAT, body -> body.repeat(200))).isEqualTo(413);
    assertThat(refused(GatewayStack.KEY, "/v1/none/", body -> body)).isEqualTo(404);
    assertThat(refused("sk-mantle-" + BATCHES.getLast().byForm().getFirst().text(), CHAT, b -> b))
        .isEqualTo(401);
    assertThat(refused("sk-proj-" + "k".repeat(40), CHAT, body -> body)).isEqualTo(401);
    Batch batch = next();
    String text = "content-type: text/plain; note=" + batch.byForm().getFirst().text();
    assertThat(traffic.post(GatewayStack.KEY, CHAT, batch.sentences(), batch, text).status())
        .isIn(400, 415);
    for (Value value : next().all()) {
      String body = Chat.request("Hello").put("model", value.text()).toString();
      // Which of the digits and letters are a model's nobody can tell.
      boolean isOpaque = value.sentence().startsWith("pass") || value.text().matches("X[0-9]+");
      assertThat(isOpaque ? 404 : status(GatewayStack.KEY, body)).as(value.text()).isEqualTo(404);
    }
    Batch odd = next();
    byte[] latin = (CanaryTraffic.chat("echo", odd) + "").getBytes(StandardCharsets.UTF_8);
    latin[latin.length / 2] = (byte) 0xe9;
    try (RawClient client = traffic.open(GatewayStack.KEY, CHAT, latin, odd)) {
      assertThat(client.answer().status()).isEqualTo(400);
    }
  }

  @Test
  @Order(3)
  void failures_ofTheProvider_areHandedOn() throws Exception {
    String refusing = TestTenant.create(gateway, "refusing", "http://127.0.0.1:" + freePort());
    Map<String, Integer> statuses = Map.of("failing", 500, "busy", 429, "no-json", 200);
    for (String model : List.of("failing", "failing", "busy", "no-json", "reset", "slow")) {
      Batch batch = next();
      String body = CanaryTraffic.chat(model, batch).toString();
      assertThat(traffic.post(GatewayStack.KEY, CHAT, body, batch).status())
          .as(model)
          .isIn(statuses.getOrDefault(model, 200), 502, 503, 504);
    }
    Batch batch = next();
    String body = CanaryTraffic.chat("echo", batch).toString();
    assertThat(traffic.post(refusing, CHAT, body, batch).status()).isBetween(502, 504);
    for (int i = 0; i < 2; i++) {
      traffic.hold(GatewayStack.KEY, next()).close(); // the client leaves amid the answer
    }
  }

  @Test
  @Order(4)
  void admin_isAskedAboutValues() throws Exception {
    Batch asked = next();
    ObjectNode preview = Chat.JSON.createObjectNode().put("text", asked.sentences());
    HttpResponse<String> shown =
        gateway.admin("POST", "/api/v1/privacy/preview", preview.put("tenant", "demo").toString());
    assertThat(shown.statusCode()).as(shown.body()).isEqualTo(200);
    for (Value value : next().all().subList(0, 10)) {
      String erasure = Chat.JSON.createObjectNode().put("value", value.text()).toString();
      assertThat(gateway.admin("POST", "/api/v1/tenants/demo/erasures", erasure).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  @Order(5)
  void servers_thatCrashAmidRequests_areStartedAgain() throws Exception {
    sinks.searchPages(gateway, extProcAdminPort);
    try (RawClient held = traffic.hold(GatewayStack.KEY, next())) {
      gateway.controlPlaneProcess().destroyForcibly().waitFor();
      for (int i = 0; i < 2; i++) { // whose usage waits in the spool
        Batch batch = next();
        String body = CanaryTraffic.chat(MARK, batch).toString();
        assertThat(traffic.post(GatewayStack.KEY, CHAT, body, batch).status()).isEqualTo(200);
      }
      sinks.searchFiles("usage spool", spool);
      // A crash of its own, not the end that others make of it.
      String pid = Long.toString(gateway.extProcProcess().pid());
      assertThat(new ProcessBuilder("kill", "-SEGV", pid).start().waitFor()).isZero();
      gateway.extProcProcess().waitFor();
      assertThat(held.answer().body()).doesNotContain("[DONE]");
    }
    gateway.restartControlPlane();
    gateway.restartExtProc();
    Until.holds(WAIT_MAX, "it is back", () -> status(GatewayStack.KEY, Chat.saying("Hi")) == 200);
    Until.holds(WAIT_MAX, "the control plane is back", CanaryIT::controlPlaneAnswers);
    while (REMAINING.hasNext()) {
      Batch batch = next();
      RawClient held = traffic.hold(GatewayStack.KEY, batch);
      if (!REMAINING.hasNext()) {
        sinks.searchPages(gateway, extProcAdminPort);
        gateway.extProcProcess().destroyForcibly().waitFor(); // and nobody starts it again
      }
      held.close();
    }
  }

  private static boolean controlPlaneAnswers() throws Exception {
    try {
      return gateway.admin("GET", "/ready", "").statusCode() == 200;
    } catch (ConnectException e) {
      return false;
    }
  }

  @Test
  @Order(6)
  void sinks_allOfThem_holdTheMarkAndNoValue() throws Exception {
    assertThat(REMAINING.hasNext()).isFalse();
    sinks.searchTraces();
    sinks.search("provider", gateway.provider().everyByte());
    for (String log : List.of("extproc.log", "control-plane.log", "envoy.log")) {
      sinks.search(log, Files.readAllBytes(gateway.folder().resolve(log)));
    }
    sinks.searchFiles("files", gateway.folder());
    sinks.searchFiles("usage spool", spool);
    sinks.searchTables("tables", gateway.database());
    sinks.searchFiles("postgres files", database.folder());
    assertThat(sinks.searchRedis("redis", redis)).isPositive();
    // Below info Envoy logs bodies, and so nobody can have it do so.
    assertThat(gateway.envoyAdmin("POST", "/logging?level=debug")).contains("not allowed");
    assertThat(sinks.found()).hasSize(SINKS);
    sinks
        .found()
        .forEach(
            (sink, found) ->
                assertThat(found).as(sink).isNotEmpty().isSubsetOf(MARK, MARK_OF_ENVOYS_LOG));
    assertThat(Files.readString(gateway.folder().resolve("extproc.log")))
        .contains("\"level\":\"DEBUG\"", "SIGSEGV");
    try (Stream<Path> left = Files.walk(gateway.folder())) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.matches("(hs_err|core|replay|java_pid).*|.*[.](hprof|jfr|mdmp)"));
    }
  }

  private interface Change {
    String of(String body);
  }

  private static int refused(String key, String path, Change change) throws IOException {
    Batch batch = next();
    String body = change.of(CanaryTraffic.chat("echo", batch).toString());
    String segment = path.endsWith("/") ? batch.byForm().get(8).text().replace(" ", "") : "";
    return traffic.post(key, path + segment, body, batch).status();
  }

  private static int status(String key, String body) throws IOException {
    try {
      return gateway.chatAs(key, body).status();
    } catch (IOException e) {
      return 0;
    }
  }

  private static void put(String path, String body) throws Exception {
    HttpResponse<String> answer = gateway.admin("PUT", "/api/v1/tenants/" + path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static Batch next() {
    return REMAINING.next();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
