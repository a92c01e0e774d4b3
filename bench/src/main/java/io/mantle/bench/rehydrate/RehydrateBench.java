package io.mantle.bench.rehydrate;

import io.mantle.bench.Machine;
import io.mantle.bench.rehydrate.People.Conversation;
import io.mantle.bench.rehydrate.People.Value;
import io.mantle.bench.rehydrate.SimulatedModel.Way;
import io.mantle.privacy.UnmaskableException;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Strategy;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./mantle bench rehydrate}: how much of what a model writes comes back, how often something
 * is restored that merely looks alike, and how fast.
 */
@Command(
    name = "mantle bench rehydrate",
    mixinStandardHelpOptions = true,
    description = "What restoration gets right, and what it costs.")
public final class RehydrateBench implements Callable<Integer> {
  private static final int PEOPLE = 3;
  private static final int LOOKALIKES_OF_EACH = 40;

  private static final List<String> BEFORE =
      List.of(
          "Thank you. ",
          "As agreed, ",
          "Here is the summary: ",
          "I have noted ",
          "Please tell ",
          "According to the file it is ");
  private static final List<String> AFTER =
      List.of(
          " will be informed.", ", as you asked.", " and nobody else.", "; is that right?", ".");

  @Option(names = "--quick", description = "A fifth of the conversations and shorter timing.")
  private boolean quick;

  @Option(names = "--seed", paramLabel = "N", description = "Of all that is drawn (1).")
  private long seed = 1;

  private final PrintStream out = System.out;

  private RehydrateBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new RehydrateBench()).execute(arguments));
  }

  /** How often of how many, with the interval in which 95 of 100 such runs would be (Wilson). */
  private static final class Rate {
    private static final double Z = 1.96;

    private long hits;
    private long all;

    private void add(boolean hit) {
      hits += hit ? 1 : 0;
      all++;
    }

    private void add(Rate other) {
      hits += other.hits;
      all += other.all;
    }

    private String words() {
      if (all == 0) {
        return "none";
      }
      double p = (double) hits / all;
      double z2 = Z * Z / all;
      double middle = (p + z2 / 2) / (1 + z2);
      double half = Z * Math.sqrt(p * (1 - p) / all + z2 / (4 * all)) / (1 + z2);
      return "%7.3f %%  [%.3f, %.3f]  of %,d"
          .formatted(
              100 * p, 100 * Math.max(0, middle - half), 100 * Math.min(1, middle + half), all);
    }
  }

  @Override
  public Integer call() throws IOException, UnmaskableException {
    out.println(Machine.here().words());
    SurrogateMint mint = SurrogateMint.load();
    People people = new People(mint, seed);
    Random random = new Random(seed);
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < (quick ? 200 : 1_000); i++) {
      conversations.add(people.conversation(PEOPLE));
    }
    fidelity(conversations, random);
    lookalikes(conversations, new Lookalikes(mint, random));
    new Throughput(conversations.getFirst(), quick, random).print(out);
    return 0;
  }

  private void fidelity(List<Conversation> conversations, Random random) {
    Map<String, Rate> rates = new LinkedHashMap<>();
    Rate exact = new Rate();
    Rate tolerant = new Rate();
    Map<Strategy, Long> strategies = new EnumMap<>(Strategy.class);
    for (Way way : SimulatedModel.ways()) {
      rates.put(way.type() + ", " + way.name(), new Rate());
    }
    for (Conversation conversation : conversations) {
      for (Value value : conversation.values()) {
        List<Way> ways =
            SimulatedModel.ways().stream().filter(way -> way.type() == value.type()).toList();
        for (int i = 0; i < 4; i++) {
          Way way = drawn(ways, random);
          boolean cut = way.name().equals("cut off");
          String before = BEFORE.get(random.nextInt(BEFORE.size()));
          String after = cut ? " " : AFTER.get(random.nextInt(AFTER.size()));
          String answer = before + way.written().apply(value.surrogate()) + after;
          String expected = before + way.expected().apply(value.original()) + after;
          boolean restored = streamed(conversation, answer, random).equals(expected);
          Rate rate = rates.get(way.type() + ", " + way.name());
          if (rate != null) {
            rate.add(restored);
          }
          (way.exact() ? exact : tolerant).add(restored);
        }
      }
      conversation
          .restoration()
          .tally()
          .restored()
          .forEach((strategy, count) -> strategies.merge(strategy, count, Long::sum));
    }
    out.println("\nRestored, by the way the model wrote it:");
    rates.forEach((name, rate) -> out.printf(Locale.ROOT, "  %-38s %s%n", name, rate.words()));
    out.printf(Locale.ROOT, "  %-38s %s%n", "all exact forms (floor 99 %)", exact.words());
    out.printf(Locale.ROOT, "  %-38s %s%n", "all tolerant forms (floor 95 %)", tolerant.words());
    out.println("  strategies that took part: " + strategies);
  }

  private static Way drawn(List<Way> ways, Random random) {
    int drawn = random.nextInt(ways.stream().mapToInt(Way::weight).sum());
    for (Way way : ways) {
      drawn -= way.weight();
      if (drawn < 0) {
        return way;
      }
    }
    throw new IllegalStateException("weights are positive");
  }

  /** In pieces as a model sends them. */
  private static String streamed(Conversation conversation, String answer, Random random) {
    var channel = conversation.restoration().text();
    StringBuilder restored = new StringBuilder();
    int at = 0;
    while (at < answer.length()) {
      int next = Math.min(answer.length(), at + 1 + random.nextInt(8));
      restored.append(channel.accept(answer.substring(at, next)));
      at = next;
    }
    return restored.append(channel.finish()).toString();
  }

  private void lookalikes(List<Conversation> conversations, Lookalikes lookalikes) {
    Map<String, Rate> rates = new LinkedHashMap<>();
    Rate all = new Rate();
    for (Conversation conversation : conversations) {
      for (int i = 0; i < LOOKALIKES_OF_EACH; i++) {
        Lookalikes.Text text = lookalikes.of(conversation);
        boolean changed = !conversation.restoration().restoreText(text.text()).equals(text.text());
        rates.computeIfAbsent(text.kind(), kind -> new Rate()).add(changed);
      }
    }
    rates.values().forEach(all::add);
    out.println("\nRestored although it merely looks alike:");
    rates.forEach((name, rate) -> out.printf(Locale.ROOT, "  %-38s %s%n", name, rate.words()));
    out.printf(Locale.ROOT, "  %-38s %s%n", "all (ceiling 0.1 %)", all.words());
  }
}
