package io.mantle.gateway;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.gateway.ScriptedProvider.Wire;
import io.mantle.testing.RedisServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What outlives a request, through the whole gateway: in memory, and in a Redis that two share. */
@ExtendWith(SharedStack.class)
final class VaultIT {
  private static final String EMAIL = "maria.garcia@nowhere.org";
  private static final String LEAVE_SURROGATES = "x-privacy-gateway-rehydrate: false";
  private static final String CONVERSATIONS = "/api/v1/tenants/demo/conversations";
  private static final String ERASURES = "/api/v1/tenants/demo/erasures";
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @Test
  void conversation_overTwoTurns_knowsItsSurrogatesUntilItIsDeleted(GatewayStack gateway)
      throws Exception {
    gateway.provider().answers(VaultIT::echo);
    String name = "vault-it-" + NUMBERS.incrementAndGet();
    String header = "x-privacy-gateway-conversation: " + name;
    String surrogate = said(gateway.chat(Chat.saying(EMAIL), header, LEAVE_SURROGATES));
    assertThat(surrogate).contains("@").isNotEqualTo(EMAIL);

    assertThat(said(gateway.chat(Chat.saying(surrogate), header))).isEqualTo(EMAIL);
    assertThat(gateway.provider().everyByte()).contains(surrogate).doesNotContain(EMAIL);

    String path = CONVERSATIONS + "/" + name;
    JsonNode receipt = receipt(gateway.admin("DELETE", path, ""));
    assertThat(receipt.path("outcome").asText()).isEqualTo("key_destroyed");
    assertThat(receipt.path("conversation").asText()).isEqualTo(name);
    assertThat(receipt.path("key").asText()).matches("[0-9a-f]{16}");

    assertThat(said(gateway.chat(Chat.saying(surrogate), header))).isEqualTo(surrogate);
    assertThat(receipt(gateway.admin("DELETE", path, "")).path("outcome").asText())
        .isEqualTo("nothing_stored");
  }

  @Test
  void value_erased_comesBackInNoConversation(GatewayStack gateway) throws Exception {
    erasedComesBackInNoConversation(gateway, gateway);
  }

  private static void erasedComesBackInNoConversation(GatewayStack one, GatewayStack other)
      throws Exception {
    one.provider().answers(VaultIT::echo);
    String email = "karl.brandt" + NUMBERS.incrementAndGet() + "@nowhere.org";
    List<String> headers =
        Stream.of("erase-a", "erase-b", "erase-c")
            .map(name -> "x-privacy-gateway-conversation: " + name + NUMBERS.incrementAndGet())
            .toList();
    List<String> surrogates = new ArrayList<>();
    for (String header : headers) {
      String text = header.contains("erase-c") ? EMAIL : "Write to " + email;
      surrogates.add(said(one.chat(Chat.saying(text), header, LEAVE_SURROGATES)));
    }
    String id = newAnswerId();
    one.provider().answers((request, wire) -> respond(request, wire, id));
    assertThat(text(respond(one, input(email, null)))).isEqualTo(email);

    String request = Chat.JSON.createObjectNode().put("value", email.toUpperCase(ROOT)).toString();
    String once = "erase-" + NUMBERS.incrementAndGet();
    HttpResponse<String> erased = one.admin("POST", ERASURES, request, once);
    JsonNode receipt = receipt(erased);
    assertThat(erased.body().toLowerCase(ROOT)).doesNotContain("brandt", "erase-");
    assertThat(receipt.path("outcome").asText()).isEqualTo("key_destroyed");
    assertThat(receipt.path("conversations").asInt()).isEqualTo(3);
    assertThat(receipt.path("keys")).hasSize(3);

    int audited = erasuresAudited(one);
    HttpResponse<String> again = other.admin("POST", ERASURES, request, once);
    assertThat(again.headers().firstValue("Idempotent-Replayed")).hasValue("true");
    assertThat(again.body()).isEqualTo(erased.body());
    String another = "{\"value\": \"somebody else\"}";
    assertThat(one.admin("POST", ERASURES, another, once).statusCode()).isEqualTo(422);
    assertThat(erasuresAudited(one)).isEqualTo(audited);
    assertThat(
            TestDatabase.query(
                one.database(),
                "SELECT encode(request_sha256, 'hex') FROM idempotency_key WHERE key = '"
                    + once
                    + "'"))
        .as("what was erased cannot be guessed from what is kept of the request")
        .containsExactly(HexFormat.of().formatHex(TestTenant.sha256("POST " + ERASURES + "\n")));

    one.provider().answers(VaultIT::echo);
    for (GatewayStack gateway : List.of(one, other)) {
      for (int i = 0; i < 2; i++) {
        assertThat(said(gateway.chat(Chat.saying(surrogates.get(i)), headers.get(i))))
            .isEqualTo(surrogates.get(i));
      }
      assertThat(said(gateway.chat(Chat.saying(surrogates.get(2)), headers.get(2))))
          .isEqualTo(EMAIL);
      one.provider().answers((_, wire) -> wire.json(200, output(id, surrogates.get(0))));
      assertThat(text(stored(gateway, "GET", id))).isEqualTo(surrogates.get(0));
      one.provider().answers(VaultIT::echo);
    }
    assertThat(receipt(one.admin("POST", ERASURES, request)).path("outcome").asText())
        .isEqualTo("nothing_stored");
    assertThat(one.admin("GET", "/api/v1/tenants/demo/audit", "").body().toLowerCase(ROOT))
        .contains("erasure.create")
        .doesNotContain("brandt");
  }

