package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys are rotated, and new ones given out, under traffic. */
@ExtendWith(SharedStack.class)
final class RotationUnderTrafficIT {
  private static final String ROTATIONS = "/api/v1/keys/rotations";
  private static final Duration DONE_MAX = Duration.ofSeconds(30);
  private static final Duration BETWEEN = Duration.ofMillis(20);
  private static final int CLIENTS = 2;
  private static final int REQUESTS_AFTER = 20;

  private final GatewayStack gateway;

  RotationUnderTrafficIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @Test
  void rotationsOfTenantAndMasterKey_underTraffic_refuseNoRequest() throws Exception {
    try (ScriptedProvider provider = ScriptedProvider.start()) {
      provider.answers((_, wire) -> wire.json(200, Chat.answer("hi")));
      ChainTenant tenant = ChainTenant.of(gateway, provider.baseUrl().toString()).routed();
      tenant.plan("enterprise");
      ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
      AtomicInteger served = new AtomicInteger();
      AtomicBoolean ends = new AtomicBoolean();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      while (!ends.get()) {
                        ask(tenant, served, failures);
                      }
                    }));
      }
      try {
        rotate("{\"kind\":\"tenant\",\"tenant\":\"" + tenant.id() + "\"}");
        // To its end it takes some 15 s more, for other control planes: then the old key goes.
        rotate("{\"kind\":\"master\"}");
        int enough = served.get() + REQUESTS_AFTER;
        Until.holds(
            DONE_MAX, "requests after it", () -> served.get() >= enough || !failures.isEmpty());
      } finally {
        ends.set(true);
        for (Thread client : clients) {
          client.join();
        }
      }

      assertThat(failures).isEmpty();
      assertThat(provider.everyByte())
          .contains(ChainTenant.credential(0))
          .doesNotContain(Canary.NAME);
    }
  }

  private static void ask(
      ChainTenant tenant, AtomicInteger served, ConcurrentLinkedQueue<String> failures) {
    try {
      RawClient.Answer answer = tenant.chat(Chat.saying("My name is " + Canary.NAME + "."));
      if (answer.status() == 200) {
        served.incrementAndGet();
        Thread.sleep(BETWEEN);
      } else {
        failures.add(answer.status() + " " + answer.body());
      }
    } catch (Exception e) {
      failures.add(e.toString());
    }
  }

  private void rotate(String body) throws Exception {
    HttpResponse<String> begun = gateway.admin("POST", ROTATIONS, body);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
    String id = Chat.JSON.readTree(begun.body()).path("id").asText();
    Until.holds(
        DONE_MAX,
        "all is sealed anew",
        () -> {
          JsonNode rotation =
              Chat.JSON.readTree(gateway.admin("GET", ROTATIONS + "/" + id, "").body());
          return rotation.path("total").asLong() > 0
              && rotation.path("done").asLong() >= rotation.path("total").asLong();
        });
  }
}
