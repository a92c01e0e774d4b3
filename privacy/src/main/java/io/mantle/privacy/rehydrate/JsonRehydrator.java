package io.mantle.privacy.rehydrate;

import io.mantle.privacy.json.JsonText;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Restores the source of a JSON text in which a string may be the source of another, as in a tool
 * call's arguments: at every depth a surrogate is found however it is escaped there, and the value
 * is escaped as it must be there.
 *
 * <p>A string that begins with a bracket is taken for a JSON text for as long as it reads like one
 * (a stream does not tell how it ends); from where it does not, it is text of the string that it
 * is. So what a string is taken for depends on what stands before, and not on how it is cut.
 */
final class JsonRehydrator extends Rehydrator {
  /** As deep as requests are read; what is deeper is text. */
  private static final int NESTING_MAX = 4;

  private final Function<@Nullable Sink, TextRehydrator> flat;
  private final @Nullable Sink sink;
  private final StringBuilder pending = new StringBuilder();
  private final StringBuilder out = new StringBuilder();
  private final Layer outermost;
  private int decided;
  private boolean changed;

  /**
   * A channel.
   *
   * @param flat makes what restores a stretch of JSON source in which no string is another source;
   *     what all of these share lives as long as the channel
   * @param sink hears what is decided, or null
   */
  JsonRehydrator(Function<@Nullable Sink, TextRehydrator> flat, @Nullable Sink sink) {
    this.flat = flat;
    this.sink = sink;
    this.outermost = new Layer(1, new Leaving());
  }

  @Override
  public String accept(String piece) {
    return restore(piece, true);
  }

  @Override
  public String finish() {
    return restore("", false);
  }

  @Override
  public int heldChars() {
    return pending.length();
  }

  @Override
  String restoreWhole(String text) {
    return restore(text, false);
  }

  private String restore(String piece, boolean more) {
    beginSaying();
    boolean fresh = pending.isEmpty();
    pending.append(piece);
    for (int i = 0; i < piece.length(); i++) {
      outermost.take(piece.charAt(i));
    }
    outermost.flush(more);
    String said = out.toString();
    boolean same = fresh && !changed && decided == pending.length();
    pending.delete(0, decided);
    decided = 0;
    changed = false;
    out.setLength(0);
    return same ? piece : said;
  }

  /** What leaves the channel. */
  private final class Leaving implements Sink {
    @Override
    public void kept(int chars) {
      out.append(pending, decided, decided + chars);
      decided += chars;
      if (sink != null) {
        sink.kept(chars);
      }
    }

    @Override
    public void replaced(int chars, String by) {
      out.append(by);
      said(by, out.length());
      decided += chars;
      changed = true;
      if (sink != null) {
        sink.replaced(chars, by);
      }
    }
  }

  /** One source, and within it perhaps a string that is another. */
  private final class Layer {
    /** How much of what stood before a stretch decides how it begins. */
    private static final int CONTEXT_CHARS = 32;

    private static final int SOURCE_CHARS_MAX = 4_096;

    private final int level;
    private final Sink sink;
    private final JsonPrefix json = new JsonPrefix();
    private final StringBuilder run = new StringBuilder();
    private TextRehydrator text;
    private boolean isJson = true;

    /** Whether nothing but white space of a string has come. */
    private boolean opening;

    private @Nullable Layer inner;

    /** Of the inner source, as it is spelled here: what is not decided, and a little before it. */
    private final StringBuilder spelled = new StringBuilder();

    /** The characters of the inner source that are not decided: how long they are here. */
    private final Widths widths = new Widths();

    /** The beginning of an escape of the inner source. */
    private final StringBuilder unit = new StringBuilder();

    private Layer(int level, Sink sink) {
      this.level = level;
      this.sink = sink;
      this.text = flat.apply(sink);
    }

    /** Takes the next character, unless with it this is no JSON text. */
    private boolean take(char c) {
      if (!isJson) {
        run.append(c);
        return true;
      }
      JsonPrefix.Event event = json.step(c);
      if (event == JsonPrefix.Event.INVALID) {
        if (level > 1) {
          return false;
        }
        isJson = false;
      }
      if (inner != null) {
        takeInner(inner, event, c);
        return true;
      }
      boolean begins = opening && event == JsonPrefix.Event.CHARACTER && (c == '{' || c == '[');
      opening =
          event == JsonPrefix.Event.VALUE_BEGINS
              || (opening
                  && (event != JsonPrefix.Event.CHARACTER || isWhite(json.character()))
                  && event != JsonPrefix.Event.VALUE_ENDS);
      if (begins && level < NESTING_MAX) {
        text.accept(run.toString());
        text.finish();
        run.setLength(0);
        inner = new Layer(level + 1, new FromInner());
        takeInner(inner, event, c);
      } else {
        run.append(c);
      }
      return true;
    }

    private static boolean isWhite(char c) {
      return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private void takeInner(Layer layer, JsonPrefix.Event event, char c) {
      switch (event) {
        case VALUE_ENDS -> {
          layer.flush(false);
          endInner();
          run.append(c);
        }
        case CHARACTER -> {
          unit.append(c);
          if (layer.take(json.character())) {
            spelled.append(unit);
            widths.add(unit.length());
            unit.setLength(0);
          } else {
            goOnAsText(layer);
          }
        }
        case OTHER -> unit.append(c);
        case INVALID -> {
          unit.append(c);
          goOnAsText(layer);
        }
        case VALUE_BEGINS -> throw new IllegalStateException("a string within a string");
      }
    }

    /** The string turned out to be no JSON text: what is not decided of it is read again. */
    private void goOnAsText(Layer layer) {
      layer.flush(true);
      int from = spelled.length() - widths.total();
      String context = spelled.substring(Math.max(0, from - CONTEXT_CHARS), from);
      String again = spelled.substring(from) + unit;
      endInner();
      text.passedBefore(context);
      run.append(again);
    }

    private void endInner() {
      inner = null;
      opening = false;
      spelled.setLength(0);
      unit.setLength(0);
      widths.clear();
      text = flat.apply(sink);
    }

    /** Says what can be said. */
    private void flush(boolean more) {
      Layer layer = inner;
      if (layer == null) {
        text.accept(run.toString());
        run.setLength(0);
        if (!more) {
          text.finish();
        }
        return;
      }
      layer.flush(more);
      int from = spelled.length() - widths.total();
      if (from > SOURCE_CHARS_MAX) {
        spelled.delete(0, from - CONTEXT_CHARS);
      }
      if (!more) {
        sink.kept(unit.length());
      }
    }

    /** What becomes of the inner source becomes of the characters that spell it here. */
    private final class FromInner implements Sink {
      @Override
      public void kept(int chars) {
        sink.kept(widths.take(chars));
      }

      @Override
      public void replaced(int chars, String by) {
        sink.replaced(widths.take(chars), JsonText.escape(by));
      }
    }
  }

  /** A queue of small numbers. */
  private static final class Widths {
    private int[] widths = new int[64];
    private int from;
    private int to;
    private int total;

    void add(int width) {
      if (to == widths.length) {
        System.arraycopy(widths, from, widths, 0, to - from);
        to -= from;
        from = 0;
        if (to > widths.length / 2) {
          widths = Arrays.copyOf(widths, widths.length * 2);
        }
      }
      widths[to++] = width;
      total += width;
    }

    /** Takes the first {@code count}; returns their sum. */
    int take(int count) {
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += widths[from++];
      }
      total -= sum;
      return sum;
    }

    int total() {
      return total;
    }

    void clear() {
      from = 0;
      to = 0;
      total = 0;
    }
  }
}
