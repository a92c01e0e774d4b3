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

/** Text about somebody else who is called nearly so, and numbers that are nearly the same. */
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
    return switch (random.nextInt(4)) {
      case 0 -> new Text("a longer word", "We went to " + word + "ville by " + word + "bahn.");
      case 1 ->
          new Text(
              "a word with another beginning",
              "The Mc" + word.toLowerCase(Locale.ROOT) + " case is closed.");
      case 2 -> {
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
    return alike.isEmpty() ? "Quentin" : alike.get(random.nextInt(alike.size()));
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
