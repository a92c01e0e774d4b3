package io.mantle.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Random writes through the admin API: valid ones, and ones that are wrong by little, mostly in
 * what becomes a part of Envoy's configuration.
 */
final class OddWrites {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TENANTS_MAX = 8;
  private static final int PROVIDERS_MAX = 6;

  private static final List<String> HOSTS =
      List.of(
          "127.0.0.1",
          "127.1",
          "01.2.3.4",
          "1.02.3.4",
          "1.2.3.004",
          "256.1.1.1",
          "1.2.3.4.5",
          "0.0.0.0",
          "255.255.255.255",
          "0x7f.0.0.1",
          "2130706433",
          "127.0.0.1.",
          "localhost",
          "LOCALHOST",
          "localhost.",
          "a.invalid",
          "a-b.c.invalid",
          "-a.invalid",
          "a-.invalid",
          "a_b.invalid",
          "a..invalid",
          ".invalid",
          "xn--a.invalid",
          "\u00e9.invalid",
          "a".repeat(63) + ".invalid",
          "a".repeat(64) + ".invalid",
          "a.".repeat(122) + "invalid",
          "a.".repeat(123) + "invalid",
          "[::1]",
          "[::]",
          "[::ffff:1.2.3.4]",
          "[::ffff:1.2.3.04]",
          "[::1.2.3.4]",
          "[1:2:3:4:5:6:7:8]",
          "[1:2:3:4:5:6:7:8:9]",
          "[1::2::3]",
          "[fe80::1%25lo]",
          "[fe80::1%lo]",
          "[::FFFF]",
          "[1:2]",
          "[:]",
          "[]",
          "[::1",
          "::1",
          "[1:2:3:4:5:6:1.2.3.4]",
          "[::12345]",
          "");
  private static final List<String> PORTS =
      List.of("", "", "", ":", ":0", ":1", ":80", ":65535", ":65536", ":99999999999", ":-1", ":08");
  private static final List<String> PATHS =
      List.of(
          "",
          "",
          "/",
          "/v1",
          "/v1/",
          "//",
          "/a//b",
          "/a%20b",
          "/%",
          "/a?x",
          "/a#b",
          "/../a",
          "/a/..",
          "/.",
          "/\u00fc",
          "/a b",
          "/" + "p".repeat(1_990));
  private static final List<String> WORDS =
      List.of(
          "a",
          "gpt-4o",
          "*",
          "claude-*",
          "",
          " ",
          "\u0000",
          "a\nb",
          "a\r\nx: y",
          "\u00e9",
          "\ud83d\ude00",
          "\ud83d",
          "%REQ(x)%",
          "%",
          "{}",
          "a".repeat(63),
          "a".repeat(64),
          "m".repeat(256),
          "m".repeat(257));

  private final RunningControlPlane api;
  private final Random random;
  private final Map<String, List<String>> providers = new TreeMap<>();
  private final Map<String, List<String>> routes = new TreeMap<>();
  private int made;
  private int accepted;
  private int refused;
  private int tenantsMade;

  OddWrites(RunningControlPlane api, long seed) {
    this.api = api;
    this.random = new Random(seed);
  }

  /**
   * One write, or nothing where it would delete what is not there; fails where it is answered with
   * a 5xx, or refused without a reason.
   */
  void next() throws Exception {
    made++;
    if (providers.isEmpty() || (random.nextInt(25) == 0 && providers.size() < TENANTS_MAX)) {
      createTenant();
      return;
    }
    String tenant = oneOf(List.copyOf(providers.keySet()));
    switch (random.nextInt(40)) {
      case 0 -> deleteTenant(tenant);
      case 1, 2, 3 -> delete(tenant, "providers", providers);
      case 4 -> delete(tenant, "routes", routes);
      case 5, 6, 7, 8, 9, 10 -> write(tenant, "routes", routes, route(tenant));
      default -> write(tenant, "providers", providers, provider());
    }
  }

  int made() {
    return made;
  }

  int accepted() {
    return accepted;
  }

  int refused() {
    return refused;
  }

  private void createTenant() throws Exception {
    // An id is never given twice, so most are new.
    String id =
        random.nextInt(4) > 0
            ? "t" + tenantsMade++
            : oneOf(
                List.of(
                    "t0", "-", "a--b", "T", "a.b", "z".repeat(63), "z".repeat(64), "", "a/b", "~"));
    ObjectNode tenant = JSON.createObjectNode().put("id", id).put("name", "n" + word());
    HttpResponse<String> response = api.post("/api/v1/tenants", tenant.toString());
    if (answered(response)) {
      String made = JSON.readTree(response.body()).required("id").asText(); // "" asks for one
      providers.put(made, new ArrayList<>());
      routes.put(made, new ArrayList<>());
    }
  }

