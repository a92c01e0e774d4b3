package io.mantle.bench.load;

import io.mantle.bench.prompt.Prompt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one address, and the one thread that keeps them busy.
 *
 * <p>Every answer is compared with what its prompt must give, recorded or not.
 */
public final class LoadClient implements AutoCloseable {
  private static final int READ_BYTES = 256 << 10;
  private static final long STALL_MILLIS_MAX = 20_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Address address;
  private final Selector selector = Selector.open();
  private final List<Connection> connections = new ArrayList<>();
  private final Map<Prompt, byte[]> requests = new HashMap<>();
  private int turn;
  private @Nullable Exception failure;
  private int finished;

  /** Opens as many connections as will be used at once. */
  public LoadClient(Address address, int connectionCount) throws IOException {
    this.address = address;
    ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    for (int i = 0; i < connectionCount; i++) {
      connections.add(new Connection(address, selector, in));
    }
  }

  /**
   * What one block did.
   *
   * @param nanos from the first request to the last answer
   */
  public record Block(long requests, long nanos, Recording recording) {
    public double perSecond() {
      return requests * 1e9 / nanos;
    }
  }

  /**
   * A closed loop: each connection asks again as soon as it is answered.
   *
   * @param connectionCount how many of the connections to use
   * @param nanosMax after this nothing more is asked
   */
  public Block closedLoop(List<Prompt> prompts, int connectionCount, long nanosMax)
      throws IOException, WrongAnswerException {
    Recording recording = new Recording();
    List<Connection> used = connections.subList(0, connectionCount);
    finished = 0;
    long start = System.nanoTime();
    for (Connection connection : used) {
      ask(connection, prompts, System.nanoTime(), recording);
    }
    int open = connectionCount;
    while (open > 0) {
      for (Connection connection : awaitAnswers()) {
        if (System.nanoTime() - start < nanosMax) {
          ask(connection, prompts, System.nanoTime(), recording);
        } else {
          open--;
        }
      }
    }
    return new Block(finished, System.nanoTime() - start, recording);
  }

  /**
   * An open loop: requests fall due at a steady pace, whatever becomes of those before. What waits
   * for a free connection is late, and its latency is counted from when it was due.
   */
  public Block openLoop(List<Prompt> prompts, long everyNanos, long nanosMax)
      throws IOException, WrongAnswerException {
    Recording recording = new Recording();
    List<Connection> idle = new ArrayList<>(connections);
    finished = 0;
    long start = System.nanoTime();
    long count = nanosMax / everyNanos;
    long asked = 0;
    while (finished < count) {
      long due = start + asked * everyNanos;
      long now = System.nanoTime();
      if (asked < count && due <= now && !idle.isEmpty()) {
        ask(idle.removeLast(), prompts, due, recording);
        asked++;
        continue;
      }
      boolean mayAsk = asked < count && !idle.isEmpty();
      idle.addAll(mayAsk ? await((due - now) / NANOS_PER_MILLI) : awaitAnswers());
    }
    return new Block(finished, System.nanoTime() - start, recording);
  }

  private void ask(Connection connection, List<Prompt> prompts, long due, Recording recording)
      throws IOException {
    Prompt prompt = prompts.get(turn++ % prompts.size());
    byte[] request = requests.computeIfAbsent(prompt, p -> address.request(p.body()));
    connection.send(prompt, request, due, recording);
  }

  /** Reads until an exchange ends; returns the connections whose exchange did. */
  private List<Connection> awaitAnswers() throws IOException, WrongAnswerException {
    long giveUp = System.nanoTime() + STALL_MILLIS_MAX * NANOS_PER_MILLI;
    while (System.nanoTime() < giveUp) {
      List<Connection> idle = await(STALL_MILLIS_MAX);
      if (!idle.isEmpty()) {
        return idle;
      }
    }
    throw new WrongAnswerException("no answer within " + STALL_MILLIS_MAX + " ms");
  }

  /** Reads what comes within a time; returns the connections whose exchange ended. */
  private List<Connection> await(long millisMax) throws IOException, WrongAnswerException {
    List<Connection> idle = new ArrayList<>();
    if (millisMax > 0) {
      selector.select(key -> read(key, idle), millisMax);
    } else {
      selector.selectNow(key -> read(key, idle));
    }
    Exception failed = failure;
    if (failed instanceof WrongAnswerException wrong) {
      throw wrong;
    }
    if (failed != null) {
      throw new IOException(failed);
    }
    return idle;
  }

  private void read(SelectionKey key, List<Connection> idle) {
    Connection connection = (Connection) key.attachment();
    try {
      if (connection.read()) {
        finished++;
        idle.add(connection);
      }
    } catch (IOException | WrongAnswerException e) {
      failure = e;
    }
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
