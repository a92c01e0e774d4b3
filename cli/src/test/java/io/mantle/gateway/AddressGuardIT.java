package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where a provider's public-looking name leads to this machine, as a rebinding one does. */
@ExtendWith(SharedStack.class)
final class AddressGuardIT {
  @SuppressWarnings("NullAway.Init") // beforeAll
  private static ScriptedDns dns;

  @SuppressWarnings("NullAway.Init") // beforeAll
  private static GatewayStack gateway;

  @BeforeAll
  static void start(TestDatabase database) throws Exception {
    dns = ScriptedDns.start();
    gateway = GatewayStack.startWithDns(database, dns);
  }

  @AfterAll
  static void stop() throws Exception {
    try (ScriptedDns _ = dns;
        GatewayStack _ = gateway) {}
  }

  @BeforeEach
  void answer() {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
  }

  @Test
  void name_thatLeadsToThisMachine_isNotCalledAndTheClientIsTold() throws Exception {
    ChainTenant tenant = ChainTenant.of(gateway, url("rebind.example.com")).routed();

    RawClient.Answer answer = tenant.chat(Chat.saying("hello"));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(Chat.isError(answer.body())).isTrue();
    assertThat(answer.body()).contains("provider_address_refused").doesNotContain("127.0.0.1");
    assertThat(gateway.provider().everyByte()).isEmpty();
    assertThat(gateway.everythingSaid()).contains("audit: provider_address_refused tenant=");
  }

  @Test
  void name_thatAPlatformAdminAllows_isCalled() throws Exception {
    ChainTenant tenant = ChainTenant.allowingPrivate(gateway, url("llm.corp.example.com")).routed();

    assertThat(tenant.chat(Chat.saying("hello")).status()).isEqualTo(200);
    assertThat(gateway.provider().next().header("host"))
        .isEqualTo("llm.corp.example.com:" + gateway.provider().port());
  }

  @Test
  void name_besideALocalModelInAChain_isJudgedByItself() throws Exception {
    try (ScriptedProvider local = ScriptedProvider.start()) {
      local.answers((_, wire) -> wire.json(500, "{}"));
      ChainTenant tenant =
          ChainTenant.of(gateway, local.baseUrl().toString(), url("beside.example.com")).routed();

      RawClient.Answer answer = tenant.chat(Chat.saying("hello"));

      assertThat(answer.body()).contains("provider_address_refused");
      assertThat(local.next(Duration.ofSeconds(5))).isNotNull();
      assertThat(gateway.provider().everyByte()).isEmpty();
    }
  }

  private static String url(String host) {
    return "http://" + host + ":" + gateway.provider().port() + "/v1";
  }
}
