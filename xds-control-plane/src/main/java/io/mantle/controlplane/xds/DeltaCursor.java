package io.mantle.controlplane.xds;

import com.google.protobuf.Message;
import io.mantle.controlplane.snapshot.Versioned;
import io.mantle.controlplane.snapshot.VersionedSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one peer holds of one kind, and what to send it next. Not thread-safe.
 *
 * <p>It is told of each set that is published, in order, and looks at the names that changed alone:
 * a change costs the same however much there is. One batch is on its way at a time, and it is made
 * from what is current when the last one was answered: a slow peer costs the memory of one batch
 * however much changes meanwhile. A batch that was refused is sent again in halves, until what is
 * at fault stands alone; that is then not sent again before its content changes.
 */
final class DeltaCursor<T extends Message> {
  static final int BATCH_ENTRIES_MAX = 500;
  static final int BATCH_BYTES_MAX = 1 << 20;

  /** The version of what is not there. No content has it. */
  private static final String ABSENT = "";

  /** The version of what a peer may have less of since it refused another. No content has it. */
  private static final String UNSURE = "unsure";

  /** Where a peer may hold nothing but what is current. */
  static final Predicate<String> NOTHING_KEPT = _ -> false;

  private final Map<String, String> held;
  private long heldDigest;
  private final Map<String, String> refused = new HashMap<>();
  private final Deque<List<String>> suspects = new ArrayDeque<>();

  /** What may differ, to when that was first heard of; null where it was so from the start. */
  private final TreeMap<String, @Nullable Long> pending = new TreeMap<>();

  private VersionedSet<T> current = VersionedSet.empty();

  /** What a peer may go on holding though it is not current: pending, and never sent. */
  private Predicate<String> kept = NOTHING_KEPT;

  private boolean follows;
  private @Nullable Batch<T> underway;

  /** Which differences a batch may hold. */
  enum Kind {
    CHANGES,
    REMOVALS,
    ALL
  }

