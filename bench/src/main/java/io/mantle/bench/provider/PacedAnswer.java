package io.mantle.bench.provider;

import java.io.IOException;

/** A streamed answer on its way: each call writes one event, in one write of the socket. */
final class PacedAnswer {
  private final Connection connection;
  private final String text;
  private final int chunks;
  private final boolean usageAsked;
  private long dueNanos;
  private int written;

  PacedAnswer(Connection connection, String text, int chunks, boolean usageAsked, long dueNanos) {
    this.connection = connection;
    this.text = text;
    this.chunks = chunks;
    this.usageAsked = usageAsked;
    this.dueNanos = dueNanos;
  }

  Connection connection() {
    return connection;
  }

  long dueNanos() {
    return dueNanos;
  }

  PacedAnswer later(long nanos) {
    dueNanos += nanos;
    return this;
  }

  /** Writes the next event, the end with the last; false when all is written. */
  boolean writeNext() throws IOException {
    String head = written == 0 ? Answers.streamHead() : "";
    String piece = text.substring(cut(written), cut(written + 1));
    written++;
    String end = written == chunks ? Answers.end(usageAsked) : "";
    connection.write(Answers.bytes(head + Answers.piece(piece, usageAsked) + end));
    return written < chunks;
  }

  /** Where the n-th piece begins: never within a character's bytes. */
  private int cut(int n) {
    int at = text.length() * n / chunks;
    while (at < text.length() && (text.charAt(at) & 0xC0) == 0x80) {
      at++;
    }
    return at;
  }
}
