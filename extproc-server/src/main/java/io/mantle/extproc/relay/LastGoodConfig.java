package io.mantle.extproc.relay;

import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.mantle.extproc.lastgood.LastGoodFolder;
import io.mantle.extproc.lastgood.SealedFile;
import io.mantle.extproc.lastgood.SoonWritten;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every resource that Envoy took and has not been told to drop, in memory and, where there is a
 * folder for it, in a sealed file. Thread-safe.
 */
final class LastGoodConfig implements AutoCloseable {
  private final Map<ConfigType, Map<String, Resource>> held = new EnumMap<>(ConfigType.class);
  private final @Nullable SoonWritten writer;

  /**
   * What the file holds; nothing where there is none.
   *
   * @param folder null to keep nothing on disk
   */
  LastGoodConfig(@Nullable LastGoodFolder folder) {
    for (ConfigType type : ConfigType.values()) {
      held.put(type, new HashMap<>());
    }
    if (folder == null) {
      writer = null;
      return;
    }
    SealedFile file = folder.file("envoy");
    file.read(LastGoodConfig::read).ifPresent(opened -> opened.content().forEach(this::hold));
    writer = new SoonWritten("last-good-envoy", () -> write(file));
  }

  private static List<Resource> read(InputStream in) throws IOException {
    List<Resource> resources = new ArrayList<>();
    Resource next = Resource.parseDelimitedFrom(in);
    while (next != null) {
      resources.add(next);
      next = Resource.parseDelimitedFrom(in);
    }
    return resources;
  }

  private void write(SealedFile file) throws IOException {
    List<Resource> all = new ArrayList<>();
    synchronized (this) {
      held.values().forEach(resources -> all.addAll(resources.values()));
    }
    file.write(
        Instant.now(),
        out -> {
          for (Resource resource : all) {
            resource.writeDelimitedTo(out);
          }
        });
  }

  private void hold(Resource resource) {
    ConfigType type = ConfigType.of(resource.getResource().getTypeUrl());
    if (type != null) {
      of(type).put(resource.getName(), resource);
    }
  }

  private Map<String, Resource> of(ConfigType type) {
    return held.computeIfAbsent(type, _ -> new HashMap<>());
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
    synchronized (this) {
      changed.forEach(resource -> of(type).put(resource.getName(), resource));
      removed.forEach(of(type)::remove);
    }
    if (writer != null && !(changed.isEmpty() && removed.isEmpty())) {
      writer.changed();
    }
  }

  /** An Envoy that has been running has these of a type, and nothing else. */
  void retain(ConfigType type, Set<String> names) {
    boolean changed;
    synchronized (this) {
      changed = of(type).keySet().retainAll(names);
    }
    if (writer != null && changed) {
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
