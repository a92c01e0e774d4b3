package io.mantle.bench.rehydrate;

import io.mantle.privacy.Masking;
import io.mantle.privacy.PrivacyEngine;
import io.mantle.privacy.UnmaskableException;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Examination;
import io.mantle.privacy.rehydrate.Restoration;
import io.mantle.privacy.surrogate.SurrogateMint;
import io.mantle.privacy.value.Action;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.PrivacyPolicy;
import io.mantle.privacy.value.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Made-up conversations about made-up people, masked as a request is; only the finding is left out:
 * what is private is known here.
 */
final class People {
  private static final List<String> FIRST =
      List.of(
          "Maria", "James", "Linda", "Robert", "Susan", "Thomas", "Karen", "Daniel", "Anna", "Paul",
          "Emily", "George", "Laura", "Peter", "Julia", "Henry", "Sarah", "Walter", "Diana",
          "Oscar");
  private static final List<String> LAST =
      List.of(
          "Garcia",
          "Johnson",
          "Williams",
          "Brown",
          "Miller",
          "Wilson",
          "Anderson",
          "Taylor",
          "Thompson",
          "Jackson",
          "Harrison",
          "Robinson",
          "Peterson",
          "Crawford",
          "Morrison",
          "Sullivan",
          "Fletcher",
          "Goodwin",
          "Lambert",
          "Whitaker");

  /** One value as it left and as it was. */
  record Value(EntityType type, String surrogate, String original) {}

  /** One conversation: what left in it and what restores its answers. */
  record Conversation(List<Value> values, Restoration restoration) {}

  private final PrivacyEngine engine;
  private final Random random;
  private int made;

  People(SurrogateMint mint, long seed) {
    engine = new PrivacyEngine(text -> List.of(), mint);
    random = new Random(seed);
  }

  /** A conversation about so many people, each with an address and numbers. */
  Conversation conversation(int people) throws UnmaskableException {
    StringBuilder text = new StringBuilder("Please draft a letter.");
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < people; i++) {
      int number = random.nextInt(LAST.size());
      String first = FIRST.get(random.nextInt(FIRST.size()));
      String last = LAST.get(number);
      append(text, spans, EntityType.PERSON, first + " " + last);
      String mailbox = (first + "." + last).toLowerCase(Locale.ROOT) + i;
      append(text, spans, EntityType.EMAIL, mailbox + "@acme-mail.com");
      append(
          text,
          spans,
          EntityType.CREDIT_CARD,
          "4539 " + digits(4) + " " + digits(4) + " " + digits(4));
      append(
          text,
          spans,
          EntityType.IBAN,
          "DE" + digits(2) + " " + digits(4) + " " + digits(4) + " " + digits(4) + " " + digits(4)
              + " " + digits(2));
      append(
          text, spans, EntityType.PHONE, "+1 415 " + (200 + random.nextInt(700)) + " " + digits(4));
      append(
          text,
          spans,
          EntityType.DATE_OF_BIRTH,
          String.format(
              Locale.ROOT,
              "%d-%02d-%02d",
              1940 + random.nextInt(60),
              1 + random.nextInt(12),
              1 + random.nextInt(28)));
    }
    Detector known = plain -> spans;
    Map<EntityType, Action> actions = new EnumMap<>(EntityType.class);
    for (EntityType type : EntityType.values()) {
      actions.put(type, Action.SUBSTITUTE);
    }
    ConversationKey key =
        ConversationKey.derive(new byte[32], ("bench " + made++).getBytes(StandardCharsets.UTF_8));
    Masking masking =
        engine.mask(
            List.of(new Plaintext(text.toString())),
            key,
            new Examination(known, new PrivacyPolicy(actions)));
    if (!(masking instanceof Masking.Masked masked)) {
      throw new IllegalStateException("nothing is blocked here");
    }
    List<Value> values = new ArrayList<>();
    for (Masking.Replacement r : masked.replacements()) {
      values.add(new Value(r.type(), r.surrogate(), text.substring(r.start(), r.end())));
    }
    return new Conversation(List.copyOf(values), masked.restoration());
  }

  private void append(StringBuilder text, List<Span> spans, EntityType type, String value) {
    text.append(" The ").append(type.name().toLowerCase(Locale.ROOT)).append(" is ");
    spans.add(new Span(text.length(), text.length() + value.length(), type, 1));
    text.append(value).append('.');
  }

  private String digits(int count) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append(1 + random.nextInt(9));
    }
    return digits.toString();
  }
}
