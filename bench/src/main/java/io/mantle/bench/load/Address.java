package io.mantle.bench.load;

import java.nio.charset.StandardCharsets;

/**
 * Where requests go: a port of loopback, and the key that opens it. Prints without the key.
 *
 * @param key may be empty
 */
public record Address(int port, String key) {

  /** A request of HTTP/1.1, head and body. */
  byte[] request(byte[] body) {
    String credential = key.isEmpty() ? "" : "authorization: Bearer " + key + "\r\n";
    byte[] head =
        ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:"
                + port
                + "\r\n"
                + credential
                + "content-type: application/json\r\naccept: */*\r\nuser-agent: mantle-bench\r\ncontent-length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  @Override
  public String toString() {
    return "Address[" + port + "]";
  }
}
