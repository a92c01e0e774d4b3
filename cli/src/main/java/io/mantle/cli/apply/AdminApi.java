package io.mantle.cli.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The admin API of one control plane, as the bearer of one token. What is sent may be sent again: a
 * POST has an {@code Idempotency-Key}, a PUT or DELETE names what it was made for, so a request
 * whose answer was lost is repeated a few times. Redirects are not followed and no proxy is used.
 */
public final class AdminApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(60);
  private static final Duration PAUSE_MIN = Duration.ofMillis(200);
  private static final int TRIES_MAX = 4;
  private static final int ANSWER_BYTES_MAX = 64 << 20;

  private final URI server;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(CONNECT_TIME_MAX)
          .build();

  /**
   * Sends nothing yet.
   *
   * @param server without {@code /api/v1}
   */
  public AdminApi(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /** A resource and the version of it. */
  record Fetched(JsonNode body, String etag) {}

  /** Empty where there is no such thing, or none that this token may see. */
  Optional<Fetched> find(String path) throws IOException, RefusedException, InterruptedException {
    HttpResponse<String> answer = send(request(path).GET());
    return answer.statusCode() == 404
        ? Optional.empty()
        : Optional.of(
            new Fetched(checked(answer), answer.headers().firstValue("ETag").orElse("*")));
  }

  /** All pages of a list; none where there is no such list. */
  List<JsonNode> list(String path) throws IOException, RefusedException, InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    forEach(path, all::add);
    return all;
  }

  /**
   * Every item of a list, page by page, however long it is.
   *
   * @throws RefusedException if the API refuses, also amid the list
   * @throws IOException if it cannot be asked, or what answers is not it
   */
  public void forEach(String path, Consumer<JsonNode> item)
      throws IOException, RefusedException, InterruptedException {
    String after = "";
    do {
      HttpResponse<String> answer = send(request(path + "?limit=200" + after).GET());
      JsonNode page = checked(answer);
      page.path("data").forEach(item);
      after = page.path("next").isTextual() ? "&after=" + page.path("next").textValue() : "";
    } while (!after.isEmpty());
  }

  JsonNode post(String path, JsonNode body)
      throws IOException, RefusedException, InterruptedException {
    return checked(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(body.toString()))));
  }

  void put(String path, JsonNode body, String etag)
      throws IOException, RefusedException, InterruptedException {
    checked(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", etag)
                .PUT(BodyPublishers.ofString(body.toString()))));
  }

  void delete(String path, String etag) throws IOException, RefusedException, InterruptedException {
    checked(send(request(path).header("If-Match", etag).DELETE()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server + "/api/v1" + path))
        .timeout(ANSWER_TIME_MAX)
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder builder)
      throws IOException, InterruptedException {
    HttpRequest request = builder.build();
    for (int tried = 1; ; tried++) {
      try {
        HttpResponse<String> answer =
            client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_BYTES_MAX));
        boolean busy = answer.statusCode() == 429 || answer.statusCode() == 503;
        if (!busy || tried == TRIES_MAX) {
          return answer;
        }
      } catch (IOException e) {
        if (tried == TRIES_MAX) {
          throw new IOException("the control plane at " + server + " does not answer", e);
        }
      }
      Thread.sleep(PAUSE_MIN.multipliedBy(1L << (2 * (tried - 1))));
    }
  }

  private static JsonNode checked(HttpResponse<String> answer)
      throws IOException, RefusedException {
    JsonNode body;
    try {
      body = JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      // Its message would quote the text.
      throw new IOException("what answers is no control plane: HTTP " + answer.statusCode());
    }
    if (answer.statusCode() / 100 == 2) {
      return body;
    }
    throw new RefusedException(
        answer.statusCode(),
        Words.printable(body.path("detail").asText("it was refused without a reason")),
        body.path("field").asText(""));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
