package io.mantle.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a scripted peer: what a real control plane does only when something breaks. */
final class AdminApiTest {
  private static final String LOST = "";

  private final Deque<Scripted> script = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private AdminApi api;

  /** An answer; an empty body for one that is lost on its way. */
  private record Scripted(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    api = new AdminApi(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "token");
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    Scripted next = script.remove();
    if (!next.body().equals(LOST)) {
      byte[] body = next.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(next.status(), body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Test
  void post_whoseAnswerIsLost_isSentAgainUnderTheSameKey() throws Exception {
    script.add(new Scripted(0, LOST));
    script.add(new Scripted(503, "{}"));
    script.add(new Scripted(201, "{\"id\":\"x\"}"));

    assertThat(api.post("/tenants", JsonNodeFactory.instance.objectNode()).path("id").asText())
        .isEqualTo("x");

    assertThat(asked).hasSize(3);
    assertThat(asked.stream().distinct())
        .singleElement()
        .asString()
        .matches("POST /api/v1/tenants [0-9a-f-]{36}");
  }

  @Test
  void list_ofSeveralPages_isReadWhole() throws Exception {
    script.add(new Scripted(200, "{\"data\":[1,2],\"next\":\"b\"}"));
    script.add(new Scripted(200, "{\"data\":[3],\"next\":null}"));

    assertThat(api.list("/tenants/a/keys")).hasSize(3);
    assertThat(asked.getLast()).startsWith("GET /api/v1/tenants/a/keys?limit=200&after=b");
  }

  @Test
  void refusal_isToldWithItsFieldAndNotRepeated() {
    script.add(new Scripted(422, "{\"detail\":\"It is wrong.\",\"field\":\"models[0]\"}"));

    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> api.put("/tenants/a", JsonNodeFactory.instance.objectNode(), "\"1\""));

    assertThat(refused.reason()).isEqualTo("It is wrong. (HTTP 422)");
    assertThat(refused.field()).isEqualTo("models[0]");
    assertThat(refused.isConflict()).isFalse();
    assertThat(asked).hasSize(1);
  }

  @Test
  void answer_thatIsNotOfAControlPlane_isNotQuoted() {
    script.add(new Scripted(200, "<html>secret</html>"));

    assertThatThrownBy(() -> api.list("/tenants"))
        .isInstanceOf(IOException.class)
        .hasMessage("what answers is no control plane: HTTP 200");
  }
}
