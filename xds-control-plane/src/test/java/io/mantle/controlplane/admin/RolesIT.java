package io.mantle.controlplane.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mantle.controlplane.RunningControlPlane;
import io.mantle.controlplane.TestPostgres;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who may do what, as a matrix of callers, resources and verbs written out here a second time, and
 * asked of a running server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RolesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ID = UUID.randomUUID().toString();

  /** Who asks, about the tenant acme. */
  private enum Who {
    OPERATOR,
    OWNER,
    MEMBER,
    AUDITOR,
    OWNING_MACHINE,
    MEMBER_MACHINE,
    AUDITOR_MACHINE,
    /** An owner of another tenant. */
    STRANGER,
    STRANGE_MACHINE,
    NOBODY
  }

  private static final Set<Who> INSIDERS =
      EnumSet.complementOf(EnumSet.of(Who.STRANGER, Who.STRANGE_MACHINE, Who.NOBODY));
  private static final Set<Who> WRITERS =
      EnumSet.of(Who.OPERATOR, Who.OWNER, Who.MEMBER, Who.OWNING_MACHINE, Who.MEMBER_MACHINE);
  private static final Set<Who> OWNERS = EnumSet.of(Who.OPERATOR, Who.OWNER, Who.OWNING_MACHINE);
  private static final Set<Who> OWNING_PEOPLE = EnumSet.of(Who.OPERATOR, Who.OWNER);
  private static final Set<Who> OVERSEERS =
      EnumSet.of(Who.OPERATOR, Who.OWNER, Who.AUDITOR, Who.OWNING_MACHINE, Who.AUDITOR_MACHINE);
  private static final Set<Who> SIGNED_IN = EnumSet.complementOf(EnumSet.of(Who.NOBODY));
  private static final Set<Who> ACCOUNTS =
      EnumSet.of(Who.OWNER, Who.MEMBER, Who.AUDITOR, Who.STRANGER);
  private static final Set<Who> EVERYBODY = EnumSet.allOf(Who.class);

  private final Map<Who, String> tokens = new EnumMap<>(Who.class);
  private RunningControlPlane running;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    TestPostgres postgres = TestPostgres.create();
    running =
        RunningControlPlane.start(directory, Map.of("MANTLE_DATABASE_URL", postgres.urlText()));
    for (String tenant : new String[] {"acme", "other"}) {
      post("/tenants", "{\"id\":\"" + tenant + "\",\"name\":\"T\"}");
    }
    tokens.put(Who.OPERATOR, RunningControlPlane.TOKEN);
    tokens.put(Who.OWNER, person("acme", "owner"));
    tokens.put(Who.MEMBER, person("acme", "member"));
    tokens.put(Who.AUDITOR, person("acme", "auditor"));
    tokens.put(Who.STRANGER, person("other", "owner"));
    tokens.put(Who.OWNING_MACHINE, machine("acme", "owner"));
    tokens.put(Who.MEMBER_MACHINE, machine("acme", "member"));
    tokens.put(Who.AUDITOR_MACHINE, machine("acme", "auditor"));
    tokens.put(Who.STRANGE_MACHINE, machine("other", "owner"));
    tokens.put(Who.NOBODY, "");
  }

  @AfterAll
  void stop() {
    running.close();
  }

  private static Set<Who> allowed(Operation operation) {
    return switch (operation) {
      case SIGNUP, LOGIN, REFRESH, LOGOUT -> EVERYBODY;
      case PASSWORD_CHANGE -> ACCOUNTS;
      case TENANTS_LIST, PREVIEW, PLANS_LIST, PLAN_GET, PRICES_LIST -> SIGNED_IN;
      case TENANT_CREATE,
          PLAN_PUT,
          PRICE_PUT,
          ENVOY_STATUS,
          KEY_ROTATIONS_LIST,
          KEY_ROTATION_CREATE,
          KEY_ROTATION_GET,
          ADMINS_LIST,
          PLATFORM_AUDIT_LIST,
          ADMIN_GRANT,
          ADMIN_REVOKE,
          TOKEN_KEY_ROTATE ->
          EnumSet.of(Who.OPERATOR);
      case TENANT_GET,
          MEMBERS_LIST,
          MEMBER_GET,
          KEYS_LIST,
          PROVIDERS_LIST,
          PROVIDER_GET,
          ROUTES_LIST,
          ROUTE_GET,
          LIMITS_GET,
          BUDGET_GET,
          KEY_BUDGET_GET,
          BUDGET_ALERTS_LIST,
          USAGE_GET,
          TENANT_PRICES_LIST,
          TENANT_PRICE_GET,
          BILLING_PREVIEW,
          PRIVACY_GET ->
          INSIDERS;
      case KEY_CREATE,
          KEY_DELETE,
          PROVIDER_CREATE,
          PROVIDER_PUT,
          PROVIDER_DELETE,
          PROVIDER_TEST,
          PROVIDER_ROTATE,
          PROVIDER_COMPARE,
          ROUTE_CREATE,
          ROUTE_PUT,
          ROUTE_DELETE ->
          WRITERS;
      case TENANT_PUT,
          PRIVACY_PUT,
          LIMITS_PUT,
          TENANT_PRICE_CREATE,
          TENANT_PRICE_PUT,
          TENANT_PRICE_DELETE,
          BUDGET_PUT,
          BUDGET_DELETE,
          KEY_BUDGET_PUT,
          KEY_BUDGET_DELETE,
          BUDGET_WEBHOOK_GET,
          BUDGET_WEBHOOK_PUT,
          BUDGET_WEBHOOK_DELETE,
          CONVERSATIONS_DELETE,
          CONVERSATION_DELETE,
          ERASURE_CREATE ->
          OWNERS;
      case TENANT_DELETE, MEMBER_INVITE, MEMBER_PUT, MEMBER_DELETE, TOKEN_CREATE, TOKEN_DELETE ->
          OWNING_PEOPLE;
      case TOKENS_LIST, AUDIT_LIST, EXCHANGE_GET -> OVERSEERS;
    };
  }

  @TestFactory
  Stream<DynamicTest> operation_byEveryCaller_isAllowedOrNot() {
    // What deletes the tenant goes last, and only its refusals are tried.
    return Arrays.stream(Operation.values())
        .flatMap(
            operation ->
                Arrays.stream(Who.values())
                    .filter(
                        who ->
                            operation != Operation.TENANT_DELETE
                                || !allowed(operation).contains(who))
                    .map(
                        who ->
                            DynamicTest.dynamicTest(
                                operation + " by " + who, () -> judge(operation, who))));
  }

  private void judge(Operation operation, Who who) throws Exception {
    String path =
        operation
            .route()
            .replace("{tenant}", "acme")
            .replace("{id}", ID)
            .replace("{request_id}", "r")
            .replace("{conversation}", "c");
    // An array is no body of any operation, so that what is allowed changes nothing.
    String body =
        operation.verb() == Operation.Verb.POST || operation.verb() == Operation.Verb.PUT
            ? "[]"
            : "";
    HttpResponse<String> answer = running.ask(operation.verb().name(), path, token(who), body);

    String reason = answer.statusCode() + " " + answer.body();
    if (allowed(operation).contains(who)) {
      assertThat(answer.statusCode()).as(reason).isNotIn(401, 403, 405, 500, 501);
      assertThat(answer.body()).doesNotContain("no such tenant");
    } else if (who == Who.NOBODY) {
      assertThat(answer.statusCode()).as(reason).isEqualTo(401);
    } else if (operation.isOfTenant() && (who == Who.STRANGER || who == Who.STRANGE_MACHINE)) {
      assertThat(answer.statusCode()).as(reason).isEqualTo(404);
      assertThat(answer.body())
          .isEqualTo(
              running
                  .ask(operation.verb().name(), path.replace("acme", "nowhere"), token(who), body)
                  .body());
    } else {
      assertThat(answer.statusCode()).as(reason).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(?!PLANS|KEY_ROTATIONS).*_LIST")
  void list_afterWhatNextNeverSaid_isRefused(Operation list) throws Exception {
    for (String after : new String[] {"Garbage", "a%00", "", "gpt-4%20openai"}) {
      HttpResponse<String> answer =
          running.ask(
              "GET",
              list.route().replace("{tenant}", "acme") + "?after=" + after,
              RunningControlPlane.TOKEN,
              "");
      assertThat(answer.statusCode()).as(after + ": " + answer.body()).isEqualTo(400);
      assertThat(JSON.readTree(answer.body()).path("field").asText()).isEqualTo("after");
    }
  }

  /** What is kept of a tenant that was deleted is for platform admins, who name any tenant. */
  @Test
  void tenant_thatNeverWas_isNotFound_andOfADeletedOneUsageAndAuditAreLeft() throws Exception {
    post("/tenants", "{\"id\":\"gone\",\"name\":\"T\"}");
    assertThat(asOperator(Operation.TENANT_DELETE, "gone").statusCode()).isEqualTo(204);
    for (Operation operation : Operation.values()) {
      if (!operation.isOfTenant() || deletesFromVaults(operation)) {
        continue;
      }
      HttpResponse<String> never = asOperator(operation, "nowhere");
      assertThat(never.statusCode()).as(operation + ": " + never.body()).isEqualTo(404);
      if (operation.verb() == Operation.Verb.GET) {
        assertThat(never.body()).contains("There is no such tenant.");
      }
      boolean isLeft = operation == Operation.USAGE_GET || operation == Operation.AUDIT_LIST;
      assertThat(asOperator(operation, "gone").statusCode())
          .as(operation.toString())
          .isEqualTo(isLeft ? 200 : 404);
    }
  }

  /** What vaults keep may be of a tenant that nobody remembers. */
  private static boolean deletesFromVaults(Operation operation) {
    return operation.path().contains("/conversations") || operation == Operation.ERASURE_CREATE;
  }

  private HttpResponse<String> asOperator(Operation operation, String tenant) throws Exception {
    boolean hasBody =
        operation.verb() == Operation.Verb.POST || operation.verb() == Operation.Verb.PUT;
    return running.ask(
        operation.verb().name(),
        operation
            .route()
            .replace("{tenant}", tenant)
            .replace("{id}", ID)
            .replace("{request_id}", "r")
            .replace("{conversation}", "c"),
        RunningControlPlane.TOKEN,
        hasBody ? "{}" : "");
  }

  @Test
  void path_notInTheTable_isRefusedEvenToTheOperator() throws Exception {
    assertThat(
            running
                .ask("GET", "/api/v1/tenants/acme/exchanges", RunningControlPlane.TOKEN, "")
                .statusCode())
        .isEqualTo(501);
    assertThat(
            running
                .ask("PATCH", "/api/v1/tenants/acme/keys", RunningControlPlane.TOKEN, "{}")
                .statusCode())
        .isEqualTo(405);
    for (String path :
        new String[] {
          "/api/v1/tenants/acme/keys/", "/api/v1//tenants/acme/keys", "/api/v1/tenants/%61cme/keys"
        }) {
      assertThat(running.ask("GET", path, token(Who.STRANGER), "").statusCode())
          .as(path)
          .isIn(400, 404, 501);
    }
  }

  @Test
  void role_takenAway_holdsAtOnce() throws Exception {
    String token = person("acme", "member");
    JsonNode members = get("/tenants/acme/members?limit=200");
    String id = "";
    for (JsonNode member : members.path("data")) {
      if (member.path("role").asText().equals("member")) {
        id = member.path("id").asText(); // any of the members of this role
        if (isOf(token, id)) {
          break;
        }
      }
    }
    assertThat(running.ask("GET", "/api/v1/tenants/acme", token, "").statusCode()).isEqualTo(200);
    running.ask("DELETE", "/api/v1/tenants/acme/members/" + id, RunningControlPlane.TOKEN, "");
    assertThat(running.ask("GET", "/api/v1/tenants/acme", token, "").statusCode()).isEqualTo(404);
  }

  private static boolean isOf(String token, String accountId) {
    String claims = token.split("\\.", -1)[1];
    return new String(
            java.util.Base64.getUrlDecoder().decode(claims),
            java.nio.charset.StandardCharsets.UTF_8)
        .contains(accountId);
  }

  private String token(Who who) {
    return tokens.getOrDefault(who, "");
  }

  private String person(String tenant, String role) throws Exception {
    String email = UUID.randomUUID() + "@example.com";
    Map<String, String> login = new LinkedHashMap<>();
    login.put("email", email);
    login.put("password", "correct horse battery");
    login.put(
        "invitation",
        post(
                "/tenants/" + tenant + "/members",
                "{\"email\":\"%s\",\"role\":\"%s\"}".formatted(email, role))
            .path("invitation")
            .asText());
    HttpResponse<String> joined =
        running.ask("POST", "/api/v1/auth/signup", "", JSON.writeValueAsString(login));
    assertThat(joined.statusCode()).as(joined.body()).isEqualTo(201);
    return JSON.readTree(joined.body()).path("token").asText();
  }

  private String machine(String tenant, String role) throws Exception {
    return post(
            "/tenants/" + tenant + "/tokens", "{\"name\":\"ci\",\"role\":\"%s\"}".formatted(role))
        .path("token")
        .asText();
  }

  private JsonNode post(String path, String body) throws Exception {
    HttpResponse<String> answer =
        running.ask("POST", "/api/v1" + path, RunningControlPlane.TOKEN, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return JSON.readTree(answer.body());
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(
        running.ask("GET", "/api/v1" + path, RunningControlPlane.TOKEN, "").body());
  }
}
