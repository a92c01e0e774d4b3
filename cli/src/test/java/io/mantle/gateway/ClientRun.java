package io.mantle.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.mantle.cli.demo.DemoProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What came of one process of an official client that went through all scenarios of a script.
 *
 * @param results scenario to what the client made of it
 * @param upstream every byte that the scripted provider received
 * @param seenByDemo the bodies that the demo provider received
 */
record ClientRun(JsonNode results, String upstream, List<String> seenByDemo) {
  static final String EMAIL = "maria.garcia@nowhere.org";
  static final String PROMPT =
      "I am Maria Garcia \ud83d\ude00. Write to " + EMAIL + " about 4111 1111 1111 1111, please.";

  /** What in the prompt nobody may see. */
  static final String[] PRIVATE = {"Garcia", EMAIL, "4111 1111"};

  /** Makes tenants; returns the environment variables by which the script knows their keys. */
  interface Tenants {
    Map<String, String> create(URI demoProvider) throws Exception;
  }

  /**
   * Runs a script.
   *
   * @param script what the scripted provider answers
   */
  static ClientRun of(
      OfficialClient client,
      String scenarios,
      GatewayStack gateway,
      URI baseUrl,
      ScriptedProvider.Script script,
      Tenants tenants)
      throws Exception {
    gateway.provider().answers(script);
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    try (DemoProvider demo =
        DemoProvider.start(
            (_, body) -> seen.add(new String(body, StandardCharsets.UTF_8)), Duration.ZERO)) {
      Map<String, String> environment = new HashMap<>(tenants.create(demo.baseUrl()));
      environment.put("BASE_URL", baseUrl.toString());
      environment.put("PROMPT", PROMPT);
      environment.put("UNKNOWN_KEY", "sk-mantle-nobody");
      JsonNode results = client.run(scenarios, environment);
      return new ClientRun(results, gateway.provider().everyByte(), List.copyOf(seen));
    }
  }

  /** What came of a scenario; a slash goes down. */
  JsonNode at(String scenario) {
    return results.at("/" + scenario);
  }
}
