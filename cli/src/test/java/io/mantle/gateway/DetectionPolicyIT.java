package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A tenant's detection policy, put over the admin API, is what the next requests meet: through
 * Envoy, with no restart.
 */
@ExtendWith(SharedStack.class)
final class DetectionPolicyIT {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(1);
  private static final Duration TENANT_MADE_MAX = Duration.ofSeconds(5);

  private final GatewayStack gateway;
  private String tenant = "";
  private String key = "";

  DetectionPolicyIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @BeforeEach
  void makeTenant(TestInfo test) throws Exception {
    echo();
    tenant = "detection-" + Integer.toHexString(test.getDisplayName().hashCode());
    key = TestTenant.create(gateway, tenant, gateway.provider().baseUrl().toString());
    Until.holds(TENANT_MADE_MAX, "the tenant's routes", () -> ask("hi").status() == 200);
  }

  @AfterEach
  void removeTenant() throws Exception {
    TestDatabase.update(gateway.database(), "DELETE FROM tenant WHERE id = ?", tenant);
  }

  @Test
  void deniedPhrase_leavesAsASurrogateAndComesBack() throws Exception {
    String prompt = "What is new with Project Kingfisher?";
    assertThat(leaves(prompt, "Kingfisher")).isTrue();

    put("{\"deny\": [{\"phrase\": \"project kingfisher\", \"type\": \"ORG\"}]}");
    inForce("phrase denied", () -> !leaves(prompt, "Kingfisher"));

    RawClient.Answer answer = ask(prompt);
    assertThat(Chat.content(answer.body())).isEqualTo(prompt);
    assertThat(answer.header("x-mantle-entities")).isEqualTo("ORG=1");
    assertThat(answer.header("x-mantle-mode")).isEmpty();
  }

  @Test
  void allowedName_passesAndOthersDoNot() throws Exception {
    String prompt = "Please greet Maria Garcia and her friend Robert Miller from me.";
    assertThat(leaves(prompt, "Maria Garcia")).isFalse();

    put("{\"allow\": [\"maria garcia\"]}");
    inForce("name allowed", () -> leaves(prompt, "Maria Garcia"));
    assertThat(leaves(prompt, "Robert Miller")).isFalse();
  }

  @Test
  void recognizer_ofTheTenant_findsNearItsContextOnly() throws Exception {
    assertThat(leaves("the colour of the badge is greenish.", "greenish")).isTrue();
    put(
        """
        {"recognizers": [{"name": "badge", "type": "NATIONAL_ID", "patterns": ["\\\\bgreen[a-z]{3}\\\\b"],
          "context": ["badge"], "samples": {"positive": ["badge greenish"], "negative": ["greenish"]}}]}
        """);
    inForce("recognizer", () -> !leaves("the colour of the badge is greenish.", "greenish"));
    assertThat(leaves("the colour of the part is greenish.", "greenish")).isTrue();
  }

  @Test
  void recall_changed_changesWhatIsFound() throws Exception {
    // Names without capitals: to be masked only by one who would rather mask too much.
    String prompt =
        """
        thanks, tell rowena hale i said hi, and ask marlowe about the keys, dunstan knows. brother
        of ingrid, lives near wexcombe by the quay with old bertram fisk. then tamsin wrote that
        aldous quill and his cousin had met odette near the mill. i owe harker a call, and petra
        says yes. mr winslow came by, so did ms abara, while leopold and yusuf stayed with noor.
        """;
    int precise = peopleUnder("precise", prompt);
    int high = peopleUnder("high", prompt);

    assertThat(high).isGreaterThan(precise);
  }

  /** How many people are found, once the recall is in force: a denied word with it says so. */
  private int peopleUnder(String recall, String prompt) throws Exception {
    put(
        """
        {"recall": "%s", "deny": [{"phrase": "marker-%s", "type": "ORG"}]}
        """
            .formatted(recall, recall));
    inForce(recall, () -> !leaves("marker-" + recall, recall));
    return people(prompt);
  }

