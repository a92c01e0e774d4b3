package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.evaluation.JsonLines;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link Detector} promises, on any string: no exception; spans within the text, in order,
 * apart from each other, never through a pair of surrogates; the same on every call and thread.
 */
class DetectorPropertiesTest {
  private static final Detector DETECTOR = Detectors.standard();

  private static final List<String> TEXTS = new ArrayList<>();

  /** Marks and words at which recognizers begin, to be put where they do not belong. */
  private static final String[] ANCHORS = {
    "@",
    "://",
    "sk-",
    "ghp_",
    "AKIA",
    "eyJ",
    "-----BEGIN PRIVATE KEY-----",
    "password: ",
    "+49 ",
    "0x",
    "bc1q",
    "DE89",
    "4111 1111 1111 1111",
    "192.168.",
    "::1",
    "00:1a:2b",
    "Dr. ",
    "né le ",
    "12/03/2024",
    " at ",
    " dot ",
    "%40",
    "&#64;",
    "\\u0040",
    "=",
    "\"name\": \"",
    "SSN ",
    "IBAN ",
    "Jane Smith",
    "Straße 5",
    "\u200b",
    "\u202e",
    "\u0301",
    "\ufeff",
    "\uff11\uff12",
    "\u0430"
  };

  @BeforeAll
  static void read() throws IOException {
    for (String file : List.of("blind/values.jsonl", "blind/names_pl.jsonl")) {
      try (JsonLines lines =
          new JsonLines(
              Objects.requireNonNull(DetectorPropertiesTest.class.getResourceAsStream(file)))) {
        for (var next = lines.next(); next != null; next = lines.next()) {
          TEXTS.add(next.text());
        }
      }
    }
  }

  @Test
  void detect_anyUnicode_keepsItsPromise() {
    Random random = new Random(11);
    for (int round = 0; round < 3_000; round++) {
      int length = random.nextInt(300);
      StringBuilder text = new StringBuilder(length);
      for (int i = 0; i < length; i++) {
        text.append(
            switch (random.nextInt(6)) {
              case 0 -> (char) random.nextInt(0x10000); // lone surrogates, controls, unassigned
              case 1 -> (char) (0xd800 + random.nextInt(0x800));
              case 2 -> (char) (' ' + random.nextInt(95));
              case 3 -> Character.toString(random.nextInt(0x110000));
              case 4 -> (char) ('0' + random.nextInt(10));
              default -> (char) ('a' + random.nextInt(26));
            });
      }
      assertKept(text.toString());
    }
  }

  @Test
  void detect_privateTextWithDamage_keepsItsPromise() {
    Random random = new Random(13);
    for (int round = 0; round < 6_000; round++) {
      StringBuilder text = new StringBuilder(TEXTS.get(random.nextInt(TEXTS.size())));
      int edits = 1 + random.nextInt(6);
      for (int i = 0; i < edits; i++) {
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(5)) {
          case 0 -> text.insert(at, (char) (0xd800 + random.nextInt(0x800)));
          case 1 -> text.insert(at, Character.toString(0x1f600 + random.nextInt(64)));
          case 2 -> text.insert(at, ANCHORS[random.nextInt(ANCHORS.length)]);
          case 3 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
          default -> text.insert(at, (char) random.nextInt(0x250));
        }
      }
      assertKept(text.toString());
    }
  }

  @Test
  void detect_anchorsInAnyOrder_keepsItsPromise() {
    Random random = new Random(17);
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder();
      int parts = random.nextInt(30);
      for (int i = 0; i < parts; i++) {
        text.append(ANCHORS[random.nextInt(ANCHORS.length)]);
        text.append(random.nextBoolean() ? "" : HexFormat.of().toHexDigits(random.nextInt()));
      }
      assertKept(text.toString());
    }
  }

  @Test
  void detect_everyCutOfAText_keepsItsPromise() {
    String text =
        "\ud83d\ude00 Zo\u00eb M\u00fcller, zoe@example.com\ud83d\ude00, +49 30 901820, 4111 1111 1111 1111 \ud83d\ude00";
    for (int start = 0; start < text.length(); start++) {
      for (int end = start; end <= text.length(); end++) {
        assertKept(text.substring(start, end));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void detect_sharedByThreads_findsWhatOneCallFinds(int threads)
      throws InterruptedException, ExecutionException {
    List<String> texts = TEXTS.subList(0, 1_200);
    List<List<Span>> expected =
        texts.stream().map(text -> DETECTOR.detect(new Plaintext(text))).toList();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        int seed = thread;
        results.add(pool.submit(() -> findsTheSame(texts, expected, seed)));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }

  /** Each thread in an order of its own, so that different texts meet. */
  private static boolean findsTheSame(List<String> texts, List<List<Span>> expected, int seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    for (int i : order) {
      if (!DETECTOR.detect(new Plaintext(texts.get(i))).equals(expected.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static void assertKept(String text) {
    List<Span> spans = DETECTOR.detect(new Plaintext(text));
    int free = 0;
    for (Span span : spans) {
      if (span.start() < free
          || span.end() > text.length()
          || splitsPair(text, span.start())
          || splitsPair(text, span.end())) {
        throw new AssertionError(span + " after " + free + " in " + escaped(text));
      }
      free = span.end();
    }
  }

  private static boolean splitsPair(String text, int at) {
    return at > 0
        && at < text.length()
        && Character.isHighSurrogate(text.charAt(at - 1))
        && Character.isLowSurrogate(text.charAt(at));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      escaped.append(c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return escaped.toString();
  }
}
