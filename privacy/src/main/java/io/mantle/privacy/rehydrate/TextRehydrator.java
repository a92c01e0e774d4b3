package io.mantle.privacy.rehydrate;

import static io.mantle.privacy.rehydrate.RestorationPolicy.bit;

import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import org.jspecify.annotations.Nullable;

/**
 * Restores a text, or the source of a JSON text in which no string is another source.
 *
 * <p>Two searches go over the text side by side: for surrogates as they left, and for the other
 * forms that the policy allows. The leftmost hit counts; where two overlap the exact one does,
 * unless the other holds it whole and more ("Juliet Pnos" with a surrogate "Juliet" in it).
 */
final class TextRehydrator extends Rehydrator {
  /** An escape that a hit's end may have cut in two is no longer than this. */
  private static final int ESCAPE_CHARS_MAX = 12;

  private final Restoration.Reading form;
  private final Tally tally;
  private final PhraseSet.Before before;
  private final PhraseSet.Hit hit = new PhraseSet.Hit();
  private final @Nullable FormSearch search;
  private final @Nullable LinkGuard guard;
  private final @Nullable Sink sink;
  private String held = "";

  /**
   * A channel.
   *
   * @param sink hears what is decided, or null
   */
  TextRehydrator(
      Restoration.Reading form, Tally tally, @Nullable LinkGuard guard, @Nullable Sink sink) {
    this.sink = sink;
    this.form = form;
    this.tally = tally;
    this.guard = guard;
    this.before = new PhraseSet.Before(form.jsonEscapes());
    this.search =
        form.forms().isEmpty() ? null : FormSearch.restoring(form.forms(), form.jsonEscapes());
  }

  @Override
  public String accept(String piece) {
    return restore(piece, true);
  }

  @Override
  public String finish() {
    beginSaying();
    return held.isEmpty() ? "" : restore("", false);
  }

  @Override
  String restoreWhole(String text) {
    return restore(text, false);
  }

  @Override
  public int heldChars() {
    return held.length();
  }

  /** Before the channel begins: what stands before it, and is restored elsewhere. */
  void passedBefore(String text) {
    before.passed(text, text.length());
    if (search != null) {
      search.passed(text, text.length());
    }
  }

  private String restore(String piece, boolean more) {
    beginSaying();
    if (form.phrases().isEmpty()) {
      if (sink != null) {
        sink.kept(piece.length());
      }
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

    private boolean takeTolerant(FormSearch found) {
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
        said(replacement, out.length());
        tally.restored(strategies);
        if (sink != null) {
          sink.replaced(end - done, replacement);
        }
      }
      done = end;
      return true;
    }

    /** What is not changed, up to {@code end}. */
    private void keep(int end) {
      if (restored != null) {
        restored.append(text, done, end);
      }
      if (sink != null) {
        sink.kept(end - done);
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
      if (sink != null) {
        sink.kept(decided - done);
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
