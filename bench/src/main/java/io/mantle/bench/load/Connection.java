package io.mantle.bench.load;

import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection of the client's, kept open: one exchange at a time. */
final class Connection implements AutoCloseable {
  private static final byte[] EVENT_END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTENT = "\"content\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SENT_AT =
      "\"system_fingerprint\":\"t".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel channel;
  private final AnswerReader answer = new AnswerReader();
  private final ByteBuffer in;
  private final StringBuilder text = new StringBuilder();

  private @Nullable Prompt prompt;
  private @Nullable Recording recording;
  private long dueNanos;
  private long lastTextNanos;
  private int eventStart;

  /**
   * @param in scratch space, shared by the connections of one thread
   */
  Connection(Address address, Selector selector, ByteBuffer in) throws IOException {
    this.in = in;
    channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), address.port()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  boolean isIdle() {
    return prompt == null;
  }

  /**
   * Sends a request.
   *
   * @param due when it should have been sent; what it waited for this client counts as latency
   * @param into null where nothing is to be recorded
   */
  void send(Prompt toAsk, byte[] request, long due, @Nullable Recording into) throws IOException {
    prompt = toAsk;
    recording = into;
    dueNanos = due;
    lastTextNanos = 0;
    eventStart = 0;
    text.setLength(0);
    answer.begin();
    ByteBuffer out = ByteBuffer.wrap(request);
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }

  /** Reads what is there; true when this ended the exchange and the answer was right. */
  boolean read() throws IOException, WrongAnswerException {
    in.clear();
    int count = channel.read(in);
    long now = System.nanoTime();
    Prompt asked = prompt;
    if (count < 0 || asked == null) {
      throw new WrongAnswerException("the connection was closed within an exchange");
    }
    answer.accept(in.flip());
    if (asked.delivery() != Delivery.WHOLE) {
      readEvents(now);
    }
    if (!answer.isDone()) {
      return false;
    }
    record(Measure.ANSWER, now - dueNanos);
    check(asked);
    prompt = null;
    return true;
  }

  private void readEvents(long now) {
    byte[] body = answer.body();
    int length = answer.bodyLength();
    for (int end = find(EVENT_END, body, eventStart, length);
        end >= 0;
        end = find(EVENT_END, body, eventStart, length)) {
      int before = text.length();
      readText(body, eventStart, end);
      int sentAt = find(SENT_AT, body, eventStart, end);
      if (sentAt >= 0) {
        record(Measure.CHUNK_DELAY, now - number(body, sentAt + SENT_AT.length));
      }
      if (text.length() > before) {
        if (lastTextNanos == 0) {
          record(Measure.FIRST_TEXT, now - dueNanos);
        } else {
          record(Measure.TEXT_GAP, now - lastTextNanos);
        }
        lastTextNanos = now;
      }
      eventStart = end + EVENT_END.length;
    }
  }

  private void readText(byte[] body, int from, int to) {
    int at = find(CONTENT, body, from, to);
    if (at >= 0) {
      int start = at + CONTENT.length;
      int end = start;
      while (end < to && body[end] != '"') {
        end++;
      }
      text.append(new String(body, start, end - start, StandardCharsets.UTF_8));
    }
  }

  private void check(Prompt asked) throws WrongAnswerException {
    if (answer.status() != 200) {
      throw new WrongAnswerException("an answer with status " + answer.status());
    }
    if (asked.delivery() == Delivery.WHOLE) {
      readText(answer.body(), 0, answer.bodyLength());
    }
    if (!asked.answer().contentEquals(text)) {
      // All of it is made up, so it may be shown.
      throw new WrongAnswerException(
          "an answer with other words than the prompt's:\n  expected %s\n  but was  %s"
              .formatted(asked.answer(), text));
    }
  }

  private void record(Measure measure, long nanos) {
    if (recording != null) {
      recording.record(measure, nanos);
    }
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = from; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }

  private static int find(byte[] what, byte[] bytes, int from, int to) {
    for (int at = from; at + what.length <= to; at++) {
      int i = 0;
      while (i < what.length && bytes[at + i] == what[i]) {
        i++;
      }
      if (i == what.length) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
