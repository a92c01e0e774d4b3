package io.mantle.extproc.relay;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One type of resource on one Envoy's stream: what Envoy holds, what it is still to be told of last
 * good, and what it was sent and has not answered. Not thread-safe.
 */
final class RelayedType {
  private static final int BATCH_ENTRIES_MAX = 500;
  private static final int BATCH_BYTES_MAX = 1 << 20;

  /**
   * A version that nothing has: the control plane sends what is held in it again, or removes it.
   */
  private static final String UNKNOWN = "unknown";

  private final ConfigType type;
  private final LastGoodConfig config;
  private final Map<String, String> held;
  private final Deque<List<Resource>> lastGood = new ArrayDeque<>();
  private final Map<String, Batch> underway = new HashMap<>();

  /**
   * What was sent at once.
   *
   * @param from the number of the control plane's stream that it came by; 0 for last good
   * @param nonce as the control plane said it
   */
  record Batch(long from, String nonce, List<Resource> changed, List<String> removed) {}

  /**
   * A type that Envoy asks for. An Envoy that holds nothing of it has just started, and is told
   * what was good last; one that holds something has been running, and is left as it is.
   *
   * @param held name to version, in Envoy's words
   */
  RelayedType(ConfigType type, Map<String, String> held, LastGoodConfig config) {
    this.type = type;
    this.config = config;
    this.held = new HashMap<>(held);
    if (held.isEmpty()) {
      lastGood.addAll(batches(config.all(type)));
    } else {
      config.retain(type, held.keySet());
    }
  }

  /**
   * None where there is nothing. It may be that Envoy never got as far as this type, so to tell it
   * that there is nothing of it, as would let it open a listener without routes, is not ours.
   */
  private static List<List<Resource>> batches(List<Resource> resources) {
    List<List<Resource>> batches = new ArrayList<>();
    List<Resource> batch = new ArrayList<>();
    long bytes = 0;
    for (Resource resource : resources) {
      bytes += resource.getSerializedSize();
      if (batch.size() == BATCH_ENTRIES_MAX || (bytes > BATCH_BYTES_MAX && !batch.isEmpty())) {
        batches.add(batch);
        batch = new ArrayList<>();
        bytes = resource.getSerializedSize();
      }
      batch.add(resource);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  ConfigType type() {
    return type;
  }

  /** Whether Envoy has still to take of last good. */
  boolean isBehindLastGood() {
    return !lastGood.isEmpty() || underway.values().stream().anyMatch(batch -> batch.from() == 0);
  }

  /** Whether Envoy has answered all that it was sent. */
  boolean isAnswered() {
    return underway.isEmpty();
  }

  /** The next of last good, null where there is none or one is underway. */
  @Nullable List<Resource> nextOfLastGood() {
    return underway.isEmpty() ? lastGood.pollFirst() : null;
  }

  /** A batch was sent under this nonce. */
  void sent(String nonce, Batch batch) {
    underway.put(nonce, batch);
  }

  /** The batch that was sent under a nonce, which is then answered; null where there is none. */
  @Nullable Batch answered(String nonce) {
    return underway.remove(nonce);
  }

  /** Envoy took a batch. */
  void took(Batch batch) {
    batch.changed().forEach(resource -> held.put(resource.getName(), resource.getVersion()));
    batch.removed().forEach(held::remove);
    config.apply(type, batch.changed(), batch.removed());
  }

  /**
   * Envoy refused a batch of last good, and all of it for one that is at fault: an Envoy of another
   * version, say. It is told them again in halves; what it refuses alone is last good no more.
   */
  void refusedLastGood(Batch batch) {
    List<Resource> resources = batch.changed();
    if (resources.size() > 1) {
      int half = resources.size() / 2;
      lastGood.addFirst(resources.subList(half, resources.size()));
      lastGood.addFirst(resources.subList(0, half));
    } else {
      config.apply(type, List.of(), resources.stream().map(Resource::getName).toList());
    }
  }

  /**
   * What the control plane is told that Envoy holds. Of what is not known here it is told another
   * version, so that it comes again and can be kept.
   */
  Map<String, String> heldVersions() {
    Map<String, String> versions = new HashMap<>();
    held.forEach(
        (name, version) ->
            versions.put(
                name,
                config.version(type, name).filter(version::equals).isPresent()
                    ? version
                    : UNKNOWN));
    return versions;
  }
}
