package io.mantle.extproc.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordQueueTest {

  @Test
  void record_beyondTheNumber_isDroppedAndCounted() throws Exception {
    RecordQueue<String> queue = new RecordQueue<>(2, 100);
    queue.offer("a", 1);
    queue.offer("b", 1);
    queue.offer("c", 1);
    assertThat(queue.dropped()).isEqualTo(1);
    assertThat(queue.next(10, 100)).containsExactly("a", "b");

    queue.remove(2);
    queue.offer("d", 1);
    assertThat(queue.next(10, 100)).containsExactly("d");
    assertThat(queue.dropped()).isEqualTo(1);
  }

  @Test
  void record_beyondTheBytes_isDroppedAndCounted_untilOthersHaveLeft() throws Exception {
    RecordQueue<String> queue = new RecordQueue<>(10, 100);
    queue.offer("a", 60);
    queue.offer("b", 41);
    queue.offer("c", 40);
    assertThat(queue.dropped()).isEqualTo(1);

    queue.drop(1);
    assertThat(queue.dropped()).isEqualTo(2);
    queue.offer("d", 60);
    assertThat(queue.next(10, 100)).containsExactly("c", "d");
  }

  @Test
  void batch_isTheOldestAsFarAsTheyFit_andAtLeastOne_untilTheyAreRemoved() throws Exception {
    RecordQueue<String> queue = new RecordQueue<>(10, 100);
    queue.offer("a", 30);
    queue.offer("b", 5);
    queue.offer("c", 5);
    queue.offer("d", 5);
    assertThat(queue.next(10, 20)).containsExactly("a");
    assertThat(queue.next(10, 20)).containsExactly("a");
    queue.remove(1);
    assertThat(queue.next(2, 20)).containsExactly("b", "c");
    assertThat(queue.next(10, 10)).containsExactly("b", "c");
  }

  @Test
  void queue_closed_givesWhatItHas_andTakesNoMore() throws Exception {
    RecordQueue<String> queue = new RecordQueue<>(10, 100);
    queue.offer("a", 1);
    queue.close();
    queue.offer("b", 1);
    assertThat(queue.dropped()).isEqualTo(1);
    assertThat(queue.next(10, 100)).containsExactly("a");
    queue.remove(1);
    assertThat(queue.next(10, 100)).isEmpty();
  }
}
