package io.mantle.cli.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a free loopback port that speaks as OpenAI and as Anthropic do: {@code POST
 * /v1/chat/completions}, {@code /v1/responses} and {@code /v1/messages}, whole and streaming,
 * {@code /v1/messages/count_tokens}, and {@code GET /v1/models}.
 *
 * <p>It has no model: it answers by repeating the prompt. Each body it receives goes to its {@link
 * RequestSink} first. Requests are served side by side, each on a virtual thread; a body is at most
 * {@link #BODY_BYTES_MAX}.
 */
public final class DemoProvider implements AutoCloseable {
  static final int BODY_BYTES_MAX = 32 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BACKLOG = 128;

  static {
    // Read once by the JDK's server. Without it each small event waits for the last one's ack.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RequestSink sink;
  private final Duration betweenChunks;

  private DemoProvider(HttpServer server, RequestSink sink, Duration betweenChunks) {
    this.server = server;
    this.sink = sink;
    this.betweenChunks = betweenChunks;
  }

  /**
   * Starts it on a port that is free.
   *
   * @param betweenChunks the pause before each streamed event, which makes streaming visible
   */
  public static DemoProvider start(RequestSink sink, Duration betweenChunks) throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DemoProvider provider =
        new DemoProvider(HttpServer.create(anyPort, BACKLOG), sink, betweenChunks);
    provider.server.setExecutor(provider.threads);
    provider.server.createContext("/", provider::serve);
    provider.server.start();
    return provider;
  }

  /** Ends in {@code /v1}, as the base URL of an OpenAI client does. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
        case "POST /v1/chat/completions" -> answer(exchange, ChatAnswer::new);
        case "POST /v1/responses" -> answer(exchange, ResponsesAnswer::new);
        case "POST /v1/messages" -> answer(exchange, MessagesAnswer::new);
        case "POST /v1/messages/count_tokens" -> count(exchange);
        case "GET /v1/models" -> reply(exchange, 200, models());
        default -> reply(exchange, 404, error("the demo provider has no such endpoint"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, Function<PromptRequest, Answer> answers)
      throws IOException, InterruptedException {
    PromptRequest request = read(exchange);
    if (request == null) {
      return;
    }
    Answer answer = answers.apply(request);
    if (request.stream()) {
      stream(exchange, answer);
    } else {
      reply(exchange, 200, answer.whole());
    }
  }

  private void count(HttpExchange exchange) throws IOException {
    PromptRequest request = read(exchange);
    if (request != null) {
      reply(exchange, 200, MessagesAnswer.count(request));
    }
  }

  /** The request, or null where it was refused. */
  private @Nullable PromptRequest read(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      reply(exchange, 413, error("the body is longer than " + BODY_BYTES_MAX + " bytes"));
      return null;
    }
    sink.received(exchange.getRequestURI().getPath(), body);
    try {
      return PromptRequest.parse(body);
    } catch (IllegalArgumentException e) {
      reply(exchange, 400, error(String.valueOf(e.getMessage())));
      return null;
    }
  }

  private void stream(HttpExchange exchange, Answer answer)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("cache-control", "no-cache");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (Iterator<String> events = answer.events().iterator(); events.hasNext(); ) {
        out.write(events.next().getBytes(StandardCharsets.UTF_8));
        out.flush();
        Thread.sleep(betweenChunks);
      }
    }
  }

  private static void reply(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String models() {
    ObjectNode list = JSON.createObjectNode().put("object", "list");
    list.putArray("data")
        .addObject()
        .put("id", "demo")
        .put("object", "model")
        .put("created", 0)
        .put("owned_by", "mantle");
    return list.toString();
  }

  private static String error(String message) {
    ObjectNode root = JSON.createObjectNode().put("type", "error");
    root.putObject("error")
        .put("message", message)
        .put("type", "invalid_request_error")
        .putNull("param")
        .putNull("code");
    return root.toString();
  }
}