  private void deleteTenant(String tenant) throws Exception {
    if (answered(api.delete("/api/v1/tenants/" + tenant))) {
      providers.remove(tenant);
      routes.remove(tenant);
    }
  }

  private void delete(String tenant, String kind, Map<String, List<String>> ids) throws Exception {
    List<String> stored = of(tenant, ids);
    if (!stored.isEmpty()) {
      String id = oneOf(stored);
      if (answered(api.delete("/api/v1/tenants/" + tenant + "/" + kind + "/" + id))) {
        stored.remove(id);
      }
    }
  }

  private void write(String tenant, String kind, Map<String, List<String>> ids, ObjectNode body)
      throws Exception {
    List<String> stored = of(tenant, ids);
    String path = "/api/v1/tenants/" + tenant + "/" + kind;
    if (stored.size() == PROVIDERS_MAX || (!stored.isEmpty() && random.nextBoolean())) {
      answered(api.put(path + "/" + oneOf(stored), body.toString()));
      return;
    }
    HttpResponse<String> response = api.post(path, body.toString());
    if (answered(response)) {
      stored.add(JSON.readTree(response.body()).required("id").asText());
    }
  }

  private ObjectNode provider() {
    ObjectNode provider =
        JSON.createObjectNode()
            .put("name", random.nextInt(5) == 0 ? word() : "p" + random.nextInt(1_000))
            .put("base_url", url());
    if (random.nextInt(8) == 0) {
      provider.put("kind", oneOf(List.of("openai", "anthropic", "", "OPENAI")));
    }
    if (random.nextInt(4) == 0) {
      words(provider.putArray("models"));
    }
    if (random.nextInt(3) == 0) {
      provider.put("allow_private_addresses", random.nextBoolean());
    }
    if (random.nextBoolean()) {
      provider.put("credential", random.nextInt(4) == 0 ? word() : "sk-" + random.nextInt());
    }
    return provider;
  }

  private ObjectNode route(String tenant) {
    ObjectNode route = JSON.createObjectNode().put("model_pattern", word());
    ArrayNode named = route.putArray("providers");
    List<String> stored = of(tenant, providers);
    for (int i = random.nextInt(4); i > 0 && !stored.isEmpty(); i--) {
      named.add(oneOf(stored));
    }
    if (random.nextInt(10) == 0) {
      named.add("00000000-0000-0000-0000-000000000000");
    }
    return route;
  }

  private String url() {
    if (random.nextBoolean()) {
      return oneOf(List.of("http://127.0.0.", "https://10.0.0."))
          + random.nextInt(256)
          + ":"
          + (1 + random.nextInt(65_535));
    }
    boolean oddHost = random.nextInt(3) > 0;
    String url =
        (random.nextInt(8) > 0 ? "https://" : oneOf(List.of("HTTPS://", "http://", "ftp://", "//")))
            + (random.nextInt(30) == 0 ? "user:word@" : "")
            + (oddHost ? oneOf(HOSTS) : "a" + random.nextInt(100) + ".invalid")
            + (random.nextInt(3) == 0 ? oneOf(PORTS) : "")
            + (random.nextInt(3) == 0 ? oneOf(PATHS) : "");
    if (random.nextInt(6) == 0) {
      int at = random.nextInt(url.length());
      String odd = String.valueOf((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x3000));
      url = url.substring(0, at) + odd + url.substring(at + random.nextInt(2));
    }
    return url;
  }

  private void words(ArrayNode into) {
    for (int i = random.nextInt(4); i > 0; i--) {
      into.add(word());
    }
  }

  private String word() {
    return oneOf(WORDS);
  }

  private static List<String> of(String tenant, Map<String, List<String>> ids) {
    return ids.computeIfAbsent(tenant, _ -> new ArrayList<>());
  }

  private <T> T oneOf(List<T> things) {
    return things.get(random.nextInt(things.size()));
  }

  private boolean answered(HttpResponse<String> response) throws Exception {
    if (response.statusCode() / 100 == 2) {
      accepted++;
      return true;
    }
    JsonNode problem = JSON.readTree(response.body());
    if (response.statusCode() / 100 != 4 || problem.path("detail").asText().isEmpty()) {
      throw new AssertionError(response.request() + ": " + response + " " + response.body());
    }
    refused++;
    return false;
  }
}
