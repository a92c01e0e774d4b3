package io.mantle.privacy.detect.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ParallelSearchTest {
  private static final String[] SENTENCES = {
    "Please write to Jane Kowalski at jane.kowalski@acme-mail.com about it. ",
    "The parcel was due last week and the tracking page has not changed since.\n",
    "Her number is +1 415 555 0142 and she pays with 4111 1111 1111 1111, I think. ",
    "Nothing else was changed on the account in the meantime.\n\n",
    "The server 192.168.17.4 did not answer to Robert Hoffmann in Berlin. ",
    "\ud83d\ude00 Größe unverändert; schönen Gruß an Frau Müller-Lüdenscheidt. "
  };

  /** Finds each word in capital letters: whether a span is right does not depend on the place. */
  private static final class Capitals implements Detector {
    private final AtomicInteger chars = new AtomicInteger();

    @Override
    public List<Span> detect(Plaintext text) {
      chars.addAndGet(text.length());
      String s = text.reveal();
      List<Span> spans = new ArrayList<>();
      for (int i = 0; i < s.length(); i++) {
        int start = i;
        while (i < s.length() && s.charAt(i) == 'X') {
          i++;
        }
        if (i > start) {
          spans.add(new Span(start, i, EntityType.PERSON, 1));
        }
      }
      return spans;
    }
  }

  private static String text(Random random, int chars) {
    StringBuilder text = new StringBuilder();
    while (text.length() < chars) {
      text.append(SENTENCES[random.nextInt(SENTENCES.length)]);
    }
    return text.toString();
  }

  @Test
  void spans_areTheSameOnAnyNumberOfThreads() {
    Detector detector = Detectors.standard();
    Random random = new Random(5);
    List<Plaintext> texts = new ArrayList<>();
    for (int chars : new int[] {10, 900, 5_000, 9_000, 20_000, 70_000, 0, 1}) {
      texts.add(new Plaintext(text(random, chars)));
    }
    List<List<Span>> alone = new ParallelSearch(Workers.NONE).detect(detector, texts);
    for (int threads = 2; threads <= 5; threads++) {
      try (Workers workers = new Workers(threads, () -> true)) {
        assertThat(new ParallelSearch(workers).detect(detector, texts)).isEqualTo(alone);
      }
    }
    assertThat(alone.getFirst()).isEqualTo(detector.detect(texts.getFirst()));
    assertThat(alone.get(3)).isEqualTo(detector.detect(texts.get(3)));
  }

  @Test
  void longText_isSearchedAsIfItWereNotCut() {
    Random random = new Random(9);
    for (int run = 0; run < 60; run++) {
      StringBuilder text = new StringBuilder();
      int chars = random.nextInt(60_000);
      while (text.length() < chars) {
        switch (random.nextInt(12)) {
          case 0 -> text.append("X".repeat(1 + random.nextInt(400)));
          case 1 -> text.append(random.nextBoolean() ? ".\n\n" : ". ");
          case 2 -> text.append("y".repeat(random.nextInt(900)));
          default -> text.append(" a");
        }
      }
      Plaintext plain = new Plaintext(text.toString());
      Capitals detector = new Capitals();
      List<Span> cut = new ParallelSearch(Workers.NONE).detect(detector, List.of(plain)).getFirst();
      assertThat(detector.chars.get()).isLessThan(text.length() * 5 / 4 + 1_500);
      assertThat(cut).isEqualTo(new Capitals().detect(plain));
    }
  }

  @Test
  void realDetector_findsInPiecesWhatItFindsInTheWhole() {
    Detector detector = Detectors.ofRules();
    Plaintext plain = new Plaintext(text(new Random(2), 100_000));
    assertThat(new ParallelSearch(Workers.NONE).detect(detector, List.of(plain)).getFirst())
        .isEqualTo(detector.detect(plain));
  }

  @Test
  void textThatGrows_keepsItsEarlierPieces() {
    String text = text(new Random(4), 60_000);
    Set<Plaintext> before = searched(text);
    Set<Plaintext> after = searched(text + text(new Random(6), 3_000));
    before.retainAll(after);
    assertThat(before).hasSizeGreaterThanOrEqualTo(6);
  }

  private static Set<Plaintext> searched(String text) {
    Set<Plaintext> pieces = new HashSet<>();
    Detector noting =
        piece -> {
          pieces.add(piece);
          return List.of();
        };
    assertThat(new ParallelSearch(Workers.NONE).detect(noting, List.of(new Plaintext(text))))
        .containsExactly(List.of());
    return pieces;
  }

  @Test
  void keyInManyLines_isNotCut() {
    String key =
        "-----BEGIN PRIVATE KEY-----\n" + "QUJDREVGR0hJSktMTU5P\n".repeat(900) + "-----END";
    assertThat(searched(key)).containsExactly(new Plaintext(key));
  }

  @Test
  void textWithoutAnyBreak_isOnePiece() {
    String text = "z".repeat(200_000);
    assertThat(searched(text)).containsExactly(new Plaintext(text));
  }
}
