package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is true of a tenant changes while a request of it is on its way. */
@ExtendWith(SharedStack.class)
final class HandoverIT {
  private static final String NEW_CREDENTIAL = "sk-upstream-of-the-new-place";

  private final GatewayStack gateway;

  HandoverIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @Test
  void request_admittedBefore_goesWhereItsCredentialBelongs() throws Exception {
    try (ScriptedProvider old = ScriptedProvider.start();
        ScriptedProvider next = ScriptedProvider.start();
        RawClient client = RawClient.connect(gateway.port())) {
      old.answers((_, wire) -> wire.json(200, Chat.answer("old")));
      next.answers((_, wire) -> wire.json(200, Chat.answer("new")));
      ChainTenant tenant = ChainTenant.of(gateway, old.baseUrl().toString()).routed();
      byte[] request =
          RawClient.request(
              "POST",
              "/v1/chat/completions",
              tenant.key(),
              Chat.saying("hello").getBytes(StandardCharsets.UTF_8));
      client.write(Arrays.copyOf(request, request.length - 5));

      tenant.move(0, next.baseUrl().toString(), NEW_CREDENTIAL);
      Until.holds(
          Duration.ofSeconds(5),
          "the move is in force",
          () -> Chat.content(tenant.chat(Chat.saying("hello")).body()).equals("new"));
      client.write(Arrays.copyOfRange(request, request.length - 5, request.length));

      assertThat(Chat.content(client.answer().body())).isEqualTo("old");
      assertThat(old.everyByte())
          .contains(ChainTenant.credential(0))
          .doesNotContain(NEW_CREDENTIAL);
      assertThat(next.everyByte())
          .contains(NEW_CREDENTIAL)
          .doesNotContain(ChainTenant.credential(0));
    }
  }

  @Test
  void request_admittedBeforeThePolicyWasTightened_isJudgedByTheOneItWasAdmittedWith()
      throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.start();
        RawClient client = RawClient.connect(gateway.port())) {
      provider.answers((_, wire) -> wire.json(200, Chat.answer("hi")));
      ChainTenant tenant = ChainTenant.of(gateway, provider.baseUrl().toString()).routed();
      String prompt = Chat.saying("My name is " + Canary.NAME + ".");
      byte[] request =
          RawClient.request(
              "POST",
              "/v1/chat/completions",
              tenant.key(),
              prompt.getBytes(StandardCharsets.UTF_8));
      client.write(Arrays.copyOf(request, request.length - 5));
      Until.holds(Duration.ofSeconds(5), "the request is with ext_proc", this::oneIsInFlight);

      tenant.privacy("{\"actions\": {\"PERSON\": \"block\"}}");
      Until.holds(
          Duration.ofSeconds(5),
          "the tightened policy is in force",
          () -> tenant.chat(prompt).status() == 403);
      provider.answers((_, wire) -> wire.json(200, Chat.answer("admitted before")));
      assertThat(tenant.chat(prompt).status()).isEqualTo(403);
      assertThat(provider.everyByte()).as("what was blocked").isEmpty();
      client.write(Arrays.copyOfRange(request, request.length - 5, request.length));

      assertThat(Chat.content(client.answer().body())).isEqualTo("admitted before");
      assertThat(provider.everyByte())
          .as("masked, as the policy said that it was admitted with")
          .contains("My name is ")
          .doesNotContain(Canary.NAME);
    }
  }

  private boolean oneIsInFlight() throws Exception {
    return gateway
        .envoyAdmin("/stats?filter=cluster.ext_proc.upstream_rq_active")
        .contains("upstream_rq_active: 1");
  }
}
