package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.mantle.controlplane.RunningControlPlane;
import io.mantle.controlplane.TestPostgres;
import io.mantle.proto.record.v1.ExchangeRecordServiceGrpc;
import io.mantle.proto.record.v1.RecordedExchange;
import io.mantle.proto.record.v1.StoreExchangesRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation that changes something, done once on a running server: it leaves one audit row,
 * which holds none of the values that were sent. One that changes nothing leaves none.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSWORD = "correct horse battery";
  private static final String SECRET = "Xylophagous";
  private static final String BUDGET = "{\"limit_cents\":100}";
  private static final String WEBHOOK =
      "{\"url\":\"https://%1$s.example.com\",\"secret\":\"%1$s of sixteen\"}".formatted(SECRET);

  private TestPostgres postgres;
  private RunningControlPlane running;
  private String person;
  private String personId;
  private String refreshToken;

  /**
   * What is sent, and how often it is heard of.
   *
   * @param path below the prefix
   * @param rows that it leaves
   */
  private record Attempt(String path, String token, String body, int rows) {}

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(
            directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText(), "MANTLE_SIGNUP", "on"));
    create("/tenants", "{\"id\":\"acme\",\"name\":\"Acme\"}");
    JsonNode session = create("/auth/signup", login("ann@example.com"));
    person = session.path("token").asText();
    personId = session.at("/user/id").asText();
    refreshToken = session.path("refresh_token").asText();
    create("/platform/admins", "{\"email\":\"ann@example.com\"}");
    create("/auth/signup", login("bob@example.com"));
    create("/platform/admins", "{\"email\":\"bob@example.com\"}");
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @TestFactory
  Stream<DynamicTest> operation_thatChangesSomething_leavesOneRowWithoutItsValues() {
    // What ends a session, a role or the tenant goes last.
    List<Operation> last =
        List.of(Operation.ADMIN_REVOKE, Operation.LOGOUT, Operation.TENANT_DELETE);
    return Stream.concat(
            Arrays.stream(Operation.values()).filter(operation -> !last.contains(operation)),
            last.stream())
        .map(operation -> DynamicTest.dynamicTest(operation.name(), () -> judge(operation)));
  }

  @Test
  void audit_isPagedAndFiltered_asJsonAndAsCsv_andTellsItsHead() throws Exception {
    create("/tenants", "{\"id\":\"paged\",\"name\":\"Paged\"}");
    for (int i = 0; i < 3; i++) {
      create("/tenants/paged/keys", "{\"name\":\"k\"}");
    }
    String audit = "/api/v1/tenants/paged/audit";

    HttpResponse<String> page =
        running.ask("GET", audit + "?limit=3", RunningControlPlane.TOKEN, "");
    JsonNode body = JSON.readTree(page.body());
    assertThat(body.path("data").findValuesAsText("seq")).containsExactly("4", "3", "2");
    assertThat(body.path("next").asText()).isEqualTo("2");
    assertThat(page.headers().firstValue("x-mantle-audit-head"))
        .hasValue("4:" + body.at("/data/0/hash").asText());
    assertThat(get(audit + "?after=2").findValuesAsText("action")).containsExactly("tenant.create");
    assertThat(get(audit + "?action=key.create&from=2020-01-01").path("data")).hasSize(3);
    assertThat(get(audit + "?to=2020-01-01").path("data")).isEmpty();
    for (String wrong : List.of("?action=KEY", "?from=yesterday", "?after=x")) {
      assertThat(running.ask("GET", audit + wrong, RunningControlPlane.TOKEN, "").statusCode())
          .isEqualTo(400);
    }

    HttpResponse<String> csv =
        running.ask(
            "GET",
            audit + "?limit=2&action=key.create",
            RunningControlPlane.TOKEN,
            "",
            "Accept",
            "text/csv");
    assertThat(csv.body().split("\r\n", -1))
        .hasSize(4)
        .startsWith("seq,at,actor,action,subject,detail,hash")
        .anyMatch(line -> line.startsWith("4,") && line.contains(",\"operator\",\"key.create\","));
    assertThat(csv.headers().firstValue("Link"))
        .hasValue("<" + audit + "?limit=2&action=key.create&after=3>; rel=\"next\"");
    assertThat(get("/api/v1/platform/audit?action=platform.grant").path("next").isNull()).isTrue();
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(running.ask("GET", path, RunningControlPlane.TOKEN, "").body());
  }

  private void judge(Operation operation) throws Exception {
    Optional<Attempt> asked = attempt(operation);
    if (asked.isEmpty()) {
      return;
    }
    Attempt attempt = asked.get();
    List<String> before = rows();
    HttpResponse<String> answer =
        running.ask(
            operation.verb().name(), Operation.PREFIX + attempt.path, attempt.token, attempt.body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    List<String> after = rows();
    assertThat(after)
        .as("audit rows of " + operation + ": Writes.record or AuditLog.add writes them")
        .hasSize(before.size() + attempt.rows);
    assertThat(after).noneMatch(row -> row.contains(SECRET) || row.contains(PASSWORD));
  }

  /** Empty for what only reads. */
  private Optional<Attempt> attempt(Operation operation) throws Exception {
    return switch (operation) {
      case TENANTS_LIST,
          TENANT_GET,
          MEMBERS_LIST,
          MEMBER_GET,
          TOKENS_LIST,
          KEYS_LIST,
          PROVIDERS_LIST,
          PROVIDER_GET,
          ROUTES_LIST,
          ROUTE_GET,
          PRIVACY_GET,
          AUDIT_LIST,
          PLATFORM_AUDIT_LIST,
          ADMINS_LIST,
          LIMITS_GET,
          BUDGET_GET,
          KEY_BUDGET_GET,
          BUDGET_ALERTS_LIST,
          BUDGET_WEBHOOK_GET,
          USAGE_GET,
          PLANS_LIST,
          PRICES_LIST,
          TENANT_PRICES_LIST,
          TENANT_PRICE_GET,
          BILLING_PREVIEW,
          PLAN_GET,
          KEY_ROTATIONS_LIST,
          KEY_ROTATION_GET,
          ENVOY_STATUS ->
          Optional.empty();
      // Nothing is stored of these.
      case PREVIEW -> silent("/privacy/preview", "{\"text\":\"" + SECRET + "\"}");
      case PROVIDER_TEST -> silent(provider("test") + "/test", "");
      case PROVIDER_COMPARE ->
          silent(
              provider("compared") + "/compare-credential",
              "{\"credential\":\"sk-" + SECRET + "\"}");
      // Sessions come and go; a refresh token used twice is in the audit (SignInIT).
      case LOGIN -> silent("/auth/login", login("bob@example.com"));
      case REFRESH -> {
        Attempt attempt =
            new Attempt("/auth/refresh", "", "{\"refresh_token\":\"" + refreshToken + "\"}", 0);
        yield Optional.of(attempt);
      }
      case LOGOUT -> silent("/auth/logout", "{\"refresh_token\":\"" + refreshToken + "\"}");
      case EXCHANGE_GET -> audited(recordedExchange(), "");
      // These need a vault: VaultIT of the gateway has them.
      case CONVERSATION_DELETE, CONVERSATIONS_DELETE, ERASURE_CREATE -> Optional.empty();
      case SIGNUP -> Optional.of(new Attempt("/auth/signup", "", login("carol@example.com"), 1));
      case PASSWORD_CHANGE ->
          Optional.of(
              new Attempt(
                  "/auth/password",
                  person,
                  "{\"current_password\":\"%s\",\"new_password\":\"%s 2\"}"
                      .formatted(PASSWORD, PASSWORD),
                  1));
      case ADMIN_GRANT -> audited("/platform/admins", "{\"email\":\"ann@example.com\"}");
      case ADMIN_REVOKE -> audited("/platform/admins/" + personId, "");
      case TOKEN_KEY_ROTATE -> audited("/platform/token-keys", "");
      case KEY_ROTATION_CREATE ->
          audited("/keys/rotations", "{\"kind\":\"tenant\",\"tenant\":\"acme\"}");
      case LIMITS_PUT ->
          audited("/tenants/acme/limits", "{\"limits\":{\"requests_per_minute\":5}}");
      case BUDGET_PUT -> audited("/tenants/acme/budget", BUDGET);
      case BUDGET_DELETE -> audited(put("/tenants/acme/budget", BUDGET), "");
      case KEY_BUDGET_PUT -> audited(keyBudget(), BUDGET);
      case KEY_BUDGET_DELETE -> audited(put(keyBudget(), BUDGET), "");
      case BUDGET_WEBHOOK_PUT -> audited("/tenants/acme/budget/webhook", WEBHOOK);
      case BUDGET_WEBHOOK_DELETE -> audited(put("/tenants/acme/budget/webhook", WEBHOOK), "");
      case PLAN_PUT -> audited("/plans/free", "{\"limits\":{\"requests_per_minute\":5}}");
      case PRICE_PUT -> audited("/prices", price());
      case TENANT_PRICE_CREATE -> audited("/tenants/acme/prices", price());
      case TENANT_PRICE_PUT -> audited(storedPrice("put"), price());
      case TENANT_PRICE_DELETE -> audited(storedPrice("deleted"), "");
      case TENANT_CREATE -> audited("/tenants", "{\"name\":\"" + SECRET + "\"}");
      case TENANT_PUT -> audited("/tenants/acme", "{\"name\":\"" + SECRET + "\"}");
      case TENANT_DELETE -> audited("/tenants/acme", "");
      case MEMBER_INVITE -> audited("/tenants/acme/members", invite());
      case MEMBER_PUT ->
          audited("/tenants/" + ownTenant() + "/members/" + joined(), "{\"role\":\"auditor\"}");
      case MEMBER_DELETE ->
          audited("/tenants/acme/members/" + id(create("/tenants/acme/members", invite())), "");
      case TOKEN_CREATE -> audited("/tenants/acme/tokens", token());
      case TOKEN_DELETE ->
          audited("/tenants/acme/tokens/" + id(create("/tenants/acme/tokens", token())), "");
      case KEY_CREATE -> audited("/tenants/acme/keys", "{\"name\":\"" + SECRET + "\"}");
      case KEY_DELETE ->
          audited("/tenants/acme/keys/" + id(create("/tenants/acme/keys", "{}")), "");
      case PROVIDER_CREATE -> audited("/tenants/acme/providers", providerOf("created"));
      case PROVIDER_PUT -> audited(provider("put"), providerOf("put-2"));
      case PROVIDER_DELETE -> audited(provider("deleted"), "");
      case PROVIDER_ROTATE ->
          audited(
              provider("rotated") + "/rotate-credentials",
              "{\"credential\":\"sk-" + SECRET + "-2\"}");
      case ROUTE_CREATE -> audited("/tenants/acme/routes", route("created-*"));
      case ROUTE_PUT -> audited(storedRoute("put-*"), route("put-2-*"));
      case ROUTE_DELETE -> audited(storedRoute("deleted-*"), "");
      case PRIVACY_PUT ->
          audited("/tenants/acme/privacy", "{\"allow\":[\"" + SECRET + " phrase\"]}");
    };
  }

  private static Optional<Attempt> audited(String path, String body) {
    return Optional.of(new Attempt(path, RunningControlPlane.TOKEN, body, 1));
  }

  private static Optional<Attempt> silent(String path, String body) {
    return Optional.of(new Attempt(path, RunningControlPlane.TOKEN, body, 0));
  }

  private List<String> rows() throws Exception {
    return postgres.query("SELECT audit::text FROM audit ORDER BY id");
  }

  private String ownTenant() throws Exception {
    return JSON.readTree(running.ask("GET", "/api/v1/tenants", person, "").body())
        .at("/data/0/id")
        .asText();
  }

  private String joined() throws Exception {
    String tenant = ownTenant();
    String email = UUID.randomUUID() + "@example.com";
    String invitation =
        create(
                "/tenants/" + tenant + "/members",
                "{\"email\":\"" + email + "\",\"role\":\"member\"}")
            .path("invitation")
            .asText();
    return create(
            "/auth/signup",
            "{\"email\":\"%s\",\"password\":\"%s\",\"invitation\":\"%s\"}"
                .formatted(email, PASSWORD, invitation))
        .at("/user/id")
        .asText();
  }

  private static String invite() {
    return "{\"email\":\"" + UUID.randomUUID() + "@example.com\",\"role\":\"member\"}";
  }

  private static String token() {
    return "{\"name\":\"" + SECRET + "\",\"role\":\"member\"}";
  }

  private static String providerOf(String name) {
    return "{\"name\":\"%s\",\"base_url\":\"http://127.0.0.1:9\",\"credential\":\"sk-%s\"}"
        .formatted(name, SECRET);
  }

  private static String price() {
    return "{\"model_pattern\":\"m\",\"valid_from\":\"2026-01-01\","
        + "\"input_usd_per_million\":\"1\",\"output_usd_per_million\":\"2\"}";
  }

  /** Of a tenant that has no other. */
  private String storedPrice(String tenant) throws Exception {
    create("/tenants", "{\"id\":\"%1$s\",\"name\":\"T\"}".formatted(tenant));
    String prices = "/tenants/" + tenant + "/prices";
    return prices + "/" + id(create(prices, price()));
  }

  private String provider(String name) throws Exception {
    return "/tenants/acme/providers/" + id(create("/tenants/acme/providers", providerOf(name)));
  }

  private String route(String pattern) throws Exception {
    return "{\"model_pattern\":\"%s\",\"providers\":[\"%s\"]}"
        .formatted(pattern, id(create("/tenants/acme/providers", providerOf("of-" + pattern))));
  }

  private String storedRoute(String pattern) throws Exception {
    return "/tenants/acme/routes/" + id(create("/tenants/acme/routes", route(pattern)));
  }

  /** As a sidecar hands it on. */
  private String recordedExchange() throws Exception {
    put("/tenants/acme/privacy", "{\"record_exchanges_hours\":1}");
    ManagedChannel channel = running.sidecarChannel();
    try {
      var _ =
          ExchangeRecordServiceGrpc.newBlockingStub(channel)
              .storeExchanges(
                  StoreExchangesRequest.newBuilder()
                      .addExchanges(
                          RecordedExchange.newBuilder()
                              .setTenantId("acme")
                              .setRequestId("r-1")
                              .setStartedAtEpochMillis(System.currentTimeMillis())
                              .setBody(ByteString.copyFromUtf8(SECRET))
                              .setBodyBytes(SECRET.length()))
                      .build());
    } finally {
      channel.shutdownNow();
    }
    return "/tenants/acme/exchanges/r-1";
  }

  private String keyBudget() throws Exception {
    return "/tenants/acme/keys/" + id(create("/tenants/acme/keys", "{}")) + "/budget";
  }

  private String put(String path, String body) throws Exception {
    HttpResponse<String> answer =
        running.ask("PUT", Operation.PREFIX + path, RunningControlPlane.TOKEN, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return path;
  }

  private static String id(JsonNode created) {
    return created.path("id").asText();
  }

  private static String login(String email) {
    return "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, PASSWORD);
  }

  private JsonNode create(String path, String body) throws Exception {
    String token = path.startsWith("/auth/") ? "" : RunningControlPlane.TOKEN;
    HttpResponse<String> answer = running.ask("POST", Operation.PREFIX + path, token, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body());
  }
}
