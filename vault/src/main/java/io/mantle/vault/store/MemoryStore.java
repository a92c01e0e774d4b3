package io.mantle.vault.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sealed bytes in this process alone; they end with it. Never waits, never fails.
 *
 * <p>Bounded: over {@link StoreLimits#memoryBytesMax} the conversations that were not used for
 * longest are dropped, as if they had expired.
 */
public final class MemoryStore implements VaultStore {
  private static final int TENANTS_MAX = 100_000;

  /** What a conversation or a link costs besides its bytes, roughly. */
  private static final int OVERHEAD_BYTES = 300;

  /** What the name of a subject costs, roughly. */
  private static final int SUBJECT_BYTES = 100;

  private static final String CONVERSATION = "c";
  private static final String LINK = "l";

  private final int conversationBytesMax;
  private final ConcurrentMap<String, byte[]> tenants;
  private final Cache<String, Held> held;

  /** A conversation, or a link, which has a root alone. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Held(
      byte[] root, Map<String, byte[]> entries, int entryBytes, Set<String> subjects) {
    static Held of(byte[] root) {
      return new Held(root, Map.of(), 0, Set.of());
    }

    int bytes() {
      return OVERHEAD_BYTES + root.length + entryBytes + SUBJECT_BYTES * subjects.size();
    }
  }

  public MemoryStore(StoreLimits limits) {
    this(limits, Ticker.systemTicker());
  }

  /** As the other constructor, with an own clock. */
  MemoryStore(StoreLimits limits, Ticker ticker) {
    conversationBytesMax = limits.conversationBytesMax();
    tenants =
        Caffeine.newBuilder()
            .maximumSize(TENANTS_MAX)
            .executor(Runnable::run)
            .<String, byte[]>build()
            .asMap();
    held =
        Caffeine.newBuilder()
            .maximumWeight(limits.memoryBytesMax())
            .weigher((String name, Held value) -> value.bytes())
            .expireAfterAccess(limits.timeToLive())
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public boolean isShared() {
    return false;
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public long memoryBytes() {
    return held.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  @Override
  public byte @Nullable [] tenantRecord(String tenantId) {
    return tenants.get(tenantId);
  }

  @Override
  public byte[] createTenant(String tenantId, byte[] record) {
    byte[] before = tenants.putIfAbsent(tenantId, record);
    return before == null ? record : before;
  }

  @Override
  public boolean replaceTenant(String tenantId, byte[] expected, byte[] record) {
    byte[] after =
        tenants.computeIfPresent(
            tenantId, (id, there) -> Arrays.equals(there, expected) ? record : there);
    return after != null && Arrays.equals(after, record);
  }

  @Override
  public byte @Nullable [] deleteTenant(String tenantId) {
    return tenants.remove(tenantId);
  }

  @Override
  public Look look(String tenantId, String conversationName) {
    Held there = held.getIfPresent(CONVERSATION + conversationName);
    return there == null
        ? new Look(tenants.get(tenantId), null, Map.of())
        : new Look(tenants.get(tenantId), there.root(), there.entries());
  }

  @Override
  public byte[] begin(String conversationName, byte[] root, byte @Nullable [] stale) {
    Held now =
        held.asMap()
            .compute(
                CONVERSATION + conversationName,
                (name, there) ->
                    there == null || Arrays.equals(there.root(), stale) ? Held.of(root) : there);
    return now.root();
  }

  @Override
  public boolean replaceRoot(String conversationName, byte[] expected, byte[] root) {
    Held now =
        held.asMap()
            .computeIfPresent(
                CONVERSATION + conversationName,
                (name, there) ->
                    Arrays.equals(there.root(), expected)
                        ? new Held(root, there.entries(), there.entryBytes(), there.subjects())
                        : there);
    return now != null && Arrays.equals(now.root(), root);
  }

  @Override
  public Addition add(
      String conversationName,
      byte[] rootPrefix,
      Map<String, byte[]> entries,
      Set<String> subjects) {
    Addition[] addition = {Addition.GONE};
    held.asMap()
        .computeIfPresent(
            CONVERSATION + conversationName,
            (name, there) -> {
              if (!startsWith(there.root(), rootPrefix)) {
                return there;
              }
              Map<String, byte[]> all = new HashMap<>(there.entries());
              all.putAll(entries);
              long bytes = 0;
              for (Map.Entry<String, byte[]> entry : all.entrySet()) {
                bytes += entry.getKey().length() + entry.getValue().length;
              }
              if (bytes > conversationBytesMax) {
                addition[0] = Addition.FULL;
                return there;
              }
              addition[0] = Addition.ADDED;
              Set<String> about = new HashSet<>(there.subjects());
              about.addAll(subjects);
              return new Held(there.root(), Map.copyOf(all), (int) bytes, Set.copyOf(about));
            });
    return addition[0];
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public byte @Nullable [] deleteConversation(String conversationName) {
    Held there = held.asMap().remove(CONVERSATION + conversationName);
    return there == null ? null : there.root();
  }

  /** Looks at all there is, so that there is no index which could miss one. */
  @Override
  public Deleted deleteAbout(String subject) {
    List<byte[]> roots = new ArrayList<>();
    for (Map.Entry<String, Held> one : held.asMap().entrySet()) {
      if (one.getValue().subjects().contains(subject)) {
        String whole = VaultStore.wholeOf(one.getKey());
        if (whole != null) {
          held.invalidate(whole);
        }
        held.asMap()
            .computeIfPresent(
                one.getKey(),
                (_, there) -> {
                  if (!there.subjects().contains(subject)) {
                    return there; // begun anew since
                  }
                  roots.add(there.root());
                  return null;
                });
      }
    }
    return new Deleted(roots, false);
  }

  @Override
  public void putLink(String linkName, byte[] sealed) {
    held.put(LINK + linkName, Held.of(sealed));
  }

  @Override
  public byte @Nullable [] link(String linkName) {
    Held there = held.getIfPresent(LINK + linkName);
    return there == null ? null : there.root();
  }

  @Override
  public void deleteLink(String linkName) {
    held.invalidate(LINK + linkName);
  }

  @Override
  public void close() {
    tenants.clear();
    held.invalidateAll();
  }
}
