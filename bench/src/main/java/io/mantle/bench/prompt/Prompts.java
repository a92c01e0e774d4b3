package io.mantle.bench.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Sixteen prompts of each kind: made-up people, and sentences about nothing private between them.
 * Sixteen, so that nothing in the way answers from what it has just seen, and few enough that all
 * are warm.
 */
public final class Prompts {
  private static final int COUNT = 16;
  private static final int LINE_CHARS = 900;

  private static final List<String> NAMES =
      List.of(
          "Jane Smith",
          "Michael Johnson",
          "Sarah Williams",
          "David Brown",
          "Emily Davis",
          "Robert Miller",
          "Jennifer Wilson",
          "James Anderson",
          "Mary Thompson",
          "John Martin",
          "Linda Jackson",
          "Thomas White",
          "Susan Harris",
          "Daniel Clark",
          "Karen Lewis",
          "Peter Robinson");

  private static final List<String> FILLER =
      List.of(
          "The parcel was due last week and the tracking page has not changed since.",
          "Please keep the tone friendly and the letter shorter than one page.",
          "We would like to know which of the two plans is cheaper over a whole year.",
          "The screen stays dark after the update, although the lamp at the side is on.",
          "A table with three columns would be best, the totals in the last row.",
          "Nothing else was changed on the account in the meantime.",
          "If the part is not in stock, a refund is fine as well.",
          "The second invoice lists the same item twice, so the sum is too high.");

  private static final Map<String, Prompt> BY_MODEL = new HashMap<>();

  /** What a prompt is like. */
  public enum Kind {
    /** About 1 KB, holding a name, an e-mail address, a phone number and a card number. */
    PRIVATE_1K,
    /** About 1 KB, nothing private in it. */
    PLAIN_1K,
    /** About 16 KB, with the four values of another person in every KB. */
    PRIVATE_16K
  }

  static {
    for (Kind kind : Kind.values()) {
      for (Delivery delivery : Delivery.values()) {
        for (int i = 0; i < COUNT; i++) {
          Prompt prompt = make(kind, delivery, i);
          BY_MODEL.put(prompt.model(), prompt);
        }
      }
    }
  }

  private Prompts() {}

  /** All prompts of a kind, always in the same order. */
  public static List<Prompt> of(Kind kind, Delivery delivery) {
    List<Prompt> prompts = new ArrayList<>(COUNT);
    for (int i = 0; i < COUNT; i++) {
      Prompt prompt = BY_MODEL.get(model(kind, delivery, i));
      if (prompt != null) {
        prompts.add(prompt);
      }
    }
    return prompts;
  }

  /** The prompt whose request names this model. */
  public static Optional<Prompt> named(String model) {
    return Optional.ofNullable(BY_MODEL.get(model));
  }

  private static String model(Kind kind, Delivery delivery, int index) {
    return "bench-%s-%s-%d"
        .formatted(
            kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            delivery.name().toLowerCase(Locale.ROOT),
            index);
  }

  private static Prompt make(Kind kind, Delivery delivery, int index) {
    String model = model(kind, delivery, index);
    return switch (kind) {
      case PLAIN_1K -> new Prompt(model, delivery, line("", index), List.of());
      case PRIVATE_1K ->
          new Prompt(model, delivery, line(introduction(index), index), values(index));
      case PRIVATE_16K -> {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 16; i++) {
          text.append(line(introduction((index + i) % COUNT), index + i));
        }
        yield new Prompt(model, delivery, text.toString(), values(index));
      }
    };
  }

  private static String introduction(int person) {
    List<String> values = values(person);
    return "My name is %s, my e-mail is %s, my phone number is %s and I paid with card %s. "
        .formatted(values.get(0), values.get(1), values.get(2), values.get(3));
  }

  private static List<String> values(int person) {
    String name = NAMES.get(person);
    return List.of(
        name,
        name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@example.com",
        "+1 415 555 01%02d".formatted(20 + person),
        card(person));
  }

  /** A number of a range that nobody issues from, with its check digit (ISO/IEC 7812-1). */
  private static String card(int person) {
    String digits = "40000012345%04d".formatted(1_000 + 37 * person);
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      int weighted = i % 2 == 0 ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    String all = digits + (10 - sum % 10) % 10;
    return String.join(
        " ", all.substring(0, 4), all.substring(4, 8), all.substring(8, 12), all.substring(12));
  }

  private static String line(String beginning, int first) {
    StringBuilder line = new StringBuilder(beginning);
    for (int i = first; line.length() < LINE_CHARS; i++) {
      line.append(FILLER.get(i % FILLER.size())).append(' ');
    }
    return line.append('\n').toString();
  }
}