  /**
   * Some differences.
   *
   * @param changed what is new or other
   * @param removed the names of what is gone
   * @param heardAtNanos when the oldest of these changes was heard of; empty where none of them was
   *     since the peer came
   */
  record Batch<T extends Message>(
      List<Versioned<T>> changed, List<String> removed, Optional<Long> heardAtNanos) {

    boolean isEmpty() {
      return changed.isEmpty() && removed.isEmpty();
    }

    int size() {
      return changed.size() + removed.size();
    }

    List<String> names() {
      List<String> names = new ArrayList<>(size());
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
    held.forEach((name, version) -> heldDigest += VersionedSet.digestOf(name, version));
  }

  /** The same where nothing but what is current may be held. */
  void follow(VersionedSet<T> next, long heardAtNanos) {
    follow(next, NOTHING_KEPT, heardAtNanos);
  }

  /**
   * From here on this is current. The first time all of it is compared with what the peer holds,
   * then what changed.
   *
   * @param nextKept the names of what is not taken from the peer though it is not current
   */
  void follow(VersionedSet<T> next, Predicate<String> nextKept, long heardAtNanos) {
    kept = nextKept;
    if (follows) {
      next.changed().forEach(name -> pending.putIfAbsent(name, heardAtNanos));
    } else {
      follows = true;
      held.keySet().forEach(name -> pending.put(name, null));
      next.byName().keySet().forEach(name -> pending.put(name, null));
    }
    current = next;
  }

  /** The version of all that is current. */
  String currentVersion() {
    return current.version();
  }

  /** Whether a batch waits for its answer. */
  boolean isUnderway() {
    return underway != null;
  }

  /** The next batch, which is then underway; empty where one is already or nothing differs. */
  Optional<Batch<T>> next(Kind kind) {
    if (underway != null) {
      return Optional.empty();
    }
    Batch<T> batch = new Batch<>(List.of(), List.of(), Optional.empty());
    while (batch.isEmpty() && !suspects.isEmpty()) {
      batch = ofNames(suspects.removeFirst());
    }
    if (batch.isEmpty()) {
      batch = ofPending(kind);
    }
    if (batch.isEmpty()) {
      return Optional.empty();
    }
    underway = batch;
    return Optional.of(batch);
  }

  /** An empty batch, for the peer that waits to hear that there is nothing. */
  Batch<T> nothing() {
    Batch<T> batch = new Batch<>(List.of(), List.of(), Optional.empty());
    underway = batch;
    return batch;
  }

  private Batch<T> ofNames(List<String> names) {
    List<Versioned<T>> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (String name : names) {
      Versioned<T> one = current.byName().get(name);
      if (isKept(name, one)) {
        pending.putIfAbsent(name, null);
      } else if (one == null && differs(name, ABSENT)) {
        removed.add(name);
      } else if (one != null && differs(name, one.version())) {
        changed.add(one);
      }
    }
    return new Batch<>(changed, removed, Optional.empty());
  }

  private Batch<T> ofPending(Kind kind) {
    List<Versioned<T>> changed = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    Long oldest = null;
    long bytes = 0;
    Iterator<Map.Entry<String, @Nullable Long>> names = pending.entrySet().iterator();
    while (names.hasNext() && changed.size() + removed.size() < BATCH_ENTRIES_MAX) {
      Map.Entry<String, @Nullable Long> next = names.next();
      Versioned<T> one = current.byName().get(next.getKey());
      if (!stillDiffers(next.getKey(), one)) {
        names.remove();
        continue;
      }
      if (!isOf(kind, one) || isKept(next.getKey(), one)) {
        continue;
      }
      if (one == null) {
        removed.add(next.getKey());
      } else {
        bytes += one.sizeBytes();
        if (bytes > BATCH_BYTES_MAX && !changed.isEmpty()) {
          break;
        }
        changed.add(one);
      }
      Long heardAtNanos = next.getValue();
      if (heardAtNanos != null && (oldest == null || heardAtNanos - oldest < 0)) {
        oldest = heardAtNanos;
      }
      names.remove();
    }
    return new Batch<>(changed, removed, Optional.ofNullable(oldest));
  }

  private static boolean isOf(Kind kind, @Nullable Versioned<?> one) {
    return switch (kind) {
      case CHANGES -> one != null;
      case REMOVALS -> one == null;
      case ALL -> true;
    };
  }

  private boolean isKept(String name, @Nullable Versioned<T> one) {
    return one == null && kept.test(name);
  }

  private boolean stillDiffers(String name, @Nullable Versioned<T> one) {
    String version = one == null ? ABSENT : one.version();
    if (version.equals(held.getOrDefault(name, ABSENT))) {
      refused.remove(name);
      return false;
    }
    return differs(name, version);
  }

  private boolean differs(String name, String version) {
    return !version.equals(held.getOrDefault(name, ABSENT)) && !version.equals(refused.get(name));
  }

  /** Whether a next batch of this kind would hold something, now or once the one underway ends. */
  boolean isBehind(Kind kind) {
    return underway != null || !suspects.isEmpty() || hasPending(kind);
  }

  /** Whether, once the batch underway is taken, the peer holds all there is. */
  boolean isLastUnderway() {
    return suspects.isEmpty() && !hasPending(Kind.ALL);
  }

  private boolean hasPending(Kind kind) {
    Iterator<String> names = pending.keySet().iterator();
    while (names.hasNext()) {
      String name = names.next();
      Versioned<T> one = current.byName().get(name);
      if (!stillDiffers(name, one)) {
        names.remove();
      } else if (isOf(kind, one) && !isKept(name, one)) {
        return true;
      }
    }
    return false;
  }

  /** The peer took the batch underway. */
  void accepted() {
    Batch<T> batch = underway;
    underway = null;
    if (batch != null) {
      batch.changed().forEach(one -> hold(one.name(), one.version()));
      batch.removed().forEach(name -> hold(name, ABSENT));
      batch.names().forEach(refused::remove);
    }
  }

  private void hold(String name, String version) {
    String before = version.equals(ABSENT) ? held.remove(name) : held.put(name, version);
    if (before != null) {
      heldDigest -= VersionedSet.digestOf(name, before);
    }
    if (!version.equals(ABSENT)) {
      heldDigest += VersionedSet.digestOf(name, version);
    }
  }

  /** The batch underway never left. */
  void abandoned() {
    Batch<T> batch = underway;
    underway = null;
    if (batch != null) {
      batch.names().forEach(name -> pending.putIfAbsent(name, batch.heardAtNanos().orElse(null)));
    }
  }

  /**
   * The peer refused the batch underway. It holds what it held, or of that what the batch left of
   * it (a sidecar drops the keys that are not there any more), so that is sent again where it is
   * current again.
   */
  void rejected() {
    Batch<T> batch = underway;
    underway = null;
    if (batch == null) {
      return;
    }
    batch.changed().stream()
        .map(Versioned::name)
        .filter(held::containsKey)
        .forEach(name -> hold(name, UNSURE));
    List<String> names = batch.names();
    if (names.size() <= 1) {
      batch.changed().forEach(one -> refused.put(one.name(), one.version()));
      batch.removed().forEach(name -> refused.put(name, ABSENT));
      // It may have changed, and changed back, while it was underway.
      names.forEach(name -> pending.putIfAbsent(name, null));
    } else {
      int half = names.size() / 2;
      suspects.addFirst(List.copyOf(names.subList(half, names.size())));
      suspects.addFirst(List.copyOf(names.subList(0, half)));
    }
  }

  /** The names that the peer refuses as they now are, in order, at most so many. */
  List<String> refused(int max) {
    return refused.keySet().stream().sorted().limit(max).toList();
  }

  /** Whether the peer holds exactly what is current, and what is kept, and nothing is underway. */
  boolean isInSync() {
    int size = current.byName().size();
    long digest = current.digest();
    if (!kept.equals(NOTHING_KEPT)) {
      for (String name : pending.keySet()) {
        String version = held.get(name);
        if (version != null && isKept(name, current.byName().get(name))) {
          size++;
          digest += VersionedSet.digestOf(name, version);
        }
      }
    }
    return underway == null && held.size() == size && heldDigest == digest;
  }
}