  private static int erasuresAudited(GatewayStack gateway) throws Exception {
    return TestDatabase.query(
            gateway.database(), "SELECT seq FROM audit WHERE action = 'erasure.create'")
        .size();
  }

  @Test
  void storedAnswer_isFollowedFetchedAndDeleted(GatewayStack gateway) throws Exception {
    String id = newAnswerId();
    gateway.provider().answers((request, wire) -> respond(request, wire, id));
    RawClient.Answer first = respond(gateway, input(EMAIL, null));
    assertThat(text(first)).isEqualTo(EMAIL);
    String masked = Chat.JSON.readTree(gateway.provider().next().body()).path("input").asText();
    assertThat(masked).contains("@").isNotEqualTo(EMAIL);

    // From here on the model speaks of what only the provider still has.
    gateway.provider().answers((_, wire) -> wire.json(200, output(newAnswerId(), masked)));
    RawClient.Answer second = respond(gateway, input("and now?", id));
    assertThat(text(second)).isEqualTo(EMAIL);
    assertThat(second.header("x-mantle-conversation"))
        .isEqualTo(first.header("x-mantle-conversation"))
        .isNotEmpty();
    assertThat(text(respond(gateway, input("and now?", newAnswerId())))).isEqualTo(masked);
    assertThat(text(stored(gateway, "GET", id))).isEqualTo(EMAIL);

    assertThat(stored(gateway, "DELETE", id).status()).isEqualTo(200);
    assertThat(text(stored(gateway, "GET", id))).isEqualTo(masked);
    assertThat(text(respond(gateway, input("and now?", id)))).isEqualTo(masked);
  }

  @Test
  void storedAnswers_ofTwoWhoBeganAlike_restoreToEachItsOwnAlone(GatewayStack gateway)
      throws Exception {
    eachHasItsOwnAlone(gateway, gateway);
  }

  private static void eachHasItsOwnAlone(GatewayStack one, GatewayStack other) throws Exception {
    List<String> own = new ArrayList<>();
    List<String> masked = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    List<String> conversations = new ArrayList<>();
    List<String> firstMasked = new ArrayList<>();
    for (GatewayStack gateway : List.of(one, other)) {
      ids.add(newAnswerId());
      own.add("anna.weber" + NUMBERS.incrementAndGet() + "@nowhere.org");
      one.provider().answers((request, wire) -> respond(request, wire, ids.getLast()));
      // Behind one key, and in the same words: who they are is not told apart by these.
      RawClient.Answer first = respond(gateway, input("Hello from " + EMAIL, null));
      assertThat(text(first)).contains(EMAIL);
      conversations.add(first.header("x-mantle-conversation"));
      firstMasked.add(masked(one));
    }
    assertThat(firstMasked.getLast()).isEqualTo(firstMasked.getFirst());
    one.provider().answers((request, wire) -> respond(request, wire, newAnswerId()));
    assertThat(text(respond(other, input("Hello from " + EMAIL, ids.getFirst())))).contains(EMAIL);
    assertThat(masked(one)).as("as in the turn before").isEqualTo(firstMasked.getFirst());
    for (int i = 0; i < 2; i++) {
      one.provider().answers((request, wire) -> respond(request, wire, newAnswerId()));
      assertThat(text(respond(i == 0 ? other : one, input(own.get(i), ids.get(i)))))
          .isEqualTo(own.get(i));
      masked.add(masked(one));
    }
    String both = String.join(" ", masked);
    one.provider().answers((_, wire) -> wire.json(200, output(newAnswerId(), both)));
    for (int i = 0; i < 2; i++) {
      String meant = both.replace(masked.get(i), own.get(i));
      assertThat(text(respond(i == 0 ? one : other, input("and now?", ids.get(i)))))
          .isEqualTo(meant);
      assertThat(text(stored(one, "GET", ids.get(i)))).isEqualTo(meant);
    }

    assertThat(outcome(one, conversations.getFirst())).isEqualTo("key_destroyed");
    assertThat(text(respond(other, input("and now?", ids.getFirst())))).isEqualTo(both);
    assertThat(text(respond(other, input("and now?", ids.getLast()))))
        .isEqualTo(both.replace(masked.getLast(), own.getLast()));
    String scope = conversations.getLast().replaceFirst("\\..*", "");
    assertThat(scope).matches("[0-9a-f]{32}");
    assertThat(conversations)
        .allMatch(name -> name.startsWith(scope + "."))
        .doesNotHaveDuplicates();
    assertThat(outcome(one, scope)).isEqualTo("key_destroyed");
    assertThat(text(respond(other, input("and now?", ids.getLast())))).isEqualTo(both);
    if (one == other) {
      assertThat(outcome(one, conversations.getLast())).isEqualTo("nothing_stored");
    } else {
      one.provider().answers((request, wire) -> respond(request, wire, newAnswerId()));
      assertThat(text(respond(one, input("Hello from " + EMAIL, null)))).contains(EMAIL);
      assertThat(masked(one)).as("its salt is gone").isNotEqualTo(firstMasked.getFirst());
    }
  }

