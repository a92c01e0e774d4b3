package io.mantle.controlplane.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the latest snapshot stands, and who is told of a new one. Thread-safe.
 *
 * <p>Until the rows were read for the first time there is none, which is not the same as an empty
 * one: a peer that asked before would be told to drop everything it has.
 */
public final class Snapshots {
  private volatile @Nullable Snapshot latest;
  private final List<Consumer<Snapshot>> subscribers = new CopyOnWriteArrayList<>();

  public Optional<Snapshot> latest() {
    return Optional.ofNullable(latest);
  }

  /**
   * Is given each new snapshot, in their order and none left out, on the publishing thread: it must
   * neither block nor throw. Who subscribes first and asks for the {@link #latest} then misses no
   * change, but may be given that one again.
   */
  public void subscribe(Consumer<Snapshot> subscriber) {
    subscribers.add(subscriber);
  }

  public void unsubscribe(Consumer<Snapshot> subscriber) {
    subscribers.remove(subscriber);
  }

  void publish(Snapshot snapshot) {
    latest = snapshot;
    subscribers.forEach(subscriber -> subscriber.accept(snapshot));
  }
}
