package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A tenant that asks for it can read what its provider was sent, through the whole gateway. */
@ExtendWith(SharedStack.class)
final class ExchangeRecordIT {
  private static final Duration RECORDED_MAX = Duration.ofSeconds(10);
  private static final String TENANT = "recorded";
  private static final String OTHER = "unrecorded";
  private static final String NAME = "Maria Garcia";
  private static final String MAIL = "maria.garcia@acme-mail.com";
  private static final String REQUEST =
      Chat.saying("Please greet " + NAME + " from me, and write to " + MAIL + " as well.");

  private final GatewayStack gateway;

  ExchangeRecordIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @AfterEach
  void removeTenants() throws Exception {
    for (String tenant : new String[] {TENANT, OTHER}) {
      TestDatabase.update(gateway.database(), "DELETE FROM tenant WHERE id = ?", tenant);
    }
  }

  @Test
  void record_showsWhatTheProviderSaw_toItsTenantAlone_whileThePolicyAsksForIt() throws Exception {
    String key = TestTenant.create(gateway, TENANT, gateway.provider().baseUrl().toString());
    String other = TestTenant.create(gateway, OTHER, gateway.provider().baseUrl().toString());
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("fine")));
    privacy("{\"record_exchanges_hours\":1}");
    String unrecorded = sent(other);
    Until.holds(RECORDED_MAX, "a record", () -> recordedAt(TENANT, sent(key)).statusCode() == 200);

    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("fine")));
    String id = sent(key);
    String seen = gateway.provider().next().body();
    Until.holds(RECORDED_MAX, "the record", () -> recordedAt(TENANT, id).statusCode() == 200);

    JsonNode record = Chat.JSON.readTree(recordedAt(TENANT, id).body());
    assertThat(record.path("body").asText())
        .isEqualTo(seen)
        .contains("Please greet ")
        .doesNotContain(NAME, MAIL);
    assertThat(record.path("request_id").asText()).isEqualTo(id);
    assertThat(record.path("provider").asText()).isEqualTo("p");
    assertThat(record.path("endpoint").asText()).isEqualTo("/v1/chat/completions");
    assertThat(record.path("body_bytes").asInt())
        .isEqualTo(seen.getBytes(StandardCharsets.UTF_8).length);
    assertThat(record.path("truncated").asBoolean()).isFalse();
    assertThat(
            gateway.admin("GET", "/api/v1/tenants/recorded/audit?action=exchange.read", "").body())
        .contains(id);
    assertThat(recordedAt(OTHER, id).statusCode()).isEqualTo(404);
    assertThat(recordedAt(OTHER, unrecorded).statusCode()).isEqualTo(404);

    privacy("{}");
    assertThat(recordedAt(TENANT, id).statusCode()).isEqualTo(404);
  }

  /** The id of a request that was answered. */
  private String sent(String key) throws Exception {
    RawClient.Answer answer = gateway.chatAs(key, REQUEST);
    assertThat(answer.status()).isEqualTo(200);
    return answer.header("x-request-id");
  }

  private HttpResponse<String> recordedAt(String tenant, String id) throws Exception {
    return gateway.admin("GET", "/api/v1/tenants/" + tenant + "/exchanges/" + id, "");
  }

  private void privacy(String policy) throws Exception {
    HttpResponse<String> answer =
        gateway.admin("PUT", "/api/v1/tenants/" + TENANT + "/privacy", policy);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
