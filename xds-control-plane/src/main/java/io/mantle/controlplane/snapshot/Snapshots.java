package io.mantle.controlplane.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Where the latest snapshot stands, and who is told of a new one. Thread-safe.
 *
 * <p>Until the rows were read for the first time there is none, which is not the same as an empty
 * one: a peer that asked before would be told to drop everything it has.
 */
public final class Snapshots {
  private volatile @Nullable Snapshot latest;
  private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();

  public Optional<Snapshot> latest() {
    return Optional.ofNullable(latest);
  }

  /** Runs after each new snapshot, on the publishing thread: it must neither block nor throw. */
  public void subscribe(Runnable subscriber) {
    subscribers.add(subscriber);
  }

  public void unsubscribe(Runnable subscriber) {
    subscribers.remove(subscriber);
  }

  void publish(Snapshot snapshot) {
    latest = snapshot;
    subscribers.forEach(Runnable::run);
  }
}
