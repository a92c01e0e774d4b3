package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.demo.DemoProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The proof that a run masks and restores: a prompt with a made-up person goes through the real
 * listener to an echo in this process, under a tenant of its own. What the echo received must not
 * hold the person; what came back must.
 */
final class Canary implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REQUESTS_KEPT_MAX = 64;
  private static final String NAME = "Maria Garcia";

  private final BlockingQueue<String> received;
  private final DemoProvider echo;
  private final String email;

  private Canary(BlockingQueue<String> received, DemoProvider echo) {
    this.received = received;
    this.echo = echo;
    byte[] unique = new byte[6];
    new SecureRandom().nextBytes(unique);
    this.email = "maria.garcia." + HexFormat.of().formatHex(unique) + "@mantle-canary.org";
  }

  static Canary start() throws IOException {
    BlockingQueue<String> received = new LinkedBlockingQueue<>(REQUESTS_KEPT_MAX);
    return new Canary(
        received,
        DemoProvider.start(
            (_, body) -> received.offer(new String(body, StandardCharsets.UTF_8)), Duration.ZERO));
  }

  /** The echo, for the canary's tenant. */
  URI upstream() {
    return echo.baseUrl();
  }

  /**
   * @param baseUrl of the gateway, ending in {@code /v1}
   * @throws LaunchException when the person reached the echo: that is not a matter of waiting
   */
  Optional<String> whyNot(LoopbackHttp http, URI baseUrl, String key)
      throws IOException, InterruptedException, LaunchException {
    for (boolean stream : new boolean[] {false, true}) {
      Optional<String> reason = whyNot(http, baseUrl, key, stream);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    echo.close();
  }

  private Optional<String> whyNot(LoopbackHttp http, URI baseUrl, String key, boolean stream)
      throws IOException, InterruptedException, LaunchException {
    received.clear();
    URI url = URI.create(baseUrl + "/chat/completions");
    HttpResponse<String> answer = http.post(url, key, request(stream));
    List<String> seen = List.copyOf(received);
    if (seen.stream().anyMatch(body -> body.contains(NAME) || body.contains(email))) {
      throw LaunchException.failed(
          "the canary's name or e-mail reached the provider unmasked; nothing may be sent through this");
    }
    if (answer.statusCode() != 200) {
      return Optional.of("the gateway answered HTTP " + answer.statusCode());
    }
    if (seen.isEmpty()) {
      return Optional.of("the answer did not come from the canary's own provider");
    }
    String text = stream ? streamedText(answer.body()) : wholeText(answer.body());
    return text.contains(NAME) && text.contains(email)
        ? Optional.empty()
        : Optional.of("the canary's values were not restored in the answer");
  }

  private String request(boolean stream) {
    ObjectNode request = JSON.createObjectNode().put("model", "canary").put("stream", stream);
    request
        .putArray("messages")
        .addObject()
        .put("role", "user")
        .put("content", "Hello, my name is " + NAME + " and my e-mail address is " + email + ".");
    return request.toString();
  }

  private static String wholeText(String body) throws IOException {
    return JSON.readTree(body).at("/choices/0/message/content").asText();
  }

  private static String streamedText(String body) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : body.lines().toList()) {
      if (line.startsWith("data: {")) {
        JsonNode chunk = JSON.readTree(line.substring("data: ".length()));
        text.append(chunk.at("/choices/0/delta/content").asText(""));
      }
    }
    return text.toString();
  }
}
