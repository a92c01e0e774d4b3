package io.mantle.privacy.rehydrate;

import io.mantle.privacy.match.PhraseSet;

/**
 * Restores one output channel: the content of one choice, the arguments of one tool call.
 *
 * <p>Guarantees: the concatenation of all that {@link #accept} and {@link #finish} return is the
 * same however the text was cut; what is held back is a suffix that may still become, or be found
 * to be part of, a surrogate, and never more (of JSON source also an escape that is not complete);
 * what is not a surrogate of this exchange is never changed.
 *
 * <p>Used by one thread at a time. Not to be used after {@code finish}.
 */
public final class Rehydrator {
  private final Restoration.Form form;
  private final PhraseSet.Before before;
  private final PhraseSet.Hit hit = new PhraseSet.Hit();
  private String held = "";

  Rehydrator(Restoration.Form form) {
    this.form = form;
    this.before = new PhraseSet.Before(form.jsonEscapes());
  }

  /**
   * Takes the next piece; returns what may leave now, the very same string where nothing changed.
   */
  public String accept(String piece) {
    return restore(piece, true);
  }

  /** Ends the channel; returns what was held back. */
  public String finish() {
    return held.isEmpty() ? "" : restore("", false);
  }

  /**
   * Restores a text that is whole, as a channel of its own: it neither continues what was accepted
   * nor is continued. Returns the very same string where nothing changed.
   */
  String whole(String text) {
    return new Rehydrator(form).restore(text, false);
  }

  /** How much is held back, in UTF-16 units. */
  public int heldChars() {
    return held.length();
  }

  private String restore(String piece, boolean more) {
    if (form.phrases().isEmpty()) {
      return piece;
    }
    String text = held.isEmpty() ? piece : held.concat(piece);
    StringBuilder restored = null;
    int done = 0;
    form.phrases().find(text, 0, before, more, hit);
    while (hit.phrase() >= 0) {
      if (restored == null) {
        restored = new StringBuilder(text.length() + 32);
      }
      restored.append(text, done, hit.start()).append(form.replacements().get(hit.phrase()));
      done = hit.end();
      form.phrases().find(text, done, before, more, hit);
    }
    int decided = hit.start();
    held = text.substring(decided);
    before.passed(text, decided);
    if (restored == null) {
      return decided == text.length() ? text : text.substring(0, decided);
    }
    return restored.append(text, done, decided).toString();
  }
}
