package io.mantle.controlplane.snapshot;

import com.google.protobuf.Message;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that is published of one kind, by name, and a version of the whole: equal sets have equal
 * versions. Immutable.
 */
public record VersionedSet<T extends Message>(Map<String, Versioned<T>> byName, String version) {

  static <T extends Message> VersionedSet<T> of(Map<String, Versioned<T>> byName) {
    // A sum does not depend on order, so a set need not be sorted to be versioned.
    long sum = 0;
    for (Versioned<T> one : byName.values()) {
      sum += 31L * one.name().hashCode() + Long.parseUnsignedLong(one.version(), 16);
    }
    return new VersionedSet<>(
        Collections.unmodifiableMap(new TreeMap<>(byName)), String.format("%016x", sum));
  }
}
