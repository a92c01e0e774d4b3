package io.mantle.bench.rehydrate;

import io.mantle.bench.rehydrate.People.Conversation;
import io.mantle.bench.rehydrate.People.Value;
import io.mantle.privacy.rehydrate.Rehydrator;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What restoring costs one thread, in CPU time, so that a busy machine does not count. */
final class Throughput {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int TEXT_CHARS = 1 << 20;
  private static final int CHARS_BETWEEN_HITS = 200;
  private static final int PIECE_CHARS = 4;
  private static final int ROUNDS = 15;
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private static final List<String> SENTENCES =
      List.of(
          "The committee met on Thursday and went through the draft line by line. ",
          "In short, the order was placed twice and only one of the parcels has arrived. ",
          "You could try to restart the service and look at the log for the first error. ",
          "Under the contract either side may give notice with 30 days before the term ends. ",
          "It rained, so we stayed inside, made tea and talked about the garden and its 12 trees. ",
          "```java\nfor (int i = 0; i < values.length; i++) {\n  sum += values[i] * 2;\n}\n```\n",
          "Please keep in mind that results may differ: see section 4.2 and the notes there. ");

  private final Conversation conversation;
  private final Random random;
  private final int rounds;

  Throughput(Conversation conversation, boolean quick, Random random) {
    this.conversation = conversation;
    this.random = random;
    this.rounds = quick ? ROUNDS / 3 : ROUNDS;
  }

  void print(PrintStream out) {
    String clean = text(false);
    String full = text(true);
    out.println("\nThroughput of one thread, MB/s of CPU time (median [least, most]):");
    row(out, "no hits, whole (floor 200)", clean, clean.length());
    row(out, "no hits, pieces of 4096", clean, 4096);
    row(out, "no hits, pieces of 64", clean, 64);
    row(out, "no hits, pieces of 4", clean, 4);
    row(out, "a hit each 200, whole", full, full.length());
    row(out, "a hit each 200, pieces of 4096", full, 4096);
    row(out, "a hit each 200, pieces of 64 (floor 50)", full, 64);
    row(out, "a hit each 200, pieces of 4", full, 4);
    held(out, full);
    added(out, full);
  }

  private String text(boolean hits) {
    StringBuilder text = new StringBuilder(TEXT_CHARS + 256);
    int next = CHARS_BETWEEN_HITS;
    while (text.length() < TEXT_CHARS) {
      text.append(SENTENCES.get(random.nextInt(SENTENCES.size())));
      if (hits && text.length() >= next) {
        List<Value> values = conversation.values();
        text.append(values.get(random.nextInt(values.size())).surrogate()).append(". ");
        next += CHARS_BETWEEN_HITS;
      }
    }
    return text.toString();
  }

  private void row(PrintStream out, String name, String text, int pieceChars) {
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < text.length(); at += pieceChars) {
      pieces.add(text.substring(at, Math.min(text.length(), at + pieceChars)));
    }
    double[] rates = new double[rounds];
    long kept = 0;
    long warmUntil = THREADS.getCurrentThreadCpuTime() + WARM_UP_NANOS;
    int round = -1;
    while (round < rounds) {
      long start = THREADS.getCurrentThreadCpuTime();
      Rehydrator channel = conversation.restoration().text();
      for (String piece : pieces) {
        kept += channel.accept(piece).length();
      }
      kept += channel.finish().length();
      long nanos = THREADS.getCurrentThreadCpuTime() - start;
      if (round >= 0) {
        rates[round] = text.length() * 1e3 / Math.max(1, nanos);
      }
      round += round >= 0 || start > warmUntil ? 1 : 0;
    }
    Arrays.sort(rates);
    out.printf(
        Locale.ROOT,
        "  %-42s %6.0f  [%.0f, %.0f]%n",
        name,
        kept < 0 ? 0 : rates[rounds / 2],
        rates[0],
        rates[rounds - 1]);
  }

  /** How much waits, seen after each piece: its bytes, and of how many pieces they are. */
  private void held(PrintStream out, String text) {
    Rehydrator channel = conversation.restoration().text();
    long bytes = 0;
    long pieces = 0;
    long seen = 0;
    int bytesMost = 0;
    int piecesMost = 0;
    for (int at = 0; at < text.length(); at += PIECE_CHARS) {
      int end = Math.min(text.length(), at + PIECE_CHARS);
      channel.accept(text.substring(at, end));
      int from = end - channel.heldChars();
      int held = text.substring(from, end).getBytes(StandardCharsets.UTF_8).length;
      int of = from == end ? 0 : at / PIECE_CHARS - from / PIECE_CHARS + 1;
      bytes += held;
      pieces += of;
      bytesMost = Math.max(bytesMost, held);
      piecesMost = Math.max(piecesMost, of);
      seen++;
    }
    out.printf(
        Locale.ROOT,
        "  held back after a piece of %d: %.1f bytes of %.2f events on average, %d of %d at most%n",
        PIECE_CHARS,
        (double) bytes / seen,
        (double) pieces / seen,
        bytesMost,
        piecesMost);
  }

  /** What a client waits longer because of restoration alone, by the clock. */
  private void added(PrintStream out, String text) {
    long[] first = new long[text.length() / CHARS_BETWEEN_HITS];
    long[] next = new long[text.length() / PIECE_CHARS];
    int pieces = 0;
    for (int i = 0; i < first.length; i++) {
      int from = i * CHARS_BETWEEN_HITS;
      long start = System.nanoTime();
      Rehydrator channel = conversation.restoration().text();
      channel.accept(text.substring(from, from + PIECE_CHARS));
      first[i] = System.nanoTime() - start;
      for (int at = PIECE_CHARS; at < CHARS_BETWEEN_HITS; at += PIECE_CHARS) {
        String piece = text.substring(from + at, from + at + PIECE_CHARS);
        start = System.nanoTime();
        channel.accept(piece);
        next[pieces++] = System.nanoTime() - start;
      }
    }
    out.println("  added by restoration alone, in microseconds, median and 99th of 100:");
    times(out, "to the first piece, its channel opened", first);
    times(out, "to each piece after it", Arrays.copyOf(next, pieces));
  }

  private static void times(PrintStream out, String name, long[] nanos) {
    Arrays.sort(nanos);
    double middle = nanos[nanos.length / 2] / 1e3;
    double late = nanos[(int) (nanos.length * 0.99)] / 1e3;
    out.printf(Locale.ROOT, "    %-40s %6.2f %6.2f%n", name, middle, late);
  }
}
