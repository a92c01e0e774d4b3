package io.mantle.bench.provider;

import io.mantle.bench.provider.EchoProvider.Port;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One connection to the provider: reads requests, one at a time, and writes answers. */
final class Connection {
  private static final int REQUEST_BYTES_MAX = 256 << 10;
  private static final String LENGTH = "content-length:";

  private final SocketChannel channel;
  private final Port port;
  private final ByteBuffer in = ByteBuffer.allocateDirect(REQUEST_BYTES_MAX);

  Connection(SocketChannel channel, Port port) {
    this.channel = channel;
    this.port = port;
  }

  Port port() {
    return port;
  }

  /** The next request, or null while it is not all there. */
  @Nullable Request read() throws IOException {
    if (channel.read(in) < 0) {
      throw new EOFException();
    }
    // Latin-1 keeps a char for a byte, and searches run at full speed.
    byte[] bytes = new byte[in.position()];
    in.get(0, bytes);
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    int bodyStart = all.indexOf("\r\n\r\n") + 4;
    if (bodyStart < 4) {
      return null;
    }
    String head = all.substring(0, bodyStart).toLowerCase(Locale.ROOT);
    int length = head.indexOf(LENGTH);
    if (length < 0) {
      throw new IOException("a request without content-length");
    }
    int lineEnd = head.indexOf('\r', length);
    int end =
        bodyStart + Integer.parseInt(head.substring(length + LENGTH.length(), lineEnd).strip());
    if (end > REQUEST_BYTES_MAX) {
      throw new IOException("a request of " + end + " bytes");
    }
    if (all.length() < end) {
      return null;
    }
    in.clear();
    return new Request(all.substring(bodyStart, end));
  }

  /** Writes all of it; the answers are small enough for the socket's buffer. */
  void write(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      System.err.println("close: " + e.getMessage());
    }
  }
}
