package io.mantle.vault.kms;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key management service on loopback that answers as its API is documented, holds a real key, and
 * can be told to fail.
 */
abstract class ScriptedService implements AutoCloseable {
  private static final int IV_BYTES = 12;

  /** What becomes of a call in place of its answer. */
  enum Fault {
    BUSY,
    DOWN,
    REFUSED,
    GARBAGE,
    /** No answer until the service is closed. */
    SILENT
  }

  /** A request, read. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Asked(String method, String path, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  record Reply(int status, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final byte[] key = new byte[32];

  ScriptedService() throws IOException {
    new SecureRandom().nextBytes(key);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The master key's URI at this service. */
  abstract String uri();

  /** What its clients find in their environment. */
  abstract Map<String, String> environment() throws Exception;

  /** An environment whose credentials it does not take. */
  abstract Map<String, String> wrongEnvironment() throws Exception;

  /** A secret that the environment holds. */
  abstract String secret();

  abstract Reply answer(Asked asked) throws Exception;

  /** As it says that it does not open something. */
  abstract Reply doesNotOpen();

  String authority() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** The next calls of its key fail so, in this order. */
  void fail(Fault... next) {
    faults.addAll(Arrays.asList(next));
  }

  /** How often its key was asked for. */
  int calls() {
    return calls.get();
  }

  /** Whether a request is about the key, and not for a token. */
  boolean isOfKey(Asked asked) {
    return true;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new TreeMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
      Asked asked =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              headers,
              exchange.getRequestBody().readAllBytes());
      Reply reply = reply(asked);
      byte[] body = reply.body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(reply.status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Reply reply(Asked asked) throws IOException {
    Fault fault = null;
    if (isOfKey(asked)) {
      calls.incrementAndGet();
      fault = faults.poll();
    }
    try {
      return switch (fault) {
        case null -> answer(asked);
        case BUSY -> new Reply(429, "{\"secret\":\"words of the service\"}");
        case DOWN -> new Reply(503, "<html>words of the service</html>");
        case REFUSED -> new Reply(403, "{\"message\":\"words of the service\"}");
        case GARBAGE -> new Reply(200, "{\"plaintext\":[\"words of the service");
        case SILENT -> {
          closed.await();
          yield new Reply(500, "");
        }
      };
    } catch (GeneralSecurityException e) {
      return doesNotOpen();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  byte[] seal(byte[] clear) throws GeneralSecurityException {
    byte[] iv = new byte[IV_BYTES];
    new SecureRandom().nextBytes(iv);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, iv).doFinal(clear);
    byte[] both = Arrays.copyOf(iv, IV_BYTES + sealed.length);
    System.arraycopy(sealed, 0, both, IV_BYTES, sealed.length);
    return both;
  }

  byte[] open(byte[] sealed) throws GeneralSecurityException {
    if (sealed.length < IV_BYTES) {
      throw new GeneralSecurityException("too short");
    }
    return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, IV_BYTES))
        .doFinal(Arrays.copyOfRange(sealed, IV_BYTES, sealed.length));
  }

  private Cipher cipher(int mode, byte[] iv) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
    return cipher;
  }

  /** A member of a JSON object of one level, which is all that these APIs send. */
  static String member(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
