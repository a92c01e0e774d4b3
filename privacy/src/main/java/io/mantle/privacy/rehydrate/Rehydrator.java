package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restores one output channel: the content of one choice, the arguments of one tool call.
 *
 * <p>Two searches go over the text side by side: for surrogates as they left, and for the other
 * forms that the policy allows. The leftmost hit counts; where two overlap the exact one does,
 * unless the other holds it whole and more ("Juliet Pnos" with a surrogate "Juliet" in it).
 *
 * <p>Guarantees: the concatenation of all that {@link #accept} and {@link #finish} return is the
 * same however the text was cut; what is held back is a suffix that may still become, or be found
 * to be part of, a surrogate in a form that is on, and never more (of JSON source also an escape
 * that is not complete); what is not a surrogate of this exchange is never changed.
 *
 * <p>Used by one thread at a time. Not to be used after {@code finish}.
 */
public final class Rehydrator {
  /** An escape that a hit's end may have cut in two is no longer than this. */
  private static final int ESCAPE_CHARS_MAX = 12;

  private final Restoration.Reading form;
  private final Tally tally;
  private final PhraseSet.Before before;
  private final PhraseSet.Hit hit = new PhraseSet.Hit();
  private final FormSet.@Nullable Search search;
  private final @Nullable LinkGuard guard;
  private final List<Restored> restoredLast = new ArrayList<>();
  private String held = "";

  Rehydrator(Restoration.Reading form, Tally tally, @Nullable LinkGuard guard) {
    this.form = form;
    this.tally = tally;
    this.guard = guard;
    this.before = new PhraseSet.Before(form.jsonEscapes());
    this.search = form.forms().isEmpty() ? null : form.forms().new Search(form.jsonEscapes());
  }

  /**
   * Takes the next piece; returns what may leave now, the very same string where nothing changed.
   */
  public String accept(String piece) {
    return restore(piece, true);
  }

  /** Ends the channel; returns what was held back. */
  public String finish() {
    restoredLast.clear();
    return held.isEmpty() ? "" : restore("", false);
  }

  /**
   * Restores a text that is whole, as a channel of its own: it neither continues what was accepted
   * nor is continued. Returns the very same string where nothing changed.
   */
  String whole(String text) {
    LinkGuard links = guard;
    return new Rehydrator(form, tally, links == null ? null : links.fresh()).restoreWhole(text);
  }

  /** The same in this channel, which has not begun. */
  String restoreWhole(String text) {
    return restore(text, false);
  }

  /** Where a value stands in what {@link #accept} or {@link #finish} returned last. */
  public record Restored(int start, int end) {}

  /** All that was restored in what was returned last, in order. */
  public List<Restored> restoredLast() {
    return List.copyOf(restoredLast);
  }

  /** How much is held back, in UTF-16 units. */
  public int heldChars() {
    return held.length();
  }

  private String restore(String piece, boolean more) {
    restoredLast.clear();
    if (form.phrases().isEmpty()) {
      return piece;
    }
    String text = held.isEmpty() ? piece : held.concat(piece);
    return new Pass(text, more).run();
  }

  /** One go over the text at hand. */
  private final class Pass {
    private final String text;
    private final boolean more;
    private @Nullable StringBuilder restored;
    private int done;
    private int kept;

    private Pass(String text, boolean more) {
      this.text = text;
      this.more = more;
    }

    private String run() {
      form.phrases().find(text, 0, before, more, hit);
      if (search != null) {
        search.find(text, 0, more);
      }
      int decided;
      while (true) {
        boolean exact = hit.phrase() >= 0;
        int exactFrom = hit.start();
        boolean tolerant = search != null && search.isHit();
        int tolerantFrom = search == null ? text.length() : search.start();
        if (exact && (tolerant ? !tolerantWins() : tolerantFrom > exactFrom)) {
          if (!takeExact()) {
            decided = exactFrom;
            break;
          }
        } else if (tolerant
            && search != null
            && (exact ? tolerantWins() : exactFrom >= search.end())) {
          if (!takeTolerant(search)) {
            decided = tolerantFrom;
            break;
          }
        } else {
          decided = Math.min(exactFrom, tolerantFrom);
          break;
        }
      }
      return end(decided);
    }

    /** Where both found something. */
    private boolean tolerantWins() {
      if (search == null) {
        return false;
      }
      boolean first = search.end() <= hit.start();
      boolean holds = search.start() <= hit.start() && search.end() >= hit.end();
      boolean longer = search.end() - search.start() > hit.end() - hit.start();
      return first || (holds && longer);
    }

    private boolean takeExact() {
      int start = hit.start();
      int end = hit.end();
      EntityType type = form.types().get(hit.phrase());
      if (!replace(start, end, type, form.replacements().get(hit.phrase()), bit(Strategy.EXACT))) {
        return false;
      }
      form.phrases().find(text, end, before, more, hit);
      if (search != null && (search.start() < end || mayCutEscape(start, end))) {
        search.find(text, end, more);
      }
      return true;
    }

    private boolean takeTolerant(FormSet.Search found) {
      int end = found.end();
      if (!replace(
          found.start(), end, found.form().type(), found.replacement(), found.strategies())) {
        return false;
      }
      if (hit.start() < end) {
        form.phrases().find(text, end, before, more, hit);
      }
      found.find(text, end, more);
      return true;
    }

    private boolean mayCutEscape(int start, int end) {
      for (int i = Math.max(start, end - ESCAPE_CHARS_MAX); i < end; i++) {
        char c = text.charAt(i);
        if (c == '%' || c == '&' || c == '\\') {
          return true;
        }
      }
      return false;
    }

    /** Says whether it was decided. */
    private boolean replace(
        int start, int end, @Nullable EntityType type, @Nullable String said, int strategies) {
      LinkGuard links = guard;
      String replacement = said;
      if (links != null) {
        LinkGuard.Verdict verdict = LinkGuard.Verdict.RESTORE;
        links.passed(text, done, start);
        keep(start);
        if (replacement != null && type != null) {
          int next = end < text.length() ? text.charAt(end) : more ? -2 : -1;
          verdict = links.verdict(type, next);
          if (verdict == LinkGuard.Verdict.OPEN) {
            return false;
          }
          if (verdict == LinkGuard.Verdict.WITHHOLD) {
            tally.withheld(type, links.host());
            replacement = null;
          }
        }
        if (replacement == null) {
          links.passed(text, start, end);
        } else {
          links.passed(replacement, 0, replacement.length());
        }
      } else {
        keep(start);
      }
      if (replacement == null) {
        keep(end);
      } else {
        StringBuilder out = builder().append(replacement);
        restoredLast.add(new Restored(out.length() - replacement.length(), out.length()));
        tally.restored(strategies);
      }
      done = end;
      return true;
    }

    /** What is not changed, up to {@code end}. */
    private void keep(int end) {
      if (restored != null) {
        restored.append(text, done, end);
      }
      kept = end;
      done = end;
    }

    private StringBuilder builder() {
      StringBuilder out = restored;
      if (out == null) {
        out = new StringBuilder(text.length() + 32).append(text, 0, kept);
        restored = out;
      }
      return out;
    }

    private String end(int decided) {
      if (guard != null) {
        guard.passed(text, done, decided);
      }
      held = text.substring(decided);
      before.passed(text, decided);
      if (search != null) {
        search.passed(text, decided);
      }
      if (restored == null) {
        return decided == text.length() ? text : text.substring(0, decided);
      }
      return restored.append(text, done, decided).toString();
    }
  }
}
