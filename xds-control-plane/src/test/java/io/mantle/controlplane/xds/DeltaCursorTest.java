package io.mantle.controlplane.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.mantle.controlplane.snapshot.Versioned;
import io.mantle.controlplane.xds.DeltaCursor.Batch;
import io.mantle.controlplane.xds.DeltaCursor.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DeltaCursorTest {
  private final Map<String, Versioned<StringValue>> current = new TreeMap<>();

  @Test
  void next_peerHoldsNothing_sendsAll() {
    put("a", "1");
    put("b", "1");
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of());

    assertThat(names(cursor.next(current, Kind.ALL))).containsExactly("a", "b");
    assertThat(cursor.next(current, Kind.ALL)).as("while one is underway").isEmpty();
    cursor.accepted();
    assertThat(cursor.isInSync(current)).isTrue();
    assertThat(cursor.next(current, Kind.ALL)).isEmpty();
  }

  @Test
  void next_peerReconnects_sendsOnlyWhatDiffersAndWhatIsGone() {
    put("same", "1");
    put("changed", "2");
    put("new", "1");
    DeltaCursor<StringValue> cursor =
        new DeltaCursor<>(Map.of("same", "1", "changed", "1", "gone", "1"));

    Batch<StringValue> batch = cursor.next(current, Kind.ALL).orElseThrow();

    assertThat(batch.changed()).extracting(Versioned::name).containsExactly("changed", "new");
    assertThat(batch.removed()).containsExactly("gone");
  }

  @Test
  void next_changesOnly_leavesRemovalsForLater() {
    put("new", "1");
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of("gone", "1"));

    Batch<StringValue> changes = cursor.next(current, Kind.CHANGES).orElseThrow();
    cursor.accepted();
    assertThat(changes.removed()).isEmpty();
    assertThat(cursor.isBehind(current, Kind.CHANGES)).isFalse();
    assertThat(cursor.isBehind(current, Kind.REMOVALS)).isTrue();
    assertThat(cursor.next(current, Kind.REMOVALS).orElseThrow().removed()).containsExactly("gone");
  }

  @Test
  void next_manyEntries_splitsThem() {
    for (int i = 0; i < 2 * DeltaCursor.BATCH_ENTRIES_MAX + 1; i++) {
      put("tenant-" + i, "1");
    }
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of());
    List<Integer> sizes = new ArrayList<>();
    for (Optional<Batch<StringValue>> batch = cursor.next(current, Kind.ALL);
        batch.isPresent();
        batch = cursor.next(current, Kind.ALL)) {
      sizes.add(batch.get().changed().size());
      assertThat(cursor.isLast(batch.get(), current)).isEqualTo(sizes.size() == 3);
      cursor.accepted();
    }

    assertThat(sizes)
        .containsExactly(DeltaCursor.BATCH_ENTRIES_MAX, DeltaCursor.BATCH_ENTRIES_MAX, 1);
    assertThat(cursor.isInSync(current)).isTrue();
  }

  @Test
  void next_largeEntries_splitsThemByBytes() {
    put("a", "1", DeltaCursor.BATCH_BYTES_MAX);
    put("b", "1", DeltaCursor.BATCH_BYTES_MAX + 1);
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of());

    assertThat(names(cursor.next(current, Kind.ALL))).containsExactly("a");
    cursor.accepted();
    assertThat(names(cursor.next(current, Kind.ALL))).containsExactly("b");
  }

  @Test
  void rejected_oneBadAmongMany_isFoundAndTheRestIsTaken() {
    for (int i = 0; i < 100; i++) {
      put("tenant-" + i, "1");
    }
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of());
    Set<String> taken = new HashSet<>();
    int batches = 0;
    for (Optional<Batch<StringValue>> batch = cursor.next(current, Kind.ALL);
        batch.isPresent();
        batch = cursor.next(current, Kind.ALL)) {
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
    assertThat(cursor.isInSync(current)).isFalse();
    assertThat(cursor.isBehind(current, Kind.ALL)).isFalse();
  }

  @Test
  void rejected_contentChanges_isSentAgain() {
    put("a", "bad");
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of("a", "1"));
    assertThat(cursor.next(current, Kind.ALL)).isPresent();
    cursor.rejected();
    assertThat(cursor.next(current, Kind.ALL)).as("the same again").isEmpty();

    put("a", "2");
    assertThat(names(cursor.next(current, Kind.ALL))).containsExactly("a");
    cursor.accepted();
    assertThat(cursor.isInSync(current)).isTrue();
  }

  @Test
  void rejected_contentGoesBack_isInSyncWithoutSending() {
    put("a", "bad");
    DeltaCursor<StringValue> cursor = new DeltaCursor<>(Map.of("a", "1"));
    assertThat(cursor.next(current, Kind.ALL)).isPresent();
    cursor.rejected();

    put("a", "1");
    assertThat(cursor.next(current, Kind.ALL)).isEmpty();
    assertThat(cursor.isInSync(current)).isTrue();
  }

  private void put(String name, String version) {
    put(name, version, 10);
  }

  private void put(String name, String version, int sizeBytes) {
    current.put(name, new Versioned<>(name, version, StringValue.getDefaultInstance(), sizeBytes));
  }

  private static List<String> names(Optional<Batch<StringValue>> batch) {
    return batch.orElseThrow().names();
  }
}
