package io.mantle.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 exchange, written and read byte by byte. It tells an answer that ended as HTTP says
 * from one that was cut off.
 */
final class RawClient implements AutoCloseable {
  private static final Duration READ_TIME_MAX = Duration.ofSeconds(20);

  private final Socket socket;
  private final InputStream in;
  private Map<String, String> headers = Map.of();
  private int status;
  private long left = -1; // bytes of the body to come, where the length is known
  private boolean chunked;
  private boolean ended;

  /**
   * A whole answer, or what came of it.
   *
   * @param whole whether it ended as HTTP says; false where it was cut off
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> headers, byte[] bytes, boolean whole) {
    String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    socket.setSoTimeout((int) READ_TIME_MAX.toMillis());
    socket.setTcpNoDelay(true);
  }

  static RawClient connect(int port) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** A chat completion: opened, sent, not yet answered. */
  static RawClient chat(int port, String key, byte[] body, String... headers) throws IOException {
    RawClient client = connect(port);
    client.write(request("POST", "/v1/chat/completions", key, body, headers));
    return client;
  }

  /** A request with a body of a known length. */
  static byte[] request(String method, String target, String key, byte[] body, String... headers) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    head.append("host: gateway\r\n");
    if (!key.isEmpty()) {
      head.append("authorization: Bearer ").append(key).append("\r\n");
    }
    if (method.equals("POST")) {
      head.append("content-type: application/json\r\n");
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void write(String bytes) throws IOException {
    write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads everything there is to come, and leaves. */
  Answer answer() throws IOException {
    try (this) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      boolean whole = false;
      try {
        if (status == 0) {
          readHead();
        }
        byte[] piece = readPiece();
        while (piece != null) {
          body.writeBytes(piece);
          piece = readPiece();
        }
        whole = true;
      } catch (IOException e) {
        // cut off
      }
      return new Answer(status, headers, body.toByteArray(), whole);
    }
  }

  /** Waits for the status line and the headers; returns the status. */
  int readHead() throws IOException {
    String statusLine = readLine();
    status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    Map<String, String> read = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      int colon = line.indexOf(':');
      read.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    if (status == 100) {
      return readHead(); // go on, it says; the answer is to come
    }
    headers = read;
    chunked = "chunked".equals(read.get("transfer-encoding"));
    String length = read.get("content-length");
    if (length != null) {
      left = Long.parseLong(length);
    } else if (!chunked) {
      throw new EOFException("an answer of no known length");
    }
    return status;
  }

  /**
   * The next piece of the body: a chunk, or what is there of a body of known length. Null: over.
   */
  byte @Nullable [] readPiece() throws IOException {
    if (ended || (!chunked && left == 0)) {
      return null;
    }
    if (!chunked) {
      byte[] piece = new byte[(int) Math.min(left, 65_536)];
      int count = in.read(piece);
      if (count < 0) {
        throw new EOFException();
      }
      left -= count;
      return java.util.Arrays.copyOf(piece, count);
    }
    int size = Integer.parseInt(readLine(), 16);
    byte[] piece = in.readNBytes(size);
    if (piece.length < size) {
      throw new EOFException();
    }
    readLine();
    ended = size == 0;
    return ended ? null : piece;
  }

  private String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      if (b == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(b);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
