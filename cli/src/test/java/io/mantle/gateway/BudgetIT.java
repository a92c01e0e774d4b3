package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A budget through the whole gateway, for a tenant whose tokens cost a cent each. */
@ExtendWith(SharedStack.class)
final class BudgetIT {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(5);
  private static final String TENANT = "budgeted";
  private static final String BUDGET = "/api/v1/tenants/budgeted/budget";
  private static final String REQUEST = Chat.saying("hello");

  private final GatewayStack gateway;

  BudgetIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @AfterEach
  void removeTenant() throws Exception {
    TestDatabase.update(gateway.database(), "DELETE FROM tenant WHERE id = ?", TENANT);
  }

  @Test
  void request_onceTheBudgetIsSpent_gets429InTheCallersDialect_untilTheBudgetIsRaised()
      throws Exception {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi"))); // 18 tokens
    String key = TestTenant.create(gateway, TENANT, gateway.provider().baseUrl().toString());
    ok(
        201,
        gateway.admin(
            "POST",
            "/api/v1/tenants/budgeted/prices",
            "{\"model_pattern\":\"gpt-test\",\"valid_from\":\"2020-01-01\","
                + "\"input_usd_per_million\":\"10000\",\"output_usd_per_million\":\"10000\"}"));
    put("{\"limit_cents\":40,\"action\":\"stop\"}");
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.chatAs(key, REQUEST).status()).isEqualTo(200);
    }
    Until.holds(
        IN_FORCE_MAX, "the budget is spent", () -> gateway.chatAs(key, REQUEST).status() == 429);

    RawClient.Answer refused = gateway.chatAs(key, REQUEST);
    JsonNode error = Chat.JSON.readTree(refused.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo("insufficient_quota");
    assertThat(error.path("code").asText()).isEqualTo("insufficient_quota");
    assertThat(refused.header("x-should-retry")).isEqualTo("false");
    assertThat(Long.parseLong(refused.header("retry-after"))).isBetween(1L, 31L * 86_400);
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(
          RawClient.request(
              "POST",
              "/v1/messages",
              key,
              "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[]}".getBytes(StandardCharsets.UTF_8),
              "anthropic-version: 2023-06-01"));
      RawClient.Answer anthropic = client.answer();
      assertThat(anthropic.status()).isEqualTo(429);
      assertThat(Chat.JSON.readTree(anthropic.body()).at("/error/type").asText())
          .isEqualTo("rate_limit_error");
    }
    assertThat(TestTenant.models(gateway, key)).as("what costs nothing").isEqualTo(200);
    assertThat(gateway.extProcMetrics())
        .contains("mantle_refusals_total{code=\"insufficient_quota\"}")
        .doesNotContainPattern("(?m)^# HELP \\S+\\s*$");
    Until.holds(
        IN_FORCE_MAX,
        "refusals are in the books",
        () ->
            TestDatabase.query(
                    gateway.database(),
                    "SELECT DISTINCT outcome, attempts FROM usage"
                        + " WHERE tenant_id = 'budgeted' AND status = 429")
                .toString()
                .equals("[REFUSED|0]"));

    put("{\"limit_cents\":100000,\"action\":\"stop\"}");
    Until.holds(
        IN_FORCE_MAX, "the raised budget", () -> gateway.chatAs(key, REQUEST).status() == 200);
  }

  private void put(String body) throws Exception {
    ok(200, gateway.admin("PUT", BUDGET, body));
  }

  private static void ok(int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }
}
