package io.mantle.extproc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.extproc.scripted.Gateway;
import io.mantle.extproc.scripted.Tenants;
import io.mantle.extproc.stream.ScriptedEnvoy.Stream;
import io.mantle.extproc.tenant.TenantPolicy;
import io.mantle.extproc.value.SentRequest;
import io.mantle.privacy.detect.DetectionPolicy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Only where a tenant asks for it, and what is found is masked, is a request handed on. */
class RecordedExchangeTest {
  private static final String CANARY = "canary@corp.example";
  private static final String REQUEST =
      "{\"model\":\"m-1\",\"messages\":[{\"role\":\"user\",\"content\":\"Mail " + CANARY + "\"}]}";

  @Test
  void request_isHandedOnAsTheProviderSeesIt_ofTenantsAloneThatAskForIt() throws Exception {
    try (ScriptedEnvoy envoy =
        ScriptedEnvoy.start(
            Gateway.engine(),
            1 << 20,
            Tenants.recording(tenant("recording")),
            tenant("silent"),
            Tenants.recording(
                Tenants.detecting(tenant("detecting"), DetectionPolicy.STANDARD, true)))) {
      String departed = "";
      for (String tenant : List.of("silent", "detecting", "recording")) {
        Stream stream = envoy.open().requestHeaders("x-api-key", "sk-mantle-" + tenant);
        stream.next();
        stream.requestBody(REQUEST);
        departed =
            stream.next().getRequestBody().getResponse().getBodyMutation().getBody().toStringUtf8();
      }
      assertThat(envoy.recorded).hasSize(1);
      SentRequest sent = envoy.recorded.getFirst();
      assertThat(sent.tenantId()).isEqualTo("recording");
      assertThat(sent.requestId()).isNotEmpty();
      assertThat(sent.endpoint()).isEqualTo("/v1/chat/completions");
      assertThat(sent.asked().model()).isEqualTo("m-1");
      assertThat(new String(sent.body(), StandardCharsets.UTF_8))
          .isEqualTo(departed)
          .contains("Mail ")
          .doesNotContain(CANARY);
    }
  }

  private static TenantPolicy tenant(String id) {
    return Tenants.tenant(id, id.length(), Tenants.defaultPrivacy(), "sk-mantle-" + id);
  }
}
