package io.mantle.privacy.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import org.junit.jupiter.api.Test;

class SpanMergeTest {
  private final SpanMerge merge = new SpanMerge();

  @Test
  void add_overlappingSpans_firstReportedStays() {
    Span email = add(10, 20, EntityType.EMAIL);
    add(5, 11, EntityType.PERSON);
    add(19, 30, EntityType.PERSON);
    add(12, 14, EntityType.PERSON);
    add(0, 40, EntityType.PERSON);

    assertThat(merge.spans()).containsExactly(email);
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
