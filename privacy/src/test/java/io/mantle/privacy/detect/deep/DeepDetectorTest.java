package io.mantle.privacy.detect.deep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.detect.deep.DeepTierException.Reason;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DeepDetectorTest {
  private static final DeepLimits LIMITS = new DeepLimits(2_000, 10_000, 2, 20, 6);
  private static final Map<String, EntityType> WORDS =
      Map.of(
          "Jane",
          EntityType.PERSON,
          "Smith",
          EntityType.PERSON,
          "maria",
          EntityType.PERSON,
          "example",
          EntityType.PERSON,
          "Lee",
          EntityType.PERSON,
          "4711",
          EntityType.NATIONAL_ID,
          "A471199",
          EntityType.NATIONAL_ID);

  private final WordListModel model = new WordListModel(WORDS, 512, 0);

  @Test
  void detect_nameTheFastTiersMiss_isFound() {
    assertThat(found(detector(), "tell maria that Jane Smith called"))
        .containsExactly("PERSON maria", "PERSON Jane Smith");
  }

  @Test
  void detect_modelSpanWithinAFixedForm_yieldsToIt() {
    assertThat(found(detector(), "Write to Jane at maria@example.com now"))
        .containsExactly("PERSON Jane", "EMAIL maria@example.com");
  }

  @Test
  void detect_modelSpanThatGoesOnWithAFastOne_makesOneSpan() {
    Detector fast = text -> spans(text, "Jane", EntityType.PERSON);
    assertThat(found(with(fast, LIMITS), "so Jane Smith-Lee called"))
        .containsExactly("PERSON Jane Smith-Lee");
  }

  @Test
  void detect_modelSpanOfAnotherType_leavesTheFastOneAsItIs() {
    Detector fast = text -> spans(text, "Jane", EntityType.ORG);
    assertThat(found(with(fast, LIMITS), "so Jane Smith called"))
        .containsExactly("ORG Jane", "PERSON Smith");
  }

  @Test
  void detect_whatIsNotPlausible_isDropped() {
    assertThat(found(detector(), "Use Jane.call() or 4711 or A471199, see Smith_x"))
        .containsExactly("NATIONAL_ID A471199");
  }

  @Test
  void detect_oneWord_isNoName() {
    assertThat(found(detector(), " Jane ")).isEmpty();
    assertThat(model.read()).isEmpty();
  }

  @Test
  void detect_sentencesThatAreCertain_areNotRead() {
    assertThat(found(detector(), "The weather is fine.\nNothing happened here.\n")).isEmpty();
    assertThat(model.read()).isEmpty();
  }

  @Test
  void detect_longText_findsNamesWhereverAWindowEnds() {
    DeepDetector detector = detector();
    for (int words = 0; words < 120; words++) {
      String text = "x ".repeat(words) + "Jane Smith " + "y ".repeat(60);
      assertThat(found(detector, text)).containsExactly("PERSON Jane Smith");
    }
  }

  @Test
  void detect_anyText_spansAreInOrderAndCoverWhatTheFastTiersFound() {
    Random random = new Random(7);
    List<String> parts =
        List.of(
            "Jane",
            "Smith",
            " ",
            "-",
            "maria",
            "@",
            "example",
            ".com",
            "\n",
            "é",
            "\ud83d\ude00",
            "4711",
            "A471199",
            " 4111 1111 1111 1111 ",
            ". ",
            "Lee",
            "'s",
            "\u0301",
            "한");
    Detector fast = Detectors.ofRules();
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      random.ints(random.nextInt(25), 0, parts.size()).forEach(i -> text.append(parts.get(i)));
      Plaintext plain = new Plaintext(text.toString());
      List<Span> spans = with(fast, LIMITS).detect(plain);
      int end = 0;
      for (Span span : spans) {
        assertThat(span.start()).isGreaterThanOrEqualTo(end);
        end = span.end();
      }
      assertThat(end).isLessThanOrEqualTo(text.length());
      for (Span span : fast.detect(plain)) {
        assertThat(spans)
            .anyMatch(deep -> deep.start() <= span.start() && deep.end() >= span.end());
      }
    }
  }

  @Test
  void detect_overrun_isRefusedByDefault() {
    DeepDetector detector = slow();
    assertThatThrownBy(() -> detector.detect(new Plaintext("so Jane went ".repeat(40))))
        .isInstanceOfSatisfying(
            DeepTierException.class, e -> assertThat(e.reason()).isEqualTo(Reason.OVERRUN))
        .hasMessageNotContaining("Jane");
    assertThat(detector.deep().overruns(Reason.OVERRUN)).isEqualTo(1);
  }

  @Test
  void forRequest_manyTexts_shareOneDeadline() {
    Detector request = slow().forRequest(OnOverrun.REFUSE);
    assertThatThrownBy(
            () -> {
              for (int text = 0; text < 10; text++) {
                request.detect(new Plaintext("so Jane went " + text));
              }
            })
        .isInstanceOf(DeepTierException.class);
  }

  @Test
  void forRequest_fastOnly_keepsWhatTheFastTiersFound() {
    DeepDetector detector = slow();
    assertThat(
            found(
                detector.forRequest(OnOverrun.FAST_ONLY),
                "so Jane wrote to maria@example.com. ".repeat(10)))
        .hasSize(10)
        .containsOnly("EMAIL maria@example.com");
    assertThat(detector.deep().overruns(Reason.OVERRUN)).isEqualTo(1);
  }

  @Test
  void detect_tooLong_isRefusedWithoutARun() {
    assertThatThrownBy(() -> detector().detect(new Plaintext("so Jane went ".repeat(1_000))))
        .isInstanceOfSatisfying(
            DeepTierException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LONG));
    assertThat(model.read()).isEmpty();
  }

  @Test
  void detect_modelFails_isRefused() {
    model.fail();
    assertThatThrownBy(() -> detector().detect(new Plaintext("so Jane went")))
        .isInstanceOfSatisfying(
            DeepTierException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FAILED));
  }

  @Test
  void detect_manyThreads_runsNoMoreAtOnceThanAllowed() throws Exception {
    WordListModel slow = new WordListModel(WORDS, 512, 5);
    DeepDetector detector = new DeepDetector(Detectors.ofRules(), new DeepTier(slow, LIMITS));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> answers =
          IntStream.range(0, 40)
              .mapToObj(i -> threads.submit(() -> found(detector, "so Jane went " + i + " times")))
              .toList();
      for (Future<List<String>> answer : answers) {
        assertThat(answer.get()).containsExactly("PERSON Jane");
      }
    }
    assertThat(slow.runningMost()).isLessThanOrEqualTo(2);
    assertThat(detector.deep().windowsRead()).isEqualTo(40);
  }

  @Test
  void close_whileTheModelRuns_waitsForIt() throws Exception {
    WordListModel slow = new WordListModel(WORDS, 512, 100);
    DeepTier deep = new DeepTier(slow, LIMITS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<String>> running =
          threads.submit(() -> found(new DeepDetector(Detectors.ofRules(), deep), "so Jane went"));
      while (slow.runningMost() == 0) {
        Thread.sleep(1);
      }
      deep.close();
      assertThat(slow.runningNow()).isZero();
      assertThat(running.get()).containsExactly("PERSON Jane");
    }
  }

  private DeepDetector detector() {
    return with(Detectors.ofRules(), LIMITS);
  }

  private static DeepDetector slow() {
    return new DeepDetector(
        Detectors.ofRules(),
        new DeepTier(new WordListModel(WORDS, 512, 30), new DeepLimits(80, 10_000, 2, 20, 6)));
  }

  private DeepDetector with(Detector fast, DeepLimits limits) {
    return new DeepDetector(fast, new DeepTier(model, limits));
  }

  private static List<Span> spans(Plaintext text, String word, EntityType type) {
    int at = text.reveal().indexOf(word);
    return List.of(new Span(at, at + word.length(), type, 0.8));
  }

  private static List<String> found(Detector detector, String text) {
    return detector.detect(new Plaintext(text)).stream()
        .map(span -> span.type() + " " + text.substring(span.start(), span.end()))
        .toList();
  }
}