  private static String outcome(GatewayStack gateway, String conversation) throws Exception {
    return receipt(gateway.admin("DELETE", CONVERSATIONS + "/" + conversation, ""))
        .path("outcome")
        .asText();
  }

  /** The text of the request that arrived at the provider. */
  private static String masked(GatewayStack gateway) throws Exception {
    return Chat.JSON.readTree(gateway.provider().next().body()).path("input").asText();
  }

  @Test
  void storedAnswer_thatWasStreamed_isFollowed(GatewayStack gateway) throws Exception {
    String id = newAnswerId();
    gateway.provider().answers((request, wire) -> stream(request, wire, id));
    ObjectNode streamed = input(EMAIL, null).put("stream", true);
    assertThat(respond(gateway, streamed).body()).contains(EMAIL, "response.completed");
    String masked = Chat.JSON.readTree(gateway.provider().next().body()).path("input").asText();

    gateway.provider().answers((_, wire) -> wire.json(200, output(newAnswerId(), masked)));
    assertThat(text(respond(gateway, input("and now?", id)))).isEqualTo(EMAIL);
  }

  @Test
  void sharedVault_isOneForTwoGateways_andOnlyWhatNeedsItWaitsForIt(
      TestDatabase database, @TempDir Path folder) throws Exception {
    try (RedisServer redis = RedisServer.start(folder.resolve("redis"))) {
      Path master = folder.resolve("master-key");
      Files.writeString(master, Base64.getEncoder().encodeToString(new byte[32]));
      Map<String, String> settings = new HashMap<>();
      settings.put("MANTLE_DATABASE_URL", database.create());
      settings.put("MANTLE_MASTER_KEYSET_FILE", folder.resolve("keyset.json").toString());
      settings.put("MANTLE_DEMO_ANTHROPIC_URL", "http://127.0.0.1:9/v1");
      settings.put("MANTLE_DEMO_ANTHROPIC_MODELS", "claude-test");
      settings.put("MANTLE_VAULT_URL", redis.url());
      // Not how fast it is on a machine that does other things: what it does when Redis is there.
      settings.put("MANTLE_VAULT_TIMEOUT_MILLIS", "5000");
      settings.put("MANTLE_LIMIT_TIMEOUT_MILLIS", "5000");
      settings.put("MANTLE_MASTER_KEY_FILE", master.toString());
      try (GatewayStack one =
          GatewayStack.start(database, GatewayStack.ExtProc.HERE, Map.copyOf(settings))) {
        settings.put("MANTLE_DEMO_UPSTREAM_URL", one.provider().baseUrl().toString());
        try (GatewayStack other =
            GatewayStack.start(database, GatewayStack.ExtProc.HERE, Map.copyOf(settings))) {
          bothAgree(one, other);
          erasedComesBackInNoConversation(one, other);
          eachHasItsOwnAlone(one, other);
          whatIsDeletedByOneIsGoneForBoth(one, other);
          limitsAreCountedTogether(one, other);
          assertThat(one.admin("GET", "/health", "").body()).contains("\"redis\":\"up\"");
          assertThat(one.extProcAdmin("/health").body())
              .isEqualTo("{\"status\":\"up\",\"db\":\"up\",\"redis\":\"up\"}");
          redis.kill();
          assertThat(one.admin("GET", "/health", "").body()).contains("\"redis\":\"down\"");
          onlyWhatNeedsTheVaultIsRefused(one);
          extProcSaysThatRedisIsAway(one);
        }
      }
    }
  }

