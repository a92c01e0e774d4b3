package io.mantle.bench.rehydrate;

import io.mantle.bench.rehydrate.People.Conversation;
import io.mantle.bench.rehydrate.People.Value;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Text about somebody else who is called nearly so, or shares a first name or a surname with
 * somebody, and numbers that are nearly the same.
 */
final class Lookalikes {
  private static final int NAMES = 6_000;
  private static final int COMMON_START = 3;

  /** What it is, and a sentence that holds it. */
  record Text(String kind, String text) {}

  private final TreeSet<String> names = new TreeSet<>();
  private final Random random;

  Lookalikes(SurrogateMint mint, Random random) {
    this.random = random;
    for (int i = 0; i < NAMES; i++) {
      ConversationKey key =
          ConversationKey.derive(new byte[32], ByteBuffer.allocate(4).putInt(i).array());
      String name = mint.candidate(key, EntityType.PERSON, new Plaintext("Maria Garcia"), i % 12);
      names.addAll(List.of(name.split(" ", -1)));
    }
  }

  /** Of a value of the conversation, but none of its values. */
  Text of(Conversation conversation) {
    while (true) {
      Text text = drawn(conversation);
      if (conversation.values().stream().noneMatch(v -> text.text().contains(v.surrogate()))) {
        return text;
      }
    }
  }

  private Text drawn(Conversation conversation) {
    Value value = conversation.values().get(random.nextInt(conversation.values().size()));
    Set<String> own =
        conversation.values().stream()
            .filter(known -> known.type() == EntityType.PERSON)
            .flatMap(known -> List.of(known.surrogate().split(" ", -1)).stream())
            .collect(Collectors.toSet());
    String surrogate = value.surrogate();
    return switch (value.type()) {
      case PERSON -> name(surrogate, own);
      case EMAIL ->
          new Text(
              "a like mailbox elsewhere",
              "Write to "
                  + surrogate.substring(0, surrogate.indexOf('@'))
                  + "@other-host.org now.");
      case DATE_OF_BIRTH ->
          new Text("another day", "It was on " + otherDigit(surrogate) + ", a Friday.");
      default -> new Text("a number with another digit", "It is " + otherDigit(surrogate) + ".");
    };
  }

  private Text name(String surrogate, Set<String> own) {
    String[] words = surrogate.split(" ", -1);
    String word = words[random.nextInt(words.length)];
    return switch (random.nextInt(6)) {
      case 0 -> new Text("another's first name in full", sharing(words[0], another(own)));
      case 1 ->
          new Text("another's surname in full", sharing(another(own), words[words.length - 1]));
      case 2 -> new Text("a longer word", "We went to " + word + "ville by " + word + "bahn.");
      case 3 ->
          new Text(
              "a word with another beginning",
              "The Mc" + word.toLowerCase(Locale.ROOT) + " case is closed.");
      case 4 -> {
        String other = alike(word, own);
        yield new Text("a like name alone", "Then " + other + " spoke to " + other + "'s boss.");
      }
      default -> {
        String other = alike(word, own);
        yield new Text(
            "a like name in full", "Then " + other + " " + alike(words[0], own) + " spoke.");
      }
    };
  }

  /** About somebody of whom one name is the conversation's, and one is not. */
  private String sharing(String first, String last) {
    return switch (random.nextInt(6)) {
      case 0 -> "We have also asked " + first + " " + last + " about it.";
      case 1 -> first + " " + last + " called in the morning.";
      case 2 -> "Thanks " + first + " " + last + "!";
      case 3 -> "It was signed by **" + first + "** " + last + ", and by " + first + " Q. " + last;
      case 4 -> "This is Mr. " + first + " " + last + "'s seat; ask " + first + "-" + last + ".";
      default -> "A " + first + "\u00a0" + last + " is listed.";
    };
  }

  /** A name of nobody in the conversation: of the lists, or one that no list has. */
  private String another(Set<String> own) {
    if (random.nextBoolean()) {
      StringBuilder made = new StringBuilder();
      for (int i = 0; i < 3; i++) {
        made.append("bdfgklmnprstvz".charAt(random.nextInt(14)));
        made.append("aeiou".charAt(random.nextInt(5)));
      }
      made.append("kx".charAt(random.nextInt(2)));
      return Character.toUpperCase(made.charAt(0)) + made.substring(1);
    }
    List<String> all = List.copyOf(names);
    String name;
    do {
      name = all.get(random.nextInt(all.size()));
    } while (own.contains(name));
    return name;
  }

  /** A name that begins alike and is not the conversation's. */
  private String alike(String word, Set<String> own) {
    List<String> alike = new ArrayList<>();
    String start = word.substring(0, Math.min(COMMON_START, word.length()));
    for (String name : names.tailSet(start)) {
      if (!name.startsWith(start)) {
        break;
      }
      if (!own.contains(name)) {
        alike.add(name);
      }
    }
    return alike.isEmpty() ? another(own) : alike.get(random.nextInt(alike.size()));
  }

  private String otherDigit(String text) {
    int at;
    do {
      at = random.nextInt(text.length());
    } while (!Character.isDigit(text.charAt(at)));
    char digit = (char) ('0' + (text.charAt(at) - '0' + 1 + random.nextInt(8)) % 10);
    return text.substring(0, at) + digit + text.substring(at + 1);
  }
}
