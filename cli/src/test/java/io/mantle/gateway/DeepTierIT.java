package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.mantle.cli.DeepModel;
import io.mantle.cli.LaunchException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A tenant that asks for the deep tier gets it, through Envoy, and is refused where it overruns.
 * Fetches the model once; skipped where it cannot be fetched.
 */
@ExtendWith(SharedStack.class)
final class DeepTierIT {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(5);

  /** Enough for a few sentences on a busy machine, and a tenth of what {@link #LONG} takes. */
  private static final int DEEP_MILLIS_MAX = 500;

  /** Names without capitals that no list of names has; the fast tiers miss most of them. */
  private static final List<String> NAMES =
      List.of("saoirse", "caoimhe", "aoife", "eoghan", "bronagh");

  private static final String PROMPT =
      """
      thanks saoirse, that was quick
      did caoimhe reply to the invoice
      let aoife know that it is done
      is eoghan back from holiday
      then bronagh wrote that she agrees""";

  private static final String LONG =
      IntStream.range(0, 1_000)
          .mapToObj(
              i -> "on day " + i + " we talked about the weather near the old mill with canary\n")
          .collect(Collectors.joining());

  private static GatewayStack gateway;

  @BeforeAll
  static void start(TestDatabase database) throws Exception {
    Path model;
    try {
      model = DeepModel.locate(Folders.root().resolve(".mantle"), System.err::println);
    } catch (LaunchException e) {
      abort("the deep tier's model cannot be fetched: " + e.getMessage());
      return;
    }
    gateway =
        GatewayStack.start(
            database,
            GatewayStack.ExtProc.HERE,
            Map.of(
                "MANTLE_DEEP_TIER",
                "true",
                "MANTLE_DEEP_MODEL",
                model.toString(),
                "MANTLE_DEEP_MILLIS_MAX",
                Integer.toString(DEEP_MILLIS_MAX)));
  }

  @AfterAll
  static void stop() throws Exception {
    if (gateway != null) {
      gateway.close();
    }
  }

  @Test
  void nameThatTheFastTiersMiss_isMaskedWithTheDeepTierAndComesBack() throws Exception {
    String key = tenant("deep-names");
    put("deep-names", "{\"recall\": \"high\", \"allow\": [\"aoife\"]}", key);
    List<String> missed = NAMES.stream().filter(name -> leaves(key, name)).toList();
    assertThat(missed).contains("aoife");
    assumeFalse(missed.size() == 1, "the fast tiers miss none of the names");

    put("deep-names", "{\"deep\": true, \"allow\": [\"aoife\"]}", key);
    RawClient.Answer answer = gateway.chatAs(key, Chat.saying(PROMPT));

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    String received = Chat.prompt(gateway.provider().next().body());
    assertThat(NAMES.stream().filter(received::contains)).containsExactly("aoife");
    assertThat(Chat.content(answer.body())).isEqualTo(PROMPT);
    assertThat(gateway.extProcMetrics()).containsPattern("mantle_deep_windows_total [1-9]");
  }

  @Test
  void textThatTheDeepTierCannotReadInTime_isRefusedAndNothingLeaves() throws Exception {
    String key = tenant("deep-overrun");
    put("deep-overrun", "{\"deep\": true}", key);
    echo();

    // Twice, for what was not found in time must not be remembered as nothing.
    for (int i = 0; i < 2; i++) {
      RawClient.Answer refused = gateway.chatAs(key, Chat.saying(LONG));
      assertThat(refused.status()).as(refused.body()).isEqualTo(503);
      assertThat(Chat.isError(refused.body())).isTrue();
      assertThat(refused.body()).contains("\"deep_tier_unavailable\"").doesNotContain("canary");
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.header("x-should-retry")).isEmpty();
    }
    assertThat(gateway.provider().everyByte()).isEmpty();
    assertThat(gateway.everythingSaid()).doesNotContain("near the old mill");
    assertThat(gateway.extProcMetrics())
        .containsPattern("mantle_deep_refusals_total\\{reason=\"OVERRUN\"\\} [1-9]");
  }

  private static String tenant(String id) throws Exception {
    echo();
    String key = TestTenant.create(gateway, id, gateway.provider().baseUrl().toString());
    Until.holds(
        IN_FORCE_MAX,
        "the tenant's routes",
        () -> gateway.chatAs(key, Chat.saying("hi")).status() == 200);
    return key;
  }

  /** Puts a policy, and waits until it is in force: a denied word with it says so. */
  private static void put(String tenant, String policy, String key) throws Exception {
    String marker = "marker" + Integer.toHexString(policy.hashCode());
    String marked =
        policy.replaceFirst(
            "\\{", "{\"deny\": [{\"phrase\": \"" + marker + "\", \"type\": \"ORG\"}], ");
    HttpResponse<String> answer =
        gateway.admin("PUT", "/api/v1/tenants/" + tenant + "/privacy", marked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    Until.holds(
        IN_FORCE_MAX,
        policy,
        () -> {
          echo();
          gateway.chatAs(key, Chat.saying(marker));
          return !Chat.prompt(gateway.provider().next().body()).contains(marker);
        });
    echo();
  }

  private static boolean leaves(String key, String name) {
    try {
      echo();
      assertThat(gateway.chatAs(key, Chat.saying(PROMPT)).status()).isEqualTo(200);
      return Chat.prompt(gateway.provider().next().body()).contains(name);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The provider repeats what it was sent. */
  private static void echo() {
    gateway
        .provider()
        .answers((request, wire) -> wire.json(200, Chat.answer(Chat.prompt(request.body()))));
  }
}
