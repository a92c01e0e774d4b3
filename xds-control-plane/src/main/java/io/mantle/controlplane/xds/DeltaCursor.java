package io.mantle.controlplane.xds;

import com.google.protobuf.Message;
import io.mantle.controlplane.snapshot.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one peer holds of one kind, and what to send it next. Not thread-safe.
 *
 * <p>One batch is on its way at a time, and it is made from what is current when the last one was
 * answered: a slow peer costs the memory of one batch however much changes meanwhile. A batch that
 * was refused is sent again in halves, until what is at fault stands alone; that is then not sent
 * again before its content changes.
 */
final class DeltaCursor<T extends Message> {
  static final int BATCH_ENTRIES_MAX = 500;
  static final int BATCH_BYTES_MAX = 1 << 20;

  /** The version of what is not there. No content has it. */
  private static final String ABSENT = "";

  private final Map<String, String> held;
  private final Map<String, String> refused = new HashMap<>();
  private final Deque<List<String>> suspects = new ArrayDeque<>();
  private @Nullable Batch<T> underway;

  /** Which differences a batch may hold. */
  enum Kind {
    CHANGES,
    REMOVALS,
    ALL
  }

  /** Some differences: what is new or other, and the names of what is gone. */
  record Batch<T extends Message>(List<Versioned<T>> changed, List<String> removed) {

    boolean isEmpty() {
      return changed.isEmpty() && removed.isEmpty();
    }

    List<String> names() {
      List<String> names = new ArrayList<>(changed.size() + removed.size());
      changed.forEach(one -> names.add(one.name()));
      names.addAll(removed);
      return names;
    }
  }

  /**
   * A cursor for a peer that says what it holds.
   *
   * @param held name to version
   */
  DeltaCursor(Map<String, String> held) {
    this.held = new HashMap<>(held);
  }

  /** Whether a batch waits for its answer. */
  boolean isUnderway() {
    return underway != null;
  }

  /** The next batch, which is then underway; empty where one is already or nothing differs. */
  Optional<Batch<T>> next(Map<String, Versioned<T>> current, Kind kind) {
    if (underway != null) {
      return Optional.empty();
    }
    refused.keySet().removeIf(name -> !current.containsKey(name) && !held.containsKey(name));
    Batch<T> batch = new Batch<>(List.of(), List.of());
    while (batch.isEmpty() && !suspects.isEmpty()) {
      batch = ofNames(suspects.removeFirst(), current);
    }
    if (batch.isEmpty()) {
      batch = ofDifferences(current, kind);
    }
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    underway = batch;
    return Optional.of(batch);
  }

  /** An empty batch, for the peer that waits to hear that there is nothing. */
  Batch<T> nothing() {
    Batch<T> batch = new Batch<>(List.of(), List.of());
    underway = batch;
    return batch;
  }

  private Batch<T> ofNames(List<String> names, Map<String, Versioned<T>> current) {
    List<Versioned<T>> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (String name : names) {
      Versioned<T> one = current.get(name);
      if (one == null && differs(name, ABSENT)) {
        removed.add(name);
      } else if (one != null && differs(name, one.version())) {
        changed.add(one);
      }
    }
    return new Batch<>(changed, removed);
  }

  private Batch<T> ofDifferences(Map<String, Versioned<T>> current, Kind kind) {
    List<Versioned<T>> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    long bytes = 0;
    if (kind != Kind.REMOVALS) {
      for (Versioned<T> one : current.values()) {
        if (differs(one.name(), one.version())) {
          bytes += one.sizeBytes();
          if (changed.size() == BATCH_ENTRIES_MAX
              || (bytes > BATCH_BYTES_MAX && !changed.isEmpty())) {
            return new Batch<>(changed, removed);
          }
          changed.add(one);
        }
      }
    }
    if (kind != Kind.CHANGES) {
      for (String name : held.keySet()) {
        if (!current.containsKey(name) && differs(name, ABSENT)) {
          if (changed.size() + removed.size() == BATCH_ENTRIES_MAX) {
            return new Batch<>(changed, removed);
          }
          removed.add(name);
        }
      }
    }
    return new Batch<>(changed, removed);
  }

  private boolean differs(String name, String version) {
    return !version.equals(held.getOrDefault(name, ABSENT)) && !version.equals(refused.get(name));
  }

  /** Whether a next batch of this kind would hold something, now or once the one underway ends. */
  boolean isBehind(Map<String, Versioned<T>> current, Kind kind) {
    if (underway != null || !suspects.isEmpty()) {
      return true;
    }
    if (kind != Kind.REMOVALS) {
      for (Versioned<T> one : current.values()) {
        if (differs(one.name(), one.version())) {
          return true;
        }
      }
    }
    if (kind != Kind.CHANGES) {
      for (String name : held.keySet()) {
        if (!current.containsKey(name) && differs(name, ABSENT)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a peer that takes this batch then holds all there is. */
  boolean isLast(Batch<T> batch, Map<String, Versioned<T>> current) {
    if (!suspects.isEmpty()) {
      return false;
    }
    Set<String> sent = new HashSet<>(batch.names());
    return current.values().stream()
            .allMatch(one -> sent.contains(one.name()) || !differs(one.name(), one.version()))
        && held.keySet().stream()
            .allMatch(
                name -> sent.contains(name) || current.containsKey(name) || !differs(name, ABSENT));
  }

  /** The peer took the batch underway. */
  void accepted() {
    Batch<T> batch = underway;
    underway = null;
    if (batch != null) {
      batch.changed().forEach(one -> held.put(one.name(), one.version()));
      batch.removed().forEach(held::remove);
      batch.names().forEach(refused::remove);
    }
  }

  /** The batch underway never left. */
  void abandoned() {
    underway = null;
  }

  /** The peer refused the batch underway and holds what it held. */
  void rejected() {
    Batch<T> batch = underway;
    underway = null;
    if (batch == null) {
      return;
    }
    List<String> names = batch.names();
    if (names.size() <= 1) {
      batch.changed().forEach(one -> refused.put(one.name(), one.version()));
      batch.removed().forEach(name -> refused.put(name, ABSENT));
    } else {
      int half = names.size() / 2;
      suspects.addFirst(List.copyOf(names.subList(half, names.size())));
      suspects.addFirst(List.copyOf(names.subList(0, half)));
    }
  }

  /** Whether the peer holds exactly this, and nothing is underway. */
  boolean isInSync(Map<String, Versioned<T>> current) {
    return underway == null
        && held.size() == current.size()
        && current.values().stream().allMatch(one -> one.version().equals(held.get(one.name())));
  }
}
