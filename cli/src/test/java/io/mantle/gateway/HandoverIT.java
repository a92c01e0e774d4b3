package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A provider moves, and gets another credential, while a request for it is on its way. */
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
}
