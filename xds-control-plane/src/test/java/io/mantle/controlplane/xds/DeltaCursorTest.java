package io.mantle.controlplane.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.mantle.controlplane.snapshot.Versioned;
import io.mantle.controlplane.snapshot.VersionedSet;
import io.mantle.controlplane.xds.DeltaCursor.Batch;
import io.mantle.controlplane.xds.DeltaCursor.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class DeltaCursorTest {
  private final VersionedSet.Draft<StringValue> current = new VersionedSet.Draft<>();
  private @Nullable DeltaCursor<StringValue> following;

  @Test
  void next_peerHoldsNothing_sendsAll() {
    put("a", "1");
    put("b", "1");
    DeltaCursor<StringValue> cursor = cursor(Map.of());

    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a", "b");
    assertThat(cursor.next(Kind.ALL)).as("while one is underway").isEmpty();
    cursor.accepted();
    assertThat(cursor.isInSync()).isTrue();
    assertThat(cursor.next(Kind.ALL)).isEmpty();
  }

  @Test
  void next_peerReconnects_sendsOnlyWhatDiffersAndWhatIsGone() {
    put("same", "1");
    put("changed", "2");
    put("new", "1");
    DeltaCursor<StringValue> cursor = cursor(Map.of("same", "1", "changed", "1", "gone", "1"));

    Batch<StringValue> batch = cursor.next(Kind.ALL).orElseThrow();

    assertThat(batch.changed()).extracting(Versioned::name).containsExactly("changed", "new");
    assertThat(batch.removed()).containsExactly("gone");
  }

  @Test
  void next_changesOnly_leavesRemovalsForLater() {
    put("new", "1");
    DeltaCursor<StringValue> cursor = cursor(Map.of("gone", "1"));

    Batch<StringValue> changes = cursor.next(Kind.CHANGES).orElseThrow();
    cursor.accepted();
    assertThat(changes.removed()).isEmpty();
    assertThat(cursor.isBehind(Kind.CHANGES)).isFalse();
    assertThat(cursor.isBehind(Kind.REMOVALS)).isTrue();
    assertThat(cursor.next(Kind.REMOVALS).orElseThrow().removed()).containsExactly("gone");
  }

  @Test
  void next_manyEntries_splitsThem() {
    for (int i = 0; i < 2 * DeltaCursor.BATCH_ENTRIES_MAX + 1; i++) {
      put("tenant-" + i, "1");
    }
    DeltaCursor<StringValue> cursor = cursor(Map.of());
    List<Integer> sizes = new ArrayList<>();
    for (Optional<Batch<StringValue>> batch = cursor.next(Kind.ALL);
        batch.isPresent();
        batch = cursor.next(Kind.ALL)) {
      sizes.add(batch.get().changed().size());
      assertThat(cursor.isLastUnderway()).isEqualTo(sizes.size() == 3);
      cursor.accepted();
    }

    assertThat(sizes)
        .containsExactly(DeltaCursor.BATCH_ENTRIES_MAX, DeltaCursor.BATCH_ENTRIES_MAX, 1);
    assertThat(cursor.isInSync()).isTrue();
  }

  @Test
  void next_largeEntries_splitsThemByBytes() {
    put("a", "1", DeltaCursor.BATCH_BYTES_MAX);
    put("b", "1", DeltaCursor.BATCH_BYTES_MAX + 1);
    DeltaCursor<StringValue> cursor = cursor(Map.of());

    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a");
    cursor.accepted();
    assertThat(names(cursor.next(Kind.ALL))).containsExactly("b");
  }

  @Test
  void rejected_oneBadAmongMany_isFoundAndTheRestIsTaken() {
    for (int i = 0; i < 100; i++) {
      put("tenant-" + i, "1");
    }
    DeltaCursor<StringValue> cursor = cursor(Map.of());
    Set<String> taken = new HashSet<>();
    int batches = 0;
    for (Optional<Batch<StringValue>> batch = cursor.next(Kind.ALL);
        batch.isPresent();
        batch = cursor.next(Kind.ALL)) {
      batches++;
      if (batch.get().names().contains("tenant-37")) {
        cursor.rejected();
      } else {
        taken.addAll(batch.get().names());
        cursor.accepted();
      }
    }

    assertThat(taken).hasSize(99).doesNotContain("tenant-37");
    assertThat(batches).as("logarithmic, and no loop on the refusal").isLessThan(20);
    assertThat(cursor.isInSync()).isFalse();
    assertThat(cursor.isBehind(Kind.ALL)).isFalse();
  }

  @Test
  void rejected_contentChanges_isSentAgain() {
    put("a", "bad");
    DeltaCursor<StringValue> cursor = cursor(Map.of("a", "1"));
    assertThat(cursor.next(Kind.ALL)).isPresent();
    cursor.rejected();
    assertThat(cursor.next(Kind.ALL)).as("the same again").isEmpty();

    put("a", "2");
    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a");
    cursor.accepted();
    assertThat(cursor.isInSync()).isTrue();
  }

  @Test
  void rejected_contentGoesBack_isSentForThePeerMayHoldLessOfIt() {
    put("a", "bad");
    DeltaCursor<StringValue> cursor = cursor(Map.of("a", "1"));
    assertThat(cursor.next(Kind.ALL)).isPresent();
    cursor.rejected();

    put("a", "1");
    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a");
    cursor.accepted();
    assertThat(cursor.isInSync()).isTrue();
    assertThat(cursor.refused(1)).isEmpty();
  }

  @Test
  void changes_whileABatchIsUnderway_areSentAfterIt() {
    put("a", "1");
    DeltaCursor<StringValue> cursor = cursor(Map.of());
    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a");
    put("a", "2");
    put("b", "1");
    assertThat(cursor.isLastUnderway()).isFalse();
    cursor.accepted();

    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a", "b");
    cursor.accepted();
    assertThat(cursor.isInSync()).isTrue();
  }

  @Test
  void abandoned_batch_isSentAgain() {
    put("a", "1");
    DeltaCursor<StringValue> cursor = cursor(Map.of("gone", "1"));
    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a", "gone");
    cursor.abandoned();

    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a", "gone");
  }

  @Test
  void heardAt_isThatOfTheOldestChange_andNoneForWhatWasSoBefore() {
    put("a", "1");
    DeltaCursor<StringValue> cursor = cursor(Map.of());
    assertThat(cursor.next(Kind.ALL).orElseThrow().heardAtNanos()).isEmpty();
    cursor.accepted();
    current.put(versioned("a", "2"));
    cursor.follow(current.finish(), 7);
    current.put(versioned("b", "1"));
    cursor.follow(current.finish(), 9);
    current.put(versioned("a", "3"));
    cursor.follow(current.finish(), 11);

    assertThat(cursor.next(Kind.ALL).orElseThrow().heardAtNanos()).hasValue(7L);
  }

  @Test
  void kept_isNotRemovedUntilItIsKeptNoMore() {
    put("a", "1");
    current.finish();
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of("a", "1", "kept", "1", "gone", "1"));
    current.put(versioned("b", "1"));
    cursor.follow(current.finish(), Set.of("kept", "unheld")::contains, 0);

    assertThat(names(cursor.next(Kind.ALL))).containsExactly("b", "gone");
    assertThat(cursor.isLastUnderway()).isTrue();
    cursor.accepted();
    assertThat(cursor.isBehind(Kind.ALL)).isFalse();
    assertThat(cursor.isInSync()).as("it holds all there is").isTrue();

    current.put(versioned("a", "2"));
    cursor.follow(current.finish(), 0);
    assertThat(cursor.isInSync()).isFalse();
    assertThat(names(cursor.next(Kind.ALL))).containsExactly("a", "kept");
    cursor.accepted();
    assertThat(cursor.isInSync()).isTrue();
  }

  @Test
  void kept_thatBecomesCurrent_isSent() {
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of("kept", "1"));
    cursor.follow(current.finish(), "kept"::equals, 0);
    assertThat(cursor.next(Kind.ALL)).isEmpty();
    current.put(versioned("kept", "2"));
    cursor.follow(current.finish(), 0);

    assertThat(names(cursor.next(Kind.ALL))).containsExactly("kept");
    cursor.accepted();
    assertThat(cursor.isInSync()).isTrue();
  }

  /**
   * Whatever changes, reconnects and is refused meanwhile: in the end the peer holds all there is.
   */
  @RepeatedTest(50)
  void peer_afterAnyChangesInAnyOrder_holdsWhatIsCurrent(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Map<String, String> held = new HashMap<>();
    Map<String, String> should = new HashMap<>();
    DeltaCursor<StringValue> cursor = cursor(held);
    for (int step = 0; step < 400; step++) {
      String name = "t" + random.nextInt(30);
      switch (random.nextInt(8)) {
        case 0 -> {
          current.remove(name);
          should.remove(name);
          cursor.follow(current.finish(), step);
        }
        case 1, 2 -> {
          String version = random.nextInt(6) == 0 ? "bad" + random.nextInt(3) : "v" + step;
          put(name, version);
          should.put(name, version);
        }
        case 3 -> {
          if (random.nextInt(10) == 0) {
            cursor = cursor(held); // it reconnects; what was underway may have been taken
          }
        }
        default -> exchange(cursor, List.of(Kind.values()).get(random.nextInt(3)), held, random);
      }
    }
    should.replaceAll((_, version) -> version.startsWith("bad") ? "good" : version);
    should.forEach(this::put);
    while (exchange(cursor, Kind.ALL, held, random)) {}

    assertThat(held).isEqualTo(should);
    assertThat(cursor.isInSync()).isTrue();
    assertThat(cursor.isBehind(Kind.ALL)).isFalse();
    assertThat(cursor.refused(1)).isEmpty();
  }

  private static boolean exchange(
      DeltaCursor<StringValue> cursor, Kind kind, Map<String, String> held, Random random) {
    Optional<Batch<StringValue>> batch = cursor.next(kind);
    if (batch.isEmpty()) {
      return false;
    }
    if (random.nextInt(20) == 0) {
      cursor.abandoned();
    } else if (batch.get().changed().stream().anyMatch(one -> one.version().startsWith("bad"))) {
      cursor.rejected();
    } else {
      batch.get().changed().forEach(one -> held.put(one.name(), one.version()));
      batch.get().removed().forEach(held::remove);
      cursor.accepted();
    }
    return true;
  }

  /** A cursor that is told of each {@link #put} from here on. */
  private DeltaCursor<StringValue> cursor(Map<String, String> held) {
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(held);
    // The set as one who comes now sees it: what changed in it last is not all there is.
    current.finish();
    cursor.follow(current.finish(), 0);
    following = cursor;
    return cursor;
  }

  private void put(String name, String version) {
    put(name, version, 10);
  }

  private void put(String name, String version, int sizeBytes) {
    current.put(new Versioned<>(name, version, StringValue.getDefaultInstance(), sizeBytes));
    if (following != null) {
      following.follow(current.finish(), 0);
    }
  }

  private static Versioned<StringValue> versioned(String name, String version) {
    return new Versioned<>(name, version, StringValue.getDefaultInstance(), 10);
  }

  private static List<String> names(Optional<Batch<StringValue>> batch) {
    return batch.orElseThrow().names();
  }
}
