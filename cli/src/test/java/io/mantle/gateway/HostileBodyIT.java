package io.mantle.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read is refused in OpenAI's shape, and nothing of it goes upstream. */
@ExtendWith(SharedStack.class)
final class HostileBodyIT {
  private static final int MAX = GatewayStack.BODY_BYTES_MAX;

  private final GatewayStack gateway;

  HostileBodyIT(GatewayStack gateway) {
    this.gateway = gateway;
  }

  @BeforeEach
  void listen() {
    gateway.provider().answers((_, wire) -> wire.json(200, Chat.answer("hi")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gzip", "br", "zstd", "deflate", "identity, gzip", "rot13", "identity,identity"})
  void contentEncoding_thatHidesTheText_isRefused(String encoding) throws Exception {
    Canary canary = Canary.hatch();

    RawClient.Answer answer =
        gateway.chat(Chat.saying(canary.prompt()), "content-encoding: " + encoding);

    assertRefused(answer, 415);
  }

  @Test
  void contentEncoding_hiddenInASecondHeader_isRefused() throws Exception {
    RawClient.Answer answer =
        gateway.chat(Chat.saying("hello"), "content-encoding: identity", "content-encoding: gzip");

    assertRefused(answer, 415);
  }

  @Test
  void gzippedBody_undeclared_isRefused() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(Chat.saying("hello").getBytes(StandardCharsets.UTF_8));
    }

    assertRefused(send(zipped.toByteArray()), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1"
      })
  void contentType_thatIsNotJsonInUtf8_isRefused(String type) throws Exception {
    byte[] body = Chat.saying("hello").getBytes(StandardCharsets.UTF_8);
    String request =
        new String(
                RawClient.request("POST", "/v1/chat/completions", GatewayStack.KEY, body),
                StandardCharsets.UTF_8)
            .replace("content-type: application/json", "content-type: " + type);

    assertRefused(sendRaw(request.getBytes(StandardCharsets.UTF_8)), 415);
  }

  @Test
  void body_withBytesThatAreNotUtf8_isRefused() throws Exception {
    String[] hostile = {
      "\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080", "\u00e2\u0082"
    };
    for (String bytes : hostile) {
      byte[] body = Chat.saying(bytes).getBytes(StandardCharsets.ISO_8859_1);

      assertRefused(send(body), 400);
    }
  }

  @Test
  void body_withAByteOrderMark_isRefused() throws Exception {
    assertRefused(send(("\ufeff" + Chat.saying("hello")).getBytes(StandardCharsets.UTF_8)), 400);
    assertRefused(send(Chat.saying("hello").getBytes(StandardCharsets.UTF_16)), 400);
  }

  @Test
  void body_absentOrEmpty_isRefused() throws Exception {
    assertRefused(send(new byte[0]), 400);
    assertRefused(
        sendRaw(
            ("POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\n"
                    + "authorization: Bearer "
                    + GatewayStack.KEY
                    + "\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8)),
        400);
  }

  @Test
  void bodyAtTheLimit_inHttp1WithALength_passesAndOneByteMoreIsRefused() throws Exception {
    assertThat(send(bodyOf(MAX)).status()).isEqualTo(200);
    assertArrivedWhole(MAX);
    RawClient.Answer refusal = send(bodyOf(MAX + 1));
    assertRefused(refusal, 413);
    assertThat(refusal.body()).contains("larger than " + MAX + " bytes");
  }

  @Test
  void bodyAtTheLimit_inHttp1Chunks_passesAndOneByteMoreIsRefused() throws Exception {
    assertThat(sendRaw(chunked(bodyOf(MAX), 7_777, "")).status()).isEqualTo(200);
    assertArrivedWhole(MAX);
    assertRefused(sendRaw(chunked(bodyOf(MAX + 1), 7_777, "")), 413);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodyAtTheLimit_inHttp2_passesAndOneByteMoreIsRefused(boolean lengthTold) throws Exception {
    try (Http2Client client = new Http2Client(gateway.port())) {
      assertThat(client.send(http2(lengthTold ? MAX : -1), bodyOf(MAX)).status()).isEqualTo(200);
    }
    assertArrivedWhole(MAX);
    try (Http2Client client = new Http2Client(gateway.port())) {
      assertRefused(client.send(http2(lengthTold ? MAX + 1 : -1), bodyOf(MAX + 1)), 413);
    }
  }

  @Test
  void bodyFarBeyondTheLimit_isRefusedOrCutOff() throws Exception {
    try (Http2Client client = new Http2Client(gateway.port())) {
      RawClient.Answer answer = client.send(http2(-1), bodyOf(20 * MAX));
      assertThat(answer.status()).isIn(0, 413);
    }
    assertNothingUpstream();
  }

  @Test
  void trailers_inHttp2_areRefused() throws Exception {
    Canary canary = Canary.hatch();
    try (Http2Client client = new Http2Client(gateway.port())) {
      byte[] body = Chat.saying("hello").getBytes(StandardCharsets.UTF_8);
      RawClient.Answer answer =
          client.sendWithTrailers(
              http2(-1), body, new DefaultHttp2Headers().add("x-note", canary.email()));

      assertRefused(answer, 400);
    }
  }

  @Test
  void trailers_inHttp1_doNotGoUpstream() throws Exception {
    Canary canary = Canary.hatch();
    byte[] body = Chat.saying("hello").getBytes(StandardCharsets.UTF_8);

    RawClient.Answer answer = sendRaw(chunked(body, 10, "x-note: " + canary.email() + "\r\n"));

    // Envoy drops HTTP/1 trailers unless it is told to pass them on.
    assertThat(answer.status()).isIn(200, 400);
    assertThat(gateway.provider().everyByte()).doesNotContain(canary.email(), "x-note");
  }

  @Test
  void internalHeaders_ofAClient_openNothing() throws Exception {
    String[] spoofed = {
      "x-mantle-internal-tenant: demo",
      "X-Mantle-Internal-Tenant: demo",
      "x-mantle-internal-route: " + gateway.demoRoute(),
      "x-mantle-internal-local: 1",
      "x-envoy-original-path: /v1/chat/completions",
      "x-envoy-upstream-rq-timeout-ms: 1",
      "x-envoy-retry-on: 5xx"
    };
    byte[] body = Chat.saying("hello").getBytes(StandardCharsets.UTF_8);

    assertRefused(
        sendRaw(
            RawClient.request("POST", "/v1/chat/completions", "sk-mantle-nobody", body, spoofed)),
        401);
    assertRefused(
        sendRaw(RawClient.request("POST", "/v1/audio/speech", GatewayStack.KEY, body, spoofed)),
        404);
    assertRefused(
        sendRaw(
            RawClient.request(
                "GET", "/v1/chat/completions", GatewayStack.KEY, new byte[0], spoofed)),
        404);
    assertRefused(
        sendRaw(
            RawClient.request(
                "POST", "/v1/chat/completions", GatewayStack.KEY, new byte[0], spoofed)),
        400);
    RawClient.Answer passed = gateway.chat(Chat.saying("I am " + Canary.NAME), spoofed);
    assertThat(passed.status()).isEqualTo(200);
    assertThat(gateway.provider().everyByte()).doesNotContain(Canary.NAME, "x-mantle", "x-envoy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nconnection: upgrade\r\nupgrade: websocket\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
        "CONNECT api.openai.com:443 HTTP/1.1\r\nhost: api.openai.com:443\r\n",
        "GET /v1/models HTTP/1.0\r\n",
        "POST /v1%2fchat%2fcompletions HTTP/1.1\r\nhost: g\r\n",
        "POST /v1/chat%5ccompletions HTTP/1.1\r\nhost: g\r\n",
        "POST http://elsewhere/v1/embeddings HTTP/1.1\r\nhost: elsewhere\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ntransfer-encoding: gzip, chunked\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-length: 5\r\ncontent-length: 6\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\n",
        "GARBAGE\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n",
        "POST /v1/chat/completions HTTP/9.9\r\nhost: g\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nbad header\r\n",
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nx: a\u0000b\r\n"
      })
  void request_thatIsNotAPlainOne_isRefusedWhereHttpAllows(String head) throws Exception {
    String request =
        head
            + "authorization: Bearer "
            + GatewayStack.KEY
            + "\r\ncontent-type: application/json\r\n\r\nhello";

    RawClient.Answer answer = sendRaw(request.getBytes(StandardCharsets.ISO_8859_1));

    assertThat(answer.status()).as(answer.body()).isIn(0, 400, 403, 404, 426, 501, 505);
    if (answer.status() != 0) {
      assertThat(Chat.isError(answer.body())).as("in shape: " + answer.body()).isTrue();
    }
    assertNothingUpstream();
  }

  @Test
  void headersFarTooLarge_areRefused() throws Exception {
    assertRefused(gateway.chat(Chat.saying("hello"), "x-large: " + "x".repeat(100_000)), 431);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/v1/chat/completions", "/chat/completions", "/", "/v1/chat/completions/"})
  void path_thatThereIsNot_is404(String path) throws Exception {
    byte[] body = Chat.saying("hello").getBytes(StandardCharsets.UTF_8);

    assertRefused(sendRaw(RawClient.request("POST", path, GatewayStack.KEY, body)), 404);
  }

  static List<SharedCases.JsonCase> jsonParsing() throws IOException {
    return SharedCases.jsonParsing();
  }

  @NeedsSharedCases
  @ParameterizedTest
  @MethodSource("jsonParsing")
  void json_asTheStandardHasIt_isJudgedSo(SharedCases.JsonCase json) throws Exception {
    assumeFalse(json.text().length > MAX - 200, "larger than this stack's limit");
    byte[] alone = json.text();
    byte[] asField =
        concat(
            "{\"model\":\"gpt-test\",\"messages\":[],\"unknown_field\":"
                .getBytes(StandardCharsets.UTF_8),
            json.text(),
            "}".getBytes(StandardCharsets.UTF_8));

    switch (json.expect()) {
      case "reject" -> assertRefused(send(alone), 400);
      case "accept" -> {
        assertThat(send(asField).status()).isEqualTo(200);
        assertThat(gateway.provider().everyByte())
            .endsWith("\r\n\r\n" + new String(asField, StandardCharsets.ISO_8859_1));
      }
      default -> {
        RawClient.Answer either = send(asField);
        if (either.status() == 200) {
          assertThat(gateway.provider().everyByte())
              .endsWith("\r\n\r\n" + new String(asField, StandardCharsets.ISO_8859_1));
        } else {
          assertRefused(either, 400);
        }
      }
    }
  }

  /** In shape, and nothing went upstream. */
  private void assertRefused(RawClient.Answer answer, int status) throws InterruptedException {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(Chat.isError(answer.body())).as("in shape: " + answer.body()).isTrue();
    assertThat(answer.headers()).doesNotContainKey("x-mantle-internal-local");
    assertNothingUpstream();
    listen();
  }

  private void assertNothingUpstream() throws InterruptedException {
    assertThat(gateway.provider().next(Duration.ofMillis(5))).isNull();
    assertThat(gateway.provider().everyByte()).isEmpty();
  }

  private void assertArrivedWhole(int length) throws InterruptedException {
    assertThat(gateway.provider().next().body()).hasSize(length);
    listen();
  }

  private RawClient.Answer send(byte[] body) throws IOException {
    return RawClient.chat(gateway.port(), GatewayStack.KEY, body).answer();
  }

  /** Sends as much as the other side takes. */
  private RawClient.Answer sendRaw(byte[] request) throws IOException {
    RawClient client = RawClient.connect(gateway.port());
    try {
      client.write(request);
    } catch (IOException e) {
      // It may have answered and closed already.
    }
    return client.answer();
  }

  private static Http2Headers http2(int length) {
    Http2Headers headers = Http2Client.chatHeaders(GatewayStack.KEY);
    return length < 0 ? headers : headers.add("content-length", Integer.toString(length));
  }

  /** A valid body of exactly that many bytes. */
  private static byte[] bodyOf(int length) {
    String empty = Chat.saying("");
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) 'x');
    byte[] head = empty.substring(0, empty.indexOf("\"\"") + 1).getBytes(StandardCharsets.UTF_8);
    byte[] tail = empty.substring(empty.indexOf("\"\"") + 1).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, body, 0, head.length);
    System.arraycopy(tail, 0, body, length - tail.length, tail.length);
    return body;
  }

  private static byte[] chunked(byte[] body, int size, String trailers) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\ncontent-type: application/json\r\n"
            + "authorization: Bearer "
            + GatewayStack.KEY
            + "\r\ntransfer-encoding: chunked\r\n\r\n";
    request.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    for (int at = 0; at < body.length; at += size) {
      int length = Math.min(size, body.length - at);
      request.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.UTF_8));
      request.write(body, at, length);
      request.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    request.writeBytes(("0\r\n" + trailers + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return request.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
