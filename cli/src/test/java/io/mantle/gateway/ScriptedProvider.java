package io.mantle.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A provider on a socket: it records every byte that arrives and answers as a test says, byte by
 * byte.
 */
final class ScriptedProvider implements AutoCloseable {

  /**
   * How a request is answered. Runs on a thread of its own; what it throws closes the connection.
   */
  @FunctionalInterface
  interface Script {
    void answer(Received request, Wire wire) throws Exception;
  }

  /**
   * A request as it arrived.
   *
   * @param head the request line and the headers, without the blank line
   */
  record Received(String head, String body) {

    /** The names of its headers in lower case, in order. */
    List<String> headerNames() {
      return head.lines()
          .skip(1)
          .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
          .toList();
    }

    String header(String name) {
      return head.lines()
          .skip(1)
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  private final String scheme;
  private final ServerSocket server;
  private final ByteArrayOutputStream everyByte = new ByteArrayOutputStream();
  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private volatile Script script = (_, wire) -> wire.json(200, "{}");

  private ScriptedProvider(String scheme, ServerSocket server) {
    this.scheme = scheme;
    this.server = server;
  }

  static ScriptedProvider start() throws IOException {
    return startOn(0);
  }

  static ScriptedProvider startOn(int port) throws IOException {
    ServerSocket server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
    return serving("http", server);
  }

  /** One that speaks TLS, and by it agrees on HTTP/1.1 alone. */
  static ScriptedProvider startSecure(SSLContext context) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 100, InetAddress.getLoopbackAddress());
    SSLParameters parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    server.setSSLParameters(parameters);
    return serving("https", server);
  }

  private static ScriptedProvider serving(String scheme, ServerSocket server) {
    ScriptedProvider provider = new ScriptedProvider(scheme, server);
    Thread.ofVirtual().name("scripted-provider").start(provider::accept);
    return provider;
  }

  URI baseUrl() {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort() + "/v1");
  }

  int port() {
    return server.getLocalPort();
  }

  /** From here on requests are answered so; what was received before is forgotten. */
  void answers(Script next) {
    script = next;
    received.clear();
    synchronized (everyByte) {
      everyByte.reset();
    }
  }

  /** The next request that arrived, waited for; null where none comes in time. */
  @Nullable Received next(Duration timeMax) throws InterruptedException {
    return received.poll(timeMax.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The request that arrived, waited for. */
  Received next() throws InterruptedException {
    Received next = next(Duration.ofSeconds(10));
    if (next == null) {
      throw new AssertionError("nothing arrived at the provider");
    }
    return next;
  }

  /** Everything that arrived since {@link #answers}, as bytes in ISO 8859-1. */
  String everyByte() {
    synchronized (everyByte) {
      return everyByte.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Thread.ofVirtual().name("scripted-provider").start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(recording(socket.getInputStream()));
      while (true) {
        Received request = read(in);
        if (request == null) {
          return;
        }
        Script now = script;
        received.add(request);
        now.answer(request, new Wire(socket, in));
      }
    } catch (Exception e) {
      // The connection ends; the other side's view of that is what a test looks at.
    }
  }

  private static @Nullable Received read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.write(b);
    }
    String text = head.toString(StandardCharsets.ISO_8859_1).strip();
    Received bare = new Received(text, "");
    String length = bare.header("content-length");
    byte[] body = length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
    return new Received(text, new String(body, StandardCharsets.UTF_8));
  }

  private InputStream recording(InputStream in) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, length);
        if (count > 0) {
          synchronized (everyByte) {
            everyByte.write(target, offset, count);
          }
        }
        return count;
      }
    };
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** The provider's end of a connection. */
  static final class Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    private Wire(Socket socket, InputStream in) throws IOException {
      this.socket = socket;
      this.in = in;
      this.out = socket.getOutputStream();
    }

    void json(int status, String body) throws IOException {
      whole(status, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    void whole(int status, String contentType, byte[] body, String... headers) throws IOException {
      StringBuilder head = head(status, contentType, headers);
      head.append("content-length: ").append(body.length).append("\r\n\r\n");
      write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      write(body);
    }

    /** Begins an answer whose length nobody knows. */
    void begin(int status, String contentType, String... headers) throws IOException {
      StringBuilder head = head(status, contentType, headers);
      head.append("transfer-encoding: chunked\r\n\r\n");
      write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    void beginEvents() throws IOException {
      begin(200, "text/event-stream; charset=utf-8");
    }

    private static StringBuilder head(int status, String contentType, String... headers) {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Said\r\n");
      head.append("content-type: ").append(contentType).append("\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      return head;
    }

    void piece(byte[] piece) throws IOException {
      write((Integer.toHexString(piece.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      write(piece);
      write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    void piece(String piece) throws IOException {
      piece(piece.getBytes(StandardCharsets.UTF_8));
    }

    /** One event, with its blank line. */
    void event(String data) throws IOException {
      piece("data: " + data + "\n\n");
    }

    void end() throws IOException {
      write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Resets the connection, whatever was said. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Whether the other side leaves within that time. */
    boolean isLeft(Duration timeMax) throws IOException {
      socket.setSoTimeout((int) timeMax.toMillis());
      try {
        return in.read() < 0;
      } catch (java.net.SocketTimeoutException e) {
        return false;
      } catch (IOException e) {
        return true; // reset
      }
    }
  }
}
