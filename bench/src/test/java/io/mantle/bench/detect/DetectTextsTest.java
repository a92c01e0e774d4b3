package io.mantle.bench.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.Detectors;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DetectTextsTest {

  @Test
  void ordinary_texts_areOfOneKbAndDiffer() {
    List<String> texts = DetectTexts.ordinary();
    assertThat(texts).doesNotHaveDuplicates().allMatch(text -> text.length() == DetectTexts.KB);
    assertThat(texts).hasSizeGreaterThan(30);
  }

  @Test
  void ordinary_texts_holdWhatThereIsToFind() {
    Detector detector = Detectors.ofRules();
    Set<EntityType> found =
        DetectTexts.ordinary().stream()
            .flatMap(text -> detector.detect(new Plaintext(text)).stream())
            .map(Span::type)
            .collect(Collectors.toSet());
    assertThat(found)
        .contains(
            EntityType.EMAIL,
            EntityType.PHONE,
            EntityType.CREDIT_CARD,
            EntityType.IBAN,
            EntityType.IP);
  }

  @Test
  void hostile_texts_areAsLongAsAsked() {
    assertThat(DetectTexts.hostile(1_000).values()).allMatch(text -> text.length() == 1_000);
    assertThat(DetectTexts.ofLength(100_000)).hasSize(100_000);
  }

  @Test
  void hostile_texts_costNoMoreThanAFewOrdinaryOnes() {
    Detector detector = Detectors.ofRules();
    int chars = 64 << 10;
    String ordinary = DetectTexts.ofLength(chars);
    Timing.leastCpuMillis(detector, ordinary, 10);
    double usual = Timing.leastCpuMillis(detector, ordinary, 5);
    DetectTexts.hostile(chars)
        .forEach(
            (name, text) ->
                // What is not linear would be hundreds of times slower at this length.
                assertThat(Timing.leastCpuMillis(detector, text, 5))
                    .as(name)
                    .isLessThan(50 * usual));
  }
}
