package io.mantle.extproc.value;

import io.mantle.privacy.value.Action;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one exchange's stages leave for metrics and traces: how long they took, and how much of
 * which type they found. Holds no text. Used by one thread at a time.
 */
public final class Trail {
  private final Map<Stage, Taken> taken = new EnumMap<>(Stage.class);
  private final List<Found> found = new ArrayList<>(4);
  private long beganNanos;

  /**
   * What was found of one type.
   *
   * @param type an entity type, or {@code UNINSPECTED}
   * @param action what the policy did with it
   * @param detectOnly whether the policy only looks
   */
  public record Found(String type, Action action, boolean detectOnly, int count) {}

  /** The time that a stage took. */
  private static final class Taken {
    private final long firstAtNanos;
    private long workedNanos;
    private long lastAtNanos;

    private Taken(long firstAtNanos) {
      this.firstAtNanos = firstAtNanos;
    }
  }

  /** A stage begins now. */
  public void begin() {
    beganNanos = System.nanoTime();
  }

  /** What was done since the last stage ended, or began, was this one; the next begins now. */
  public void lap(Stage stage) {
    long now = System.nanoTime();
    Taken time = taken.get(stage);
    if (time == null) {
      time = new Taken(beganNanos);
      taken.put(stage, time);
    }
    time.workedNanos += now - beganNanos;
    time.lastAtNanos = now;
    beganNanos = now;
  }

  public void found(Found more) {
    found.add(more);
  }

  public List<Found> found() {
    return found;
  }

  /** Whether any time was given to the stage. */
  public boolean has(Stage stage) {
    return taken.containsKey(stage);
  }

  /** How long was worked, without what lay between its parts; 0 for what has no time. */
  public long workedNanos(Stage stage) {
    Taken time = taken.get(stage);
    return time == null ? 0 : time.workedNanos;
  }

  /** When it first began, by {@link System#nanoTime}; 0 for what has no time. */
  public long firstAtNanos(Stage stage) {
    Taken time = taken.get(stage);
    return time == null ? 0 : time.firstAtNanos;
  }

  /** When it last ended; 0 for what has no time. */
  public long lastAtNanos(Stage stage) {
    Taken time = taken.get(stage);
    return time == null ? 0 : time.lastAtNanos;
  }
}