  private static void bothAgree(GatewayStack one, GatewayStack other) throws Exception {
    one.provider().answers(VaultIT::echo);
    String header = "x-privacy-gateway-conversation: shared";
    String surrogate = said(one.chat(Chat.saying(EMAIL), header, LEAVE_SURROGATES));
    assertThat(surrogate).contains("@").isNotEqualTo(EMAIL);
    assertThat(said(other.chat(Chat.saying(EMAIL), header, LEAVE_SURROGATES))).isEqualTo(surrogate);
    assertThat(said(other.chat(Chat.saying(surrogate), header))).isEqualTo(EMAIL);

    String id = newAnswerId();
    one.provider().answers((request, wire) -> respond(request, wire, id));
    assertThat(text(respond(one, input(EMAIL, null)))).isEqualTo(EMAIL);
    String masked = Chat.JSON.readTree(one.provider().next().body()).path("input").asText();
    one.provider().answers((_, wire) -> wire.json(200, output(newAnswerId(), masked)));
    assertThat(text(respond(other, input("and now?", id)))).isEqualTo(EMAIL);
    assertThat(text(stored(other, "GET", id))).isEqualTo(EMAIL);
  }

  private static void whatIsDeletedByOneIsGoneForBoth(GatewayStack one, GatewayStack other)
      throws Exception {
    one.provider().answers(VaultIT::echo);
    String header = "x-privacy-gateway-conversation: short";
    String surrogate = said(one.chat(Chat.saying(EMAIL), header, LEAVE_SURROGATES));
    assertThat(receipt(one.admin("DELETE", CONVERSATIONS + "/short", "")).path("outcome").asText())
        .isEqualTo("key_destroyed");
    assertThat(said(other.chat(Chat.saying(surrogate), header))).isEqualTo(surrogate);
    // Not even the same value gets the same surrogate again: its salt is gone.
    assertThat(said(other.chat(Chat.saying(EMAIL), header, LEAVE_SURROGATES)))
        .isNotEqualTo(surrogate);

    String kept =
        said(
            one.chat(Chat.saying(EMAIL), "x-privacy-gateway-conversation: long", LEAVE_SURROGATES));
    assertThat(receipt(other.admin("DELETE", CONVERSATIONS, "")).path("outcome").asText())
        .isEqualTo("key_destroyed");
    assertThat(said(one.chat(Chat.saying(kept), "x-privacy-gateway-conversation: long")))
        .isEqualTo(kept);
  }

  /** In the Redis of the vault, since none is named for limits. */
  private static void limitsAreCountedTogether(GatewayStack one, GatewayStack other)
      throws Exception {
    one.provider().answers(VaultIT::echo);
    String limits = "{\"limits\":{\"requests_per_minute\":5000}}";
    assertThat(one.admin("PUT", "/api/v1/tenants/demo/limits", limits).statusCode()).isEqualTo(200);
    for (GatewayStack gateway : List.of(one, other)) {
      Until.holds(
          Duration.ofSeconds(5),
          "the limit is in force, and shared",
          () -> gateway.chat(Chat.saying("hi")).header("x-mantle-limits").equals("shared"));
    }
    assertThat(remaining(one) - 1).isEqualTo(remaining(other));
    assertThat(remaining(other) - 1).isEqualTo(remaining(one));
  }

  private static long remaining(GatewayStack gateway) throws Exception {
    RawClient.Answer answer = gateway.chat(Chat.saying("hi"));
    assertThat(answer.header("x-mantle-limits")).isEqualTo("shared");
    return Long.parseLong(answer.header("x-ratelimit-remaining-requests"));
  }

