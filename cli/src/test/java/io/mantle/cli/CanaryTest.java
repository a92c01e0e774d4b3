package io.mantle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The canary against a small gateway that masks, or does not, by plain replacement. */
final class CanaryTest {
  private static final String KEY = "sk-mantle-canary";

  private final LoopbackHttp http = new LoopbackHttp();
  private final Canary canary;
  private final HttpServer gateway;

  CanaryTest() throws IOException {
    canary = Canary.start();
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    gateway.start();
  }

  @AfterEach
  void stop() {
    http.close();
    gateway.stop(0);
    canary.close();
  }

  @Test
  void whyNot_maskedAndRestored_isEmpty() throws Exception {
    serve(CanaryTest::mask, CanaryTest::restore);

    assertThat(canary.whyNot(http, baseUrl(), KEY)).isEmpty();
  }

  @Test
  void whyNot_nothingMasked_stopsTheRun() {
    serve(text -> text, text -> text);

    assertThatThrownBy(() -> canary.whyNot(http, baseUrl(), KEY))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("unmasked");
  }

  @Test
  void whyNot_notRestored_saysSo() throws Exception {
    serve(CanaryTest::mask, text -> text);

    assertThat(canary.whyNot(http, baseUrl(), KEY))
        .hasValueSatisfying(reason -> assertThat(reason).contains("not restored"));
  }

  @Test
  void whyNot_gatewayRefuses_saysTheStatus() throws Exception {
    gateway.createContext("/", exchange -> reply(exchange, 503, ""));

    assertThat(canary.whyNot(http, baseUrl(), KEY))
        .hasValueSatisfying(reason -> assertThat(reason).contains("503"));
  }

  private static String mask(String text) {
    return text.replace("Maria Garcia", "#1").replace("maria.garcia", "#2");
  }

  /** Streamed text arrives in pieces: they are put together in one event before restoring. */
  private static String restore(String answer) {
    String joined =
        answer
            .replaceAll(
                "\"},\"logprobs\":null,\"finish_reason\":null}]}\\s+data: [^\\n]*?\"content\":\"",
                "")
            .replaceAll("\\R\\R", "\n\n");
    return joined.replace("#1", "Maria Garcia").replace("#2", "maria.garcia");
  }

  private void serve(UnaryOperator<String> request, UnaryOperator<String> response) {
    gateway.createContext(
        "/v1/chat/completions",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          reply(exchange, 200, response.apply(forward(request.apply(body))));
        });
  }

  private String forward(String body) throws IOException {
    try {
      HttpResponse<String> answer =
          http.post(URI.create(canary.upstream() + "/chat/completions"), "provider", body);
      return answer.body();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private URI baseUrl() {
    return URI.create("http://127.0.0.1:" + gateway.getAddress().getPort() + "/v1");
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