  @Test
  void preset_setsWhatLeaves_andIsOverriddenFieldByField() throws Exception {
    String card = "4012 8888 8888 1881";
    String link = "https://intranet.acme-mail.com/wiki";
    String prompt = "Card " + card + " of maria.garcia@acme-mail.com, see " + link + " please.";
    assertThat(leaves(prompt, link)).isTrue();

    put("{\"preset\": \"strict\"}");
    inForce("strict", () -> !leaves(prompt, link));
    assertThat(leaves(prompt, card)).isFalse();
    RawClient.Answer image = gateway.chatAs(key, withImage());
    assertThat(image.status()).isEqualTo(403);
    assertThat(image.body()).contains("media_refused");

    put("{\"preset\": \"strict\", \"media\": \"pass\", \"actions\": {\"URL\": \"allow\"}}");
    inForce("strict but for links", () -> leaves(prompt, link));
    assertThat(leaves(prompt, "maria.garcia@acme-mail.com")).isFalse();
    assertThat(gateway.chatAs(key, withImage()).status()).isEqualTo(200);

    put("{\"preset\": \"pci\"}");
    inForce("pci", () -> leaves(prompt, "maria.garcia@acme-mail.com"));
    assertThat(leaves(prompt, card)).isFalse();

    put("{\"preset\": \"hipaa\"}");
    inForce("hipaa", () -> !leaves(prompt, "maria.garcia@acme-mail.com"));
    assertThat(leaves(prompt, link)).isFalse();
  }

  private static String withImage() {
    ObjectNode request = Chat.request("");
    ((ObjectNode) request.at("/messages/0"))
        .putArray("content")
        .addObject()
        .put("type", "image_url")
        .putObject("image_url")
        .put("url", "data:image/png;base64,aGVsbG8=");
    return request.toString();
  }

  @Test
  void detectOnly_passesTheTextUntouchedAndReportsWhatItHolds() throws Exception {
    String prompt = "I am Maria Garcia, maria.garcia@acme-mail.com, host 10.20.30.40.";
    RawClient.Answer enforced = ask(prompt);
    assertThat(leaves(prompt, "maria.garcia@acme-mail.com")).isFalse();

    put("{\"mode\": \"detect_only\", \"actions\": {\"EMAIL\": \"block\"}}");
    inForce("detect only", () -> leaves(prompt, prompt));

    RawClient.Answer answer = ask(prompt);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(Chat.content(answer.body())).isEqualTo(prompt);
    assertThat(answer.header("x-mantle-mode")).isEqualTo("detect_only");
    assertThat(answer.header("x-mantle-entities"))
        .isEqualTo(enforced.header("x-mantle-entities"))
        .contains("PERSON=1", "EMAIL=1", "IP=1");
    Until.holds(
        Duration.ofSeconds(10),
        "booked as such",
        () ->
            TestDatabase.query(
                    gateway.database(),
                    "SELECT entities::text FROM usage WHERE detect_only AND tenant_id = '"
                        + tenant
                        + "'")
                .stream()
                .anyMatch(entities -> entities.contains("\"EMAIL\": 1")));

    put("{}");
    inForce("enforced again", () -> !leaves(prompt, "maria.garcia@acme-mail.com"));
  }

  @Test
  void badPolicy_isRefusedAndTheOldOneStays() throws Exception {
    put("{\"deny\": [{\"phrase\": \"kingfisher\", \"type\": \"ORG\"}]}");
    inForce("phrase denied", () -> !leaves("kingfisher", "kingfisher"));

    HttpResponse<String> refused =
        send("{\"recognizers\": [{\"name\": \"n\", \"type\": \"ORG\", \"patterns\": [\"(\"]}]}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("recognizers[0].patterns[0]");
    assertThat(leaves("kingfisher", "kingfisher")).isFalse();
  }

  private int people(String prompt) throws Exception {
    String entities = ask(prompt).header("x-mantle-entities");
    if (!entities.contains("PERSON=")) {
      return 0;
    }
    return Integer.parseInt(entities.replaceAll(".*PERSON=(\\d+).*", "$1"));
  }

  /** Whether the provider receives {@code value} in {@code prompt} as it is. */
  private boolean leaves(String prompt, String value) throws Exception {
    echo();
    assertThat(ask(prompt).status()).isEqualTo(200);
    return Chat.prompt(gateway.provider().next().body()).contains(value);
  }

  /** The provider repeats what it was sent. */
  private void echo() {
    gateway
        .provider()
        .answers((request, wire) -> wire.json(200, Chat.answer(Chat.prompt(request.body()))));
  }

  private RawClient.Answer ask(String prompt) throws Exception {
    return gateway.chatAs(key, Chat.saying(prompt));
  }

  private void put(String policy) throws Exception {
    HttpResponse<String> answer = send(policy);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> send(String policy) throws Exception {
    return gateway.admin("PUT", path(), policy);
  }

  private String path() {
    return "/api/v1/tenants/" + tenant + "/privacy";
  }

  private static void inForce(String what, Callable<Boolean> check) throws Exception {
    Duration took = Until.holds(IN_FORCE_MAX, what, check);
    System.out.printf("%s: in force after %d ms%n", what, took.toMillis());
  }
}