  private static void onlyWhatNeedsTheVaultIsRefused(GatewayStack gateway) throws Exception {
    gateway.provider().answers(VaultIT::echo);
    RawClient.Answer refused = gateway.chat(Chat.saying(EMAIL));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isNotEmpty();
    assertThat(Chat.JSON.readTree(refused.body()).at("/error/code").asText())
        .isEqualTo("vault_unavailable");
    String messages =
        Chat.request(EMAIL).put("max_tokens", 5).put("model", "claude-test").toString();
    JsonNode inItsDialect =
        Chat.JSON.readTree(send(gateway, "POST", "/v1/messages", messages).body());
    assertThat(inItsDialect.path("type").asText()).isEqualTo("error");
    assertThat(inItsDialect.at("/error/message").asText()).contains("vault_unavailable");
    assertThat(stored(gateway, "GET", newAnswerId()).status()).isEqualTo(503);
    assertThat(respond(gateway, input("and now?", newAnswerId())).status()).isEqualTo(503);
    assertThat(gateway.provider().everyByte()).isEmpty();

    assertThat(said(gateway.chat(Chat.saying("nothing to see")))).isEqualTo("nothing to see");
    assertThat(respond(gateway, input("nothing to see", null)).status()).isEqualTo(200);
    assertThat(gateway.admin("DELETE", CONVERSATIONS + "/shared", "").statusCode()).isEqualTo(503);
  }

  /** Once enough questions have failed; it is healthy all the same. */
  private static void extProcSaysThatRedisIsAway(GatewayStack gateway) throws Exception {
    Until.holds(
        Duration.ofSeconds(30),
        "ext_proc knows",
        () -> {
          gateway.chat(Chat.saying(EMAIL));
          return gateway
              .extProcAdmin("/health")
              .body()
              .equals("{\"status\":\"degraded\",\"db\":\"up\",\"redis\":\"down\"}");
        });
    assertThat(gateway.extProcAdmin("/health").statusCode()).isEqualTo(200);
    assertThat(gateway.extProcAdmin("/ready").statusCode()).isEqualTo(200);
  }

  private static String newAnswerId() {
    return "resp_67ccd2bed1ec8190b14f964abc05426%03d".formatted(NUMBERS.incrementAndGet());
  }

  private static JsonNode receipt(HttpResponse<String> answer) throws IOException {
    assertThat(answer.statusCode()).isEqualTo(200);
    return Chat.JSON.readTree(answer.body());
  }

  private static void echo(ScriptedProvider.Received request, Wire wire) throws Exception {
    wire.json(200, Chat.answer(Chat.prompt(request.body())));
  }

  private static String said(RawClient.Answer answer) throws IOException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return Chat.content(answer.body());
  }

  private static ObjectNode input(String text, @Nullable String previous) {
    ObjectNode request = Chat.JSON.createObjectNode().put("model", "gpt-test").put("input", text);
    return previous == null ? request : request.put("previous_response_id", previous);
  }

  private static String output(String id, String text) {
    ObjectNode answer = Chat.JSON.createObjectNode().put("id", id).put("object", "response");
    ObjectNode message = answer.putArray("output").addObject().put("type", "message");
    message.putArray("content").addObject().put("type", "output_text").put("text", text);
    return answer.toString();
  }

  private static void respond(ScriptedProvider.Received request, Wire wire, String id)
      throws Exception {
    wire.json(200, output(id, Chat.JSON.readTree(request.body()).path("input").asText()));
  }

  private static void stream(ScriptedProvider.Received request, Wire wire, String id)
      throws Exception {
    String text = Chat.JSON.readTree(request.body()).path("input").asText();
    wire.beginEvents();
    wire.event(
        "{\"type\":\"response.created\",\"response\":{\"id\":\"%s\",\"output\":[]}}".formatted(id));
    wire.event(
        Chat.JSON
            .createObjectNode()
            .put("type", "response.output_text.delta")
            .put("item_id", "msg_1")
            .put("output_index", 0)
            .put("content_index", 0)
            .put("delta", text)
            .toString());
    wire.event("{\"type\":\"response.completed\",\"response\":%s}".formatted(output(id, text)));
    wire.end();
  }

  private static RawClient.Answer respond(GatewayStack gateway, ObjectNode request)
      throws IOException {
    return send(gateway, "POST", "/v1/responses", request.toString());
  }

  private static RawClient.Answer stored(GatewayStack gateway, String method, String id)
      throws IOException {
    return send(gateway, method, "/v1/responses/" + id, "");
  }

  private static RawClient.Answer send(
      GatewayStack gateway, String method, String path, String body) throws IOException {
    RawClient client = RawClient.connect(gateway.port());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    client.write(RawClient.request(method, path, GatewayStack.KEY, bytes));
    return client.answer();
  }

  private static String text(RawClient.Answer answer) throws IOException {
    assertThat(answer.status()).isEqualTo(200);
    return Chat.JSON.readTree(answer.body()).at("/output/0/content/0/text").asText();
  }
}
