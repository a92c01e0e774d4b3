package io.mantle.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.mantle.proto.usage.v1.ReportUsageRequest;
import io.mantle.proto.usage.v1.UsageRow;
import io.mantle.proto.usage.v1.UsageServiceGrpc;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets over the admin API, and what becomes of them, on a real Postgres. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BudgetApiIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TENANT = "/api/v1/tenants/acme";
  private static final String BUDGET = TENANT + "/budget";
  private static final String WEBHOOK = TENANT + "/budget/webhook";
  private static final String SECRET = "a secret of the webhook";

  private RunningControlPlane running;
  private HttpServer receiver;
  private String owner;
  private String key;
  private ManagedChannel channel;

  /** What came, and what it is answered. */
  private record Message(String body, String signature) {}

  private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
    Spending.everyRowCosts(postgres, 1_000_000_000);
    for (String tenant : new String[] {"acme", "told", "limited"}) {
      created("/api/v1/tenants", "{\"id\":\"%s\",\"name\":\"T\"}".formatted(tenant));
    }
    owner =
        created(TENANT + "/tokens", "{\"name\":\"ci\",\"role\":\"owner\"}").path("token").asText();
    key = created(TENANT + "/keys", "{}").path("id").asText();
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::receive);
    receiver.start();
    if (!(running.xdsAddress() instanceof Address.Tcp tcp)) {
      throw new IllegalStateException("it listens on TCP");
    }
    channel = NettyChannelBuilder.forAddress(tcp.host(), tcp.port()).usePlaintext().build();
  }

  @AfterAll
  void stop() {
    channel.shutdownNow();
    receiver.stop(0);
    running.close();
  }

  private void receive(HttpExchange exchange) throws IOException {
    received.add(
        new Message(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            exchange.getRequestHeaders().getFirst("Mantle-Signature")));
    Integer status = answers.poll();
    exchange.sendResponseHeaders(status == null ? 200 : status, -1);
    exchange.close();
  }

  @Test
  void budget_isStoredReadAndDeleted_andItsTagIsOfWhatWasStored() throws Exception {
    assertThat(running.get(BUDGET).statusCode()).isEqualTo(404);
    HttpResponse<String> put = running.put(BUDGET, "{\"limit_cents\":50000,\"action\":\"stop\"}");
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(json(put).path("warn_percents").toString()).isEqualTo("[80,100]");
    assertThat(json(put).path("month").asText())
        .isEqualTo(YearMonth.now(ZoneOffset.UTC).toString());
    BigDecimal before = new BigDecimal(json(put).path("spent_usd").asText());

    report("acme", key);
    HttpResponse<String> get = running.get(BUDGET);
    assertThat(new BigDecimal(json(get).path("spent_usd").asText()))
        .isEqualByComparingTo(before.add(BigDecimal.ONE));
    assertThat(json(get).path("stopped").asBoolean()).isFalse();
    assertThat(tag(get)).isEqualTo(tag(put));
    assertThat(running.put(BUDGET, "{\"limit_cents\":7}", "If-Match", "\"x\"").statusCode())
        .isEqualTo(412);
    HttpResponse<String> raised =
        running.put(BUDGET, "{\"limit_cents\":60000,\"warn_percents\":[]}", "If-Match", tag(get));
    assertThat(json(raised).path("action").asText()).isEqualTo("warn");
    assertThat(json(raised).path("warn_percents")).isEmpty();

    assertThat(running.delete(BUDGET).statusCode()).isEqualTo(204);
    assertThat(running.delete(BUDGET).statusCode()).isEqualTo(404);
    assertThat(running.put(BUDGET, "{\"limit_cents\":7}", "If-Match", tag(get)).statusCode())
        .isEqualTo(412);
  }

  @Test
  void budget_ofTheLimitsAlone_isShownWithItsSource_andBesideOneThatIsStored() throws Exception {
    String tenant = "/api/v1/tenants/limited";
    String ownKey = created(tenant + "/keys", "{}").path("id").asText();
    assertThat(running.get(tenant + "/budget").statusCode()).isEqualTo(404);
    running.put(
        tenant + "/limits",
        "{\"limits\":{\"monthly_budget_cents\":100},\"keys\":{\"%s\":{\"monthly_budget_cents\":900}}}"
            .formatted(ownKey));
    report("limited", ownKey);

    HttpResponse<String> get = running.get(tenant + "/budget");
    assertThat(get.statusCode()).as(get.body()).isEqualTo(200);
    assertThat(get.headers().firstValue("ETag")).as("nothing is stored").isEmpty();
    assertThat(json(get).path("from").asText()).isEqualTo("limits");
    assertThat(json(get).path("limit_cents").asLong()).isEqualTo(100);
    assertThat(json(get).path("action").asText()).isEqualTo("stop");
    assertThat(json(get).path("spent_usd").asText()).isEqualTo("1");
    assertThat(json(get).path("stopped").asBoolean()).isTrue();
    assertThat(running.delete(tenant + "/budget").statusCode()).isEqualTo(404);
    JsonNode ofKey = json(running.get(tenant + "/keys/" + ownKey + "/budget"));
    assertThat(ofKey.path("from").asText()).isEqualTo("limits");
    assertThat(ofKey.path("limit_cents").asLong()).isEqualTo(900);
    assertThat(ofKey.path("stopped").asBoolean()).isFalse();

    JsonNode put = json(running.put(tenant + "/budget", "{\"limit_cents\":50000}"));
    assertThat(put.path("from").asText()).isEqualTo("budget");
    assertThat(put.path("limit_cents").asLong()).isEqualTo(50_000);
    assertThat(put.path("monthly_budget_cents").asLong()).isEqualTo(100);
    assertThat(put.path("stopped").asBoolean()).as("both hold").isTrue();

    running.put("/api/v1/plans/pro", "{\"limits\":{\"monthly_budget_cents\":700}}");
    running.put(tenant, "{\"name\":\"T\",\"plan\":\"pro\"}");
    running.put(tenant + "/limits", "{}");
    assertThat(running.delete(tenant + "/budget").statusCode()).isEqualTo(204);
    assertThat(json(running.get(tenant + "/budget")).path("from").asText()).isEqualTo("plan");
    assertThat(running.get(tenant + "/keys/" + ownKey + "/budget").statusCode()).isEqualTo(404);
  }

  @Test
  void budget_ofAKey_isTheKeys() throws Exception {
    String budget = TENANT + "/keys/" + key + "/budget";
    assertThat(running.put(budget, "{\"limit_cents\":70000}").statusCode()).isEqualTo(200);
    assertThat(json(running.get(budget)).path("limit_cents").asLong()).isEqualTo(70_000);
    String nobodys = TENANT + "/keys/" + UUID.randomUUID() + "/budget";
    assertThat(running.put(nobodys, "{\"limit_cents\":7}").statusCode()).isEqualTo(404);
    assertThat(running.delete(budget).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'limit_cents':1,'action':'ask'}|action",
        "{'limit_cents':1,'warn_percents':[50,0]}|warn_percents[1]",
        "{'limit_cents':1,'warn_percents':'50'}|warn_percents",
        "{'limit_cents':1,'limit':1}|limit"
      })
  void budget_invalid_isRefusedWithItsField(String body, String field) throws Exception {
    HttpResponse<String> refused = running.put(BUDGET, body.replace('\'', '"'));
    assertThat(refused.statusCode()).isIn(400, 422);
    assertThat(json(refused).path("field").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|missing",
        "{'limit_cents':null}|null",
        "{'limit_cents':0}|something else",
        "{'limit_cents':-5}|something else",
        "{'limit_cents':1.5}|something else",
        "{'limit_cents':1000000000001}|something else",
        "{'limit_cents':99999999999999999999}|something else",
        "{'limit_cents':'500'}|something else"
      })
  void budget_withoutARightLimit_isToldTheFieldItsRangeAndWhatItIs(String body, String found)
      throws Exception {
    HttpResponse<String> refused = running.put(BUDGET, body.replace('\'', '"'));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(json(refused).path("field").asText()).isEqualTo("limit_cents");
    assertThat(json(refused).path("detail").asText())
        .isEqualTo(
            "limit_cents has to be a whole number from 1 to 1000000000000; it is " + found + ".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'url':'https://hooks.example.com/'}|secret",
        "{'url':'https://hooks.example.com/','secret':'short'}|secret",
        "{'url':'http://hooks.example.com/','secret':'0123456789abcdef'}|url",
        "{'url':'https://10.0.0.1/','secret':'0123456789abcdef'}|url",
        "{'url':'http://localhost/','secret':'0123456789abcdef'}|url",
        "{'url':'https://h.example.com/','secret':'0123456789abcdef','allow_private_addresses':true}"
            + "|allow_private_addresses"
      })
  void webhook_thatAnOwnerMayNotWrite_isRefusedWithItsField(String body, String field)
      throws Exception {
    HttpResponse<String> refused = running.ask("PUT", WEBHOOK, owner, body.replace('\'', '"'));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(json(refused).path("field").asText()).isEqualTo(field);
  }

  @Test
  void webhook_isReadWithoutItsSecret_whichStaysUntilAnotherIsGiven() throws Exception {
    String body = "{\"url\":\"https://hooks.example.com/in\",\"secret\":\"" + SECRET + "\"}";
    HttpResponse<String> put = running.ask("PUT", WEBHOOK, owner, body);
    assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
    assertThat(running.get(WEBHOOK).body()).isEqualTo(put.body()).doesNotContain(SECRET);
    HttpResponse<String> back = running.put(WEBHOOK, put.body(), "If-Match", tag(put));
    assertThat(back.body()).isEqualTo(put.body());
    assertThat(running.delete(WEBHOOK).statusCode()).isEqualTo(204);
    assertThat(running.get(WEBHOOK).statusCode()).isEqualTo(404);
  }

  @Test
  void alert_reachesTheWebhookSigned_andIsSentAgainUntilItIsTaken() throws Exception {
    String tenant = "/api/v1/tenants/told";
    String ownKey = created(tenant + "/keys", "{}").path("id").asText();
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/budgets";
    assertThat(
            running
                .put(
                    tenant + "/budget/webhook",
                    "{\"url\":\"%s\",\"secret\":\"%s\"}".formatted(url, SECRET))
                .statusCode())
        .isEqualTo(200);
    running.put(tenant + "/budget", "{\"limit_cents\":200,\"warn_percents\":[50]}");
    answers.add(503);
    report("told", ownKey);

    Message first = next();
    Message second = next();
    assertThat(second.body()).isEqualTo(first.body());
    assertSigned(first);
    assertSigned(second);
    JsonNode alert = JSON.readTree(first.body());
    assertThat(alert.path("type").asText()).isEqualTo("budget.spent");
    assertThat(alert.path("tenant").asText()).isEqualTo("told");
    assertThat(alert.path("percent").asInt()).isEqualTo(50);
    assertThat(alert.path("limit_cents").asInt()).isEqualTo(200);
    assertThat(alert.path("spent_usd").asText()).isEqualTo("1");
    Eventually.isTrue(
        "delivered",
        Duration.ofSeconds(10),
        () -> running.get(tenant + "/budget/alerts").body().contains("\"delivered\""));
    JsonNode listed = json(running.get(tenant + "/budget/alerts")).path("data");
    assertThat(listed).hasSize(1);
    assertThat(listed.at("/0/id")).isEqualTo(alert.path("id"));
    assertThat(listed.at("/0/attempts").asInt()).isEqualTo(2);
    assertThat(running.getWithoutToken("/metrics").body())
        .contains(
            "mantle_budget_alerts_total{stops=\"false\"} ",
            "mantle_budget_deliveries_total{result=\"delivered\"} 1.0",
            "mantle_budget_deliveries_total{result=\"failed\"} 1.0");
  }

  private Message next() throws InterruptedException {
    Message message = received.poll(20, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message came");
    }
    return message;
  }

  private static void assertSigned(Message message) throws Exception {
    assertThat(message.signature()).matches("t=[0-9]+,v1=[0-9a-f]{64}");
    String seconds = message.signature().substring(2, message.signature().indexOf(','));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signed = (seconds + "." + message.body()).getBytes(StandardCharsets.UTF_8);
    assertThat(message.signature())
        .endsWith(",v1=" + HexFormat.of().formatHex(mac.doFinal(signed)));
  }

  /** As an ext_proc server does. */
  private void report(String tenant, String keyId) {
    var _ =
        UsageServiceGrpc.newBlockingStub(channel)
            .reportUsage(
                ReportUsageRequest.newBuilder()
                    .setNodeId("node")
                    .addRows(
                        UsageRow.newBuilder()
                            .setId(UUID.randomUUID().toString())
                            .setTenantId(tenant)
                            .setKeyId(keyId)
                            .setModel("m")
                            .setEndpoint("/v1/chat/completions")
                            .setStartedAtEpochMillis(System.currentTimeMillis())
                            .setStatus(200)
                            .setAttempts(1)
                            .setOutcome(UsageRow.Outcome.COMPLETED))
                    .build());
  }

  private JsonNode created(String path, String body) throws Exception {
    HttpResponse<String> answer = running.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json(answer);
  }

  private static String tag(HttpResponse<String> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}
