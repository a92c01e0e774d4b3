package io.mantle.controlplane.snapshot;

import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * All that is published of one kind, by name, and a digest of the whole: equal sets have equal
 * digests. Immutable, and made from the set before it at the cost of what differs: the two share
 * the rest.
 *
 * @param byName in the order of names
 * @param changed the names that may differ from the set that was published before. Who followed
 *     that one need look at no other
 */
public record VersionedSet<T extends Message>(
    PSortedMap<String, Versioned<T>> byName, long digest, Set<String> changed) {

  /** A set of nothing. */
  public static <T extends Message> VersionedSet<T> empty() {
    return new VersionedSet<>(TreePMap.empty(), 0, Set.of());
  }

  /** These, with none before them. */
  static <T extends Message> VersionedSet<T> of(Map<String, Versioned<T>> byName) {
    Draft<T> draft = new Draft<>();
    byName.values().forEach(draft::put);
    return draft.finish();
  }

  /** The digest, for people. */
  public String version() {
    return String.format("%016x", digest);
  }

  /**
   * What one thing adds to the digest of a set that holds it, a sum, which needs no order: the
   * FNV-1a hash of both words, 64 bits.
   */
  public static long digestOf(String name, String version) {
    return fnv1a(version, fnv1a("\n", fnv1a(name, 0xcbf29ce484222325L)));
  }

  private static long fnv1a(String text, long from) {
    long hash = from;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The next set in the making. Not thread-safe. */
  public static final class Draft<T extends Message> {
    private PSortedMap<String, Versioned<T>> byName = TreePMap.empty();
    private long digest;
    private Set<String> changed = new HashSet<>();

    public void put(Versioned<T> next) {
      Versioned<T> before = byName.get(next.name());
      if (before != null && before.version().equals(next.version())) {
        return;
      }
      digest += digestOf(next.name(), next.version());
      if (before != null) {
        digest -= digestOf(before.name(), before.version());
      }
      byName = byName.plus(next.name(), next);
      changed.add(next.name());
    }

    public void remove(String name) {
      Versioned<T> before = byName.get(name);
      if (before != null) {
        digest -= digestOf(name, before.version());
        byName = byName.minus(name);
        changed.add(name);
      }
    }

    boolean hasChanged() {
      return !changed.isEmpty();
    }

    /** The set as it now stands; the draft goes on from it. */
    public VersionedSet<T> finish() {
      VersionedSet<T> set = new VersionedSet<>(byName, digest, Set.copyOf(changed));
      changed = new HashSet<>();
      return set;
    }
  }
}
