package io.mantle.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Small requests to the parts of this run: no proxy, HTTP/1.1, a time limit on each. Under TLS it
 * trusts the certificate that the run was given, whatever names it has, and no other.
 */
final class LoopbackHttp implements AutoCloseable {
  private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(1);
  private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client;

  /** Over plain HTTP. */
  LoopbackHttp() {
    this(builder().build());
  }

  private LoopbackHttp(HttpClient client) {
    this.client = client;
  }

  /** Where there is a certificate, it is that of the gateway of this run. */
  static LoopbackHttp trusting(Optional<Listen.Tls> tls) throws LaunchException {
    return tls.isEmpty()
        ? new LoopbackHttp()
        : new LoopbackHttp(
            builder().sslContext(PinnedCertificate.context(tls.get().certificate())).build());
  }

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(CONNECT_TIME_MAX);
  }

  int status(URI url) throws IOException, InterruptedException {
    return client.send(request(url).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  /**
   * @throws IOException also when the answer is not 200 or not JSON
   */
  JsonNode get(URI url, String bearer) throws IOException, InterruptedException {
    HttpRequest request = request(url).header("authorization", "Bearer " + bearer).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("HTTP " + answer.statusCode());
    }
    return JSON.readTree(answer.body());
  }

  HttpResponse<String> post(URI url, String bearer, String json)
      throws IOException, InterruptedException {
    HttpRequest request =
        request(url)
            .header("authorization", "Bearer " + bearer)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static HttpRequest.Builder request(URI url) {
    return HttpRequest.newBuilder(url).timeout(ANSWER_TIME_MAX);
  }
}
