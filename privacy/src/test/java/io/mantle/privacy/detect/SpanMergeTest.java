package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import org.junit.jupiter.api.Test;

class SpanMergeTest {
  private static final String TEXT = "abcdefgh (klmnopqrst) vwxyzabcdefghijklm";

  private final SpanMerge merge = new SpanMerge(new Passage(TEXT));

  @Test
  void add_spanWithin_isDropped() {
    Span email = add(10, 20, EntityType.EMAIL);
    add(12, 16, EntityType.PERSON);
    add(10, 20, EntityType.PERSON);

    assertThat(merge.spans()).containsExactly(email);
  }

  @Test
  void add_spanThatSticksOut_isClippedToItsWords() {
    Span email = add(10, 20, EntityType.EMAIL);
    add(2, 30, EntityType.PERSON);

    assertThat(merge.spans())
        .containsExactly(
            new Span(2, 8, EntityType.PERSON, 0.5),
            email,
            new Span(22, 30, EntityType.PERSON, 0.5));
  }

  @Test
  void add_littleSticksOut_isDropped() {
    Span email = add(10, 20, EntityType.EMAIL);
    add(6, 12, EntityType.PERSON);
    add(18, 25, EntityType.PERSON);

    assertThat(merge.spans()).containsExactly(email);
  }

  @Test
  void add_spanOverSeveral_keepsWhatIsBetween() {
    Span first = add(0, 4, EntityType.EMAIL);
    Span second = add(10, 20, EntityType.EMAIL);
    Span third = add(27, 30, EntityType.EMAIL);
    add(2, 40, EntityType.PHONE);

    assertThat(merge.spans())
        .containsExactly(
            first,
            new Span(4, 8, EntityType.PHONE, 0.5),
            second,
            new Span(22, 27, EntityType.PHONE, 0.5),
            third,
            new Span(30, 40, EntityType.PHONE, 0.5));
  }

  @Test
  void add_spansThatTouch_bothStayInOrder() {
    Span second = add(10, 20, EntityType.EMAIL);
    Span third = add(20, 21, EntityType.PHONE);
    Span first = add(9, 10, EntityType.PERSON);

    assertThat(merge.spans()).containsExactly(first, second, third);
  }

  private Span add(int start, int end, EntityType type) {
    Span span = new Span(start, end, type, 0.5);
    merge.add(span);
    return span;
  }
}
