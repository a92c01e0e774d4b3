package io.mantle.bench.provider;

import io.mantle.bench.prompt.Delivery;
import io.mantle.bench.prompt.Prompt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A provider that costs next to nothing: one thread, answers made by copying. It listens on several
 * ports of loopback, one for each way that leads to it, and counts for each the requests and those
 * in which a private value was found.
 *
 * <p>Its standard output says {@code ports A B C}; to each line on its standard input it answers
 * with the counts {@code requests:leaks} of each port. It ends with its standard input.
 */
public final class EchoProvider {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Selector selector = Selector.open();
  private final List<Port> ports = new ArrayList<>();
  private final PriorityQueue<PacedAnswer> paced =
      new PriorityQueue<>(Comparator.comparingLong(PacedAnswer::dueNanos));

  private EchoProvider(int portCount) throws IOException {
    for (int i = 0; i < portCount; i++) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
      listener.configureBlocking(false);
      Port port = new Port(listener);
      listener.register(selector, SelectionKey.OP_ACCEPT, port);
      ports.add(port);
    }
  }

  /** The argument: how many ports. */
  public static void main(String[] arguments) throws IOException {
    EchoProvider provider = new EchoProvider(Integer.parseInt(arguments[0]));
    StringBuilder numbers = new StringBuilder("ports");
    for (Port port : provider.ports) {
      numbers.append(' ').append(port.number());
    }
    System.out.println(numbers);
    Thread.ofPlatform().daemon().start(provider::answerQuestions);
    provider.serve();
  }

  /** What came by one port. Written by the serving thread alone. */
  static final class Port {
    private final ServerSocketChannel listener;
    private volatile long requests;
    private volatile long leaks;

    Port(ServerSocketChannel listener) {
      this.listener = listener;
    }

    int number() throws IOException {
      return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void count(boolean leaked) {
      requests++;
      if (leaked) {
        leaks++;
      }
    }
  }

  private void answerQuestions() {
    try (BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      while (questions.readLine() != null) {
        StringBuilder counts = new StringBuilder("counts");
        ports.forEach(
            port -> counts.append(' ').append(port.requests).append(':').append(port.leaks));
        System.out.println(counts);
      }
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
    System.exit(0);
  }

  private void serve() throws IOException {
    while (true) {
      PacedAnswer next = paced.peek();
      if (next == null) {
        selector.select(this::ready);
      } else {
        long waitMillis = (next.dueNanos() - System.nanoTime()) / NANOS_PER_MILLI;
        if (waitMillis > 0) {
          selector.select(this::ready, waitMillis);
        } else {
          selector.selectNow(this::ready);
        }
        sayWhatIsDue();
      }
    }
  }

  private void sayWhatIsDue() {
    long now = System.nanoTime();
    for (PacedAnswer due = paced.peek(); due != null && due.dueNanos() <= now; due = paced.peek()) {
      paced.remove();
      try {
        if (due.writeNext()) {
          paced.add(due.later(Delivery.PACE_MILLIS * NANOS_PER_MILLI));
        }
      } catch (IOException e) {
        due.connection().close();
      }
    }
  }

  private void ready(SelectionKey key) {
    if (key.isAcceptable()) {
      accept((Port) key.attachment());
      return;
    }
    Connection connection = (Connection) key.attachment();
    try {
      Request request = connection.read();
      if (request != null) {
        answer(connection, request);
      }
    } catch (IOException e) {
      connection.close();
    }
  }

  private void accept(Port port) {
    try {
      SocketChannel channel = port.listener.accept();
      if (channel != null) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, new Connection(channel, port));
      }
    } catch (IOException e) {
      System.err.println("accept: " + e.getMessage());
    }
  }

  private void answer(Connection connection, Request request) throws IOException {
    @Nullable Prompt prompt = request.prompt();
    connection.port().count(prompt == null || request.leaks(prompt));
    if (prompt == null) {
      connection.write(Answers.unknownModel());
      return;
    }
    String text = Prompt.answerTo(request.firstLine());
    switch (prompt.delivery()) {
      case WHOLE -> connection.write(Answers.whole(text));
      case STREAMED -> {
        PacedAnswer answer =
            new PacedAnswer(connection, text, Delivery.CHUNKS, request.usageAsked(), 0);
        while (answer.writeNext()) {
          // The next one at once.
        }
      }
      case PACED ->
          paced.add(
              new PacedAnswer(
                  connection,
                  text,
                  Delivery.PACED_CHUNKS,
                  request.usageAsked(),
                  System.nanoTime()));
    }
  }
}
