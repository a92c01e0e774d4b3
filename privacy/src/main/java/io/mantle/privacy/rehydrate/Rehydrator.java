package io.mantle.privacy.rehydrate;

import java.util.ArrayList;
import java.util.List;

/**
 * Restores one output channel: the content of one choice, the arguments of one tool call.
 *
 * <p>Guarantees: the concatenation of all that {@link #accept} and {@link #finish} return is the
 * same however the text was cut; what is held back is a suffix that may still become, or be found
 * to be part of, a surrogate in a form that is on, and never more (of JSON source also an escape
 * that is not complete); what is not a surrogate of this exchange is never changed.
 *
 * <p>Used by one thread at a time. Not to be used after {@code finish}.
 */
public abstract sealed class Rehydrator permits TextRehydrator, JsonRehydrator {
  private final List<Restored> restoredLast = new ArrayList<>();

  Rehydrator() {}

  /** Where a value stands in what {@link #accept} or {@link #finish} returned last. */
  public record Restored(int start, int end) {}

  /**
   * Takes the next piece; returns what may leave now, the very same string where nothing changed.
   */
  public abstract String accept(String piece);

  /** Ends the channel; returns what was held back. */
  public abstract String finish();

  /** All that was restored in what was returned last, in order. */
  public final List<Restored> restoredLast() {
    return List.copyOf(restoredLast);
  }

  /** Begins what is returned next: nothing is restored in it yet. */
  final void beginSaying() {
    restoredLast.clear();
  }

  /** In what is returned next, a value ends at {@code end}. */
  final void said(String value, int end) {
    restoredLast.add(new Restored(end - value.length(), end));
  }

  /** How much is held back, in UTF-16 units. */
  public abstract int heldChars();

  /**
   * The whole text of a channel that has not begun; returns the very same string where nothing
   * changed.
   */
  abstract String restoreWhole(String text);

  /** Hears what becomes of a channel's text, in order. */
  interface Sink {
    /** The next characters leave as they came. */
    void kept(int chars);

    /** In place of the next characters leaves something else. */
    void replaced(int chars, String by);
  }
}
