package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** A row changed by SQL is in force within a second, with no restart. */
@ExtendWith(SharedStack.class)
final class PushIT {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(1);
  private static final String OUTDATED = "mantle_policy_tenants_outdated 1.0";
  private static final String PROMPT = "My name is " + Canary.NAME + ".";

  private final GatewayStack gateway;
  private String tenant = "";
  private String key = "";

  PushIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @BeforeEach
  void makeTenant(TestInfo test) throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    tenant =
        "push-"
            + Integer.toHexString(test.getDisplayName().hashCode()).replaceAll("[^a-z0-9-]", "");
    key = TestTenant.create(gateway, tenant, gateway.provider().baseUrl().toString());
    Until.holds(Duration.ofSeconds(5), "the tenant's routes", () -> status() == 200);
  }

  @AfterEach
  void removeTenant() throws Exception {
    sql("DELETE FROM tenant WHERE id = ?", tenant);
  }

  @Test
  void key_revoked_isRefused() throws Exception {
    sql("UPDATE proxy_key SET revoked_at = now() WHERE tenant_id = ?", tenant);

    inForce("key revoked", () -> status() == 401);
  }

  @Test
  void key_added_works() throws Exception {
    String added = TestTenant.newKey("added");
    TestTenant.insertKey(gateway, tenant, added);

    inForce("key added", () -> gateway.chatAs(added, Chat.saying("hi")).status() == 200);
  }

  @Test
  void baseUrl_changed_isWhereRequestsGoAndNoneFailsMeanwhile() throws Exception {
    try (ScriptedProvider other = ScriptedProvider.start()) {
      other.answers((_, wire) -> wire.json(200, Chat.answer("from the other")));
      sql(
          "UPDATE provider SET base_url = ? WHERE tenant_id = ?",
          other.baseUrl().toString(),
          tenant);

      inForce(
          "base URL changed",
          () -> {
            RawClient.Answer answer = gateway.chatAs(key, Chat.saying("hi"));
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return answer.body().contains("from the other");
          });
      assertThat(other.next().head()).startsWith("POST /v1/chat/completions ");
    }
  }

  @Test
  void basePath_changed_isWhereRequestsGo() throws Exception {
    String url = "http://127.0.0.1:" + gateway.provider().port() + "/openai/v9";
    sql("UPDATE provider SET base_url = ? WHERE tenant_id = ?", url, tenant);

    inForce(
        "base path changed",
        () -> {
          assertThat(status()).isEqualTo(200);
          return gateway.provider().next().head().startsWith("POST /openai/v9/chat/completions ");
        });
  }

  @Test
  void routePattern_changed_decidesWhichModelsThereAre() throws Exception {
    sql("UPDATE route SET model_pattern = 'llama-*' WHERE tenant_id = ?", tenant);

    inForce("route pattern changed", () -> status() == 404);
    assertThat(gateway.chatAs(key, Chat.request("hi").put("model", "llama-3").toString()).status())
        .isEqualTo(200);
  }

  @Test
  void privacyAction_changed_decidesWhatLeaves() throws Exception {
    assertThat(leaves()).isFalse();

    sql(
        "INSERT INTO privacy_policy (tenant_id, actions) VALUES (?, '{\"PERSON\":\"allow\"}')",
        tenant);
    inForce("PERSON allowed", this::leaves);

    sql("UPDATE privacy_policy SET actions = '{\"PERSON\":\"block\"}' WHERE tenant_id = ?", tenant);
    inForce("PERSON blocked", () -> status() == 403);
    RawClient.Answer blocked = gateway.chatAs(key, Chat.saying(PROMPT));
    assertThat(Chat.isError(blocked.body())).isTrue();
    assertThat(blocked.body())
        .contains("entity_blocked", "PERSON", "messages[0].content")
        .doesNotContain("Garcia");

    sql("DELETE FROM privacy_policy WHERE tenant_id = ?", tenant);
    inForce("PERSON substituted again", () -> status() == 200);
    assertThat(leaves()).isFalse();
  }

  @Test
  void tenant_deleted_isUnknown() throws Exception {
    sql("DELETE FROM tenant WHERE id = ?", tenant);

    inForce("tenant deleted", () -> status() == 401);
  }

  @Test
  void tenant_madeByPlainSql_works() throws Exception {
    String made =
        TestTenant.insert(gateway, tenant + "-new", gateway.provider().baseUrl().toString());

    inForce("tenant made", () -> gateway.chatAs(made, Chat.saying("hi")).status() == 200);
    sql("DELETE FROM tenant WHERE id = ?", tenant + "-new");
  }

  @Test
  void tenant_whoseRowsMakeNoSense_keepsWhatItHadAndBlocksNobody() throws Exception {
    sql("UPDATE provider SET base_url = 'ftp://nowhere' WHERE tenant_id = ?", tenant);
    String added = TestTenant.newKey("after-nonsense");
    TestTenant.insertKey(gateway, "demo", added);

    inForce("another tenant's key", () -> gateway.chatAs(added, Chat.saying("hi")).status() == 200);
    assertThat(status()).isEqualTo(200);
  }

  @Test
  void policy_thatTheSidecarCannotUse_stillRevokesKeys_andShows() throws Exception {
    String other = TestTenant.newKey("other-of-" + tenant);
    TestTenant.insertKey(gateway, tenant, other);
    inForce("key added", () -> gateway.chatAs(other, Chat.saying("hi")).status() == 200);

    sql("INSERT INTO privacy_policy (tenant_id, actions, deep) VALUES (?, '{}', true)", tenant);
    Until.holds(
        Duration.ofSeconds(5), "refused", () -> gateway.extProcMetrics().contains(OUTDATED));
    String envoys = gateway.admin("GET", "/api/v1/envoy/status", "").body();
    assertThat(envoys).contains("\"refused\":{\"policy\":[\"" + tenant + "\"]}");
    assertThat(status()).as("what it had stays").isEqualTo(200);

    sql("UPDATE proxy_key SET revoked_at = now() WHERE sha256 = ?", TestTenant.sha256(other));
    inForce("key revoked", () -> gateway.chatAs(other, Chat.saying("hi")).status() == 401);
    assertThat(status()).isEqualTo(200);

    sql("DELETE FROM privacy_policy WHERE tenant_id = ?", tenant);
    Until.holds(
        Duration.ofSeconds(5), "taken again", () -> !gateway.extProcMetrics().contains(OUTDATED));
  }

  /** Whether the name reaches the provider as it is. */
  private boolean leaves() throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
    assertThat(status()).isEqualTo(200);
    return gateway.provider().everyByte().contains(Canary.NAME);
  }

  private int status() throws Exception {
    return gateway.chatAs(key, Chat.saying(PROMPT)).status();
  }

  private void sql(String statement, Object... values) throws Exception {
    TestDatabase.update(gateway.database(), statement, values);
  }

  private static void inForce(String what, Callable<Boolean> check) throws Exception {
    Duration took = Until.holds(IN_FORCE_MAX, what, check);
    System.out.printf("%s: in force after %d ms%n", what, took.toMillis());
  }
}
