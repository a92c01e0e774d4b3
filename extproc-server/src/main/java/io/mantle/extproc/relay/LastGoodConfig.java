package io.mantle.extproc.relay;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.lastgood.SealedJournal;
import io.mantle.extproc.lastgood.SoonWritten;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every resource that Envoy took and has not been told to drop, in memory and, where there is a
 * folder for it, in a sealed journal. Thread-safe.
 */
final class LastGoodConfig implements AutoCloseable {
  private final Map<ConfigType, Map<String, Resource>> held = new EnumMap<>(ConfigType.class);
  private final Map<ConfigType, Set<String>> unwritten = new EnumMap<>(ConfigType.class);
  private final @Nullable SoonWritten writer;

  /**
   * What the journal holds; nothing where there is none.
   *
   * @param folder null to keep nothing on disk
   */
  LastGoodConfig(@Nullable LastGoodFolder folder) {
    for (ConfigType type : ConfigType.values()) {
      held.put(type, new HashMap<>());
      unwritten.put(type, new HashSet<>());
    }
    if (folder == null) {
      writer = null;
      return;
    }
    SealedJournal journal = folder.journal("envoy");
    journal
        .read(LastGoodConfig::readAll, LastGoodConfig::readChange)
        .ifPresent(opened -> opened.content().forEach((type, of) -> of(type).putAll(of)));
    writer =
        new SoonWritten(
            "last-good-envoy",
            () -> {
              List<DeltaDiscoveryResponse> change = takeUnwritten();
              journal.write(Instant.now(), out -> writeChange(change, out), this::writeAll);
            });
  }

  private static Map<ConfigType, Map<String, Resource>> readAll(InputStream in) throws IOException {
    Map<ConfigType, Map<String, Resource>> all = new EnumMap<>(ConfigType.class);
    Resource next = Resource.parseDelimitedFrom(in);
    while (next != null) {
      ConfigType type = ConfigType.of(next.getResource().getTypeUrl());
      if (type != null) {
        all.computeIfAbsent(type, _ -> new HashMap<>()).put(next.getName(), next);
      }
      next = Resource.parseDelimitedFrom(in);
    }
    return all;
  }

  private void writeAll(OutputStream out) throws IOException {
    List<Resource> all = new ArrayList<>();
    synchronized (this) {
      held.values().forEach(resources -> all.addAll(resources.values()));
    }
    for (Resource resource : all) {
      resource.writeDelimitedTo(out);
    }
  }

  private static Map<ConfigType, Map<String, Resource>> readChange(
      Map<ConfigType, Map<String, Resource>> all, InputStream in) throws IOException {
    List<DeltaDiscoveryResponse> change = new ArrayList<>();
    DeltaDiscoveryResponse next = DeltaDiscoveryResponse.parseDelimitedFrom(in);
    while (next != null) {
      change.add(next);
      next = DeltaDiscoveryResponse.parseDelimitedFrom(in);
    }
    for (DeltaDiscoveryResponse delta : change) {
      ConfigType type = ConfigType.of(delta.getTypeUrl());
      if (type != null) {
        Map<String, Resource> of = all.computeIfAbsent(type, _ -> new HashMap<>());
        delta.getRemovedResourcesList().forEach(of::remove);
        delta.getResourcesList().forEach(resource -> of.put(resource.getName(), resource));
      }
    }
    return all;
  }

  private static void writeChange(List<DeltaDiscoveryResponse> change, OutputStream out)
      throws IOException {
    for (DeltaDiscoveryResponse delta : change) {
      delta.writeDelimitedTo(out);
    }
  }

  private synchronized List<DeltaDiscoveryResponse> takeUnwritten() {
    List<DeltaDiscoveryResponse> change = new ArrayList<>();
    unwritten.forEach(
        (type, names) -> {
          DeltaDiscoveryResponse.Builder delta =
              DeltaDiscoveryResponse.newBuilder().setTypeUrl(type.url());
          for (String name : names) {
            Resource resource = of(type).get(name);
            if (resource == null) {
              delta.addRemovedResources(name);
            } else {
              delta.addResources(resource);
            }
          }
          names.clear();
          change.add(delta.build());
        });
    return change;
  }

  private Map<String, Resource> of(ConfigType type) {
    return held.computeIfAbsent(type, _ -> new HashMap<>());
  }

  private Set<String> unwrittenOf(ConfigType type) {
    return unwritten.computeIfAbsent(type, _ -> new HashSet<>());
  }

  /** All of a type. */
  synchronized List<Resource> all(ConfigType type) {
    return List.copyOf(of(type).values());
  }

  /** The version in which a resource is held; empty where it is not. */
  synchronized Optional<String> version(ConfigType type, String name) {
    return Optional.ofNullable(of(type).get(name)).map(Resource::getVersion);
  }

  /** Envoy took some, and dropped some. */
  void apply(ConfigType type, Collection<Resource> changed, Collection<String> removed) {
    if (changed.isEmpty() && removed.isEmpty()) {
      return;
    }
    synchronized (this) {
      changed.forEach(resource -> of(type).put(resource.getName(), resource));
      removed.forEach(of(type)::remove);
      if (writer != null) {
        changed.forEach(resource -> unwrittenOf(type).add(resource.getName()));
        unwrittenOf(type).addAll(removed);
      }
    }
    keep();
  }

  /** An Envoy that has been running has these of a type, and nothing else. */
  void retain(ConfigType type, Set<String> names) {
    synchronized (this) {
      Set<String> gone = new HashSet<>(of(type).keySet());
      gone.removeAll(names);
      if (gone.isEmpty()) {
        return;
      }
      of(type).keySet().removeAll(gone);
      if (writer != null) {
        unwrittenOf(type).addAll(gone);
      }
    }
    keep();
  }

  private void keep() {
    if (writer != null) {
      writer.changed();
    }
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
