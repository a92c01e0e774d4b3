package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A tenant made by the admin API, with a route of several providers. */
final class ChainTenant {
  private static final Duration IN_FORCE_MAX = Duration.ofSeconds(10);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final GatewayStack gateway;
  private final String id = "chain-" + COUNT.incrementAndGet();
  private final String key;
  private final List<String> providers = new ArrayList<>();
  private String route = "";

  private ChainTenant(GatewayStack gateway) throws IOException, InterruptedException {
    this.gateway = gateway;
    post("", Chat.JSON.createObjectNode().put("id", id).put("name", id));
    key = post("/" + id + "/keys", Chat.JSON.createObjectNode()).path("key").asText();
  }

  /** One whose providers are called {@code p0}, {@code p1}, ... with {@code sk-upstream-0}, ... */
  static ChainTenant of(GatewayStack gateway, String... baseUrls)
      throws IOException, InterruptedException {
    ChainTenant tenant = new ChainTenant(gateway);
    for (String baseUrl : baseUrls) {
      tenant.addProvider(baseUrl, false);
    }
    return tenant;
  }

  /** One with one provider, whose name may lead anywhere. */
  static ChainTenant allowingPrivate(GatewayStack gateway, String baseUrl)
      throws IOException, InterruptedException {
    ChainTenant tenant = new ChainTenant(gateway);
    tenant.addProvider(baseUrl, true);
    return tenant;
  }

  private void addProvider(String baseUrl, boolean privateAllowed)
      throws IOException, InterruptedException {
    int number = providers.size();
    URI url = URI.create(baseUrl);
    route +=
        (number == 0 ? "" : ",") + url.getScheme() + "://" + url.getHost() + ":" + url.getPort();
    route += privateAllowed ? "/private" : "";
    ObjectNode provider =
        Chat.JSON
            .createObjectNode()
            .put("name", "p" + number)
            .put("base_url", baseUrl)
            .put("credential", credential(number))
            .put("allow_private_addresses", privateAllowed);
    provider.putArray("models").add("gpt-test");
    providers.add(post("/" + id + "/providers", provider).path("id").asText());
  }

  /** Adds the route over all of them, as {@code settings} say, and waits until it is in force. */
  ChainTenant routed(ObjectNode settings) throws Exception {
    settings.put("model_pattern", "*");
    providers.forEach(settings.withArray("providers")::add);
    post("/" + id + "/routes", settings);
    Until.holds(
        IN_FORCE_MAX,
        id + " is in force",
        () -> isListed() && gateway.envoyAdmin("/config_dump").contains('"' + route + '"'));
    return this;
  }

  private boolean isListed() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.write(RawClient.request("GET", "/v1/models", key, new byte[0]));
      return client.answer().body().contains("gpt-test");
    }
  }

  ChainTenant routed() throws Exception {
    return routed(Chat.JSON.createObjectNode());
  }

  /** Has a provider stand elsewhere, with another credential. */
  void move(int number, String baseUrl, String credential)
      throws IOException, InterruptedException {
    ObjectNode provider =
        Chat.JSON
            .createObjectNode()
            .put("name", "p" + number)
            .put("base_url", baseUrl)
            .put("credential", credential);
    HttpResponse<String> answer =
        gateway.admin(
            "PUT",
            "/api/v1/tenants/" + id + "/providers/" + providers.get(number),
            provider.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** Gives it a plan; what that allows is in force a little later. */
  void plan(String plan) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        gateway.admin(
            "PUT",
            "/api/v1/tenants/" + id,
            Chat.JSON.createObjectNode().put("name", id).put("plan", plan).toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** Puts a privacy policy. */
  void privacy(String policy) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        gateway.admin("PUT", "/api/v1/tenants/" + id + "/privacy", policy);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  String id() {
    return id;
  }

  String key() {
    return key;
  }

  String provider(int number) {
    return providers.get(number);
  }

  static String credential(int number) {
    return "sk-upstream-" + number + "-of-a-chain";
  }

  RawClient.Answer chat(String body) throws IOException {
    return gateway.chatAs(key, body);
  }

  private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer = gateway.admin("POST", "/api/v1/tenants" + path, body.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Chat.JSON.readTree(answer.body());
  }
}
