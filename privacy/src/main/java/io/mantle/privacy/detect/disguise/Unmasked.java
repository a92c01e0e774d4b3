package io.mantle.privacy.detect.disguise;

import io.mantle.privacy.detect.passage.CharClass;
import io.mantle.privacy.detect.passage.Passage;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text as it would read without the ways to hide a value from a detector: without the disguise of
 * characters ({@link Decoding}), with its digits joined ({@link LooseDigits}) and its addresses
 * written with marks ({@link SpelledAddresses}). What is found here can be pointed at in the
 * original.
 *
 * <p>Made only where a text shows a sign of any of it; one level deep; linear in the text.
 */
public final class Unmasked {
  /** What stands this near to a disguise is looked at with it. */
  private static final int AROUND_CHARS = 200;

  /** Begins a value of many lines, of which nothing tells but the first. */
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  private final MappedText text;

  /**
   * A part of the text in which something wore a disguise, with what stands around it.
   *
   * @param start where the passage begins in the whole
   */
  public record Piece(int start, Passage passage) {}

  private Unmasked(MappedText text) {
    this.text = text;
  }

  /** The text without disguise; null if it wears none. */
  public static @Nullable Unmasked of(Passage passage) {
    boolean encoded = passage.hasEscape() || passage.hasNonAscii();
    boolean digits = LooseDigits.isIn(passage);
    boolean words = SpelledAddresses.isIn(passage.text());
    if (!encoded && !digits && !words) {
      return null;
    }
    MappedText text = new MappedText(passage.text());
    new Decoding(text).run();
    if (digits) {
      LooseDigits.join(text);
    }
    if (words || encoded) {
      SpelledAddresses.join(text);
    }
    return text.isChanged() ? new Unmasked(text) : null;
  }

  /** All of the text. */
  public String text() {
    return text.text();
  }

  /** Where to look for what was in disguise: what lies apart from it was seen without. */
  public List<Piece> pieces() {
    String plain = text.text();
    if (plain.contains(PRIVATE_KEY)) {
      return List.of(new Piece(0, new Passage(plain)));
    }
    List<Piece> pieces = new ArrayList<>();
    int from = -1;
    int to = -1;
    for (int i = 0; i < plain.length(); i++) {
      if (!text.isDisguised(i) || isMarkAlone(plain, i)) {
        continue;
      }
      if (from < 0 || i - AROUND_CHARS > to) {
        add(pieces, plain, from, to);
        from = blankBefore(plain, Math.max(Math.max(to, 0), i - AROUND_CHARS));
      }
      to = blankBehind(plain, Math.max(to, Math.min(plain.length(), i + 1 + AROUND_CHARS)));
    }
    add(pieces, plain, from, to);
    return pieces;
  }

  /** Between blanks a mark is no part of a value: the "and" of a company, written for HTML. */
  private static boolean isMarkAlone(String plain, int at) {
    return !CharClass.isWord(plain.charAt(at))
        && (at == 0 || Character.isWhitespace(plain.charAt(at - 1)))
        && (at + 1 == plain.length() || Character.isWhitespace(plain.charAt(at + 1)));
  }

  private static void add(List<Piece> pieces, String plain, int from, int to) {
    if (from >= 0) {
      pieces.add(new Piece(from, new Passage(plain.substring(from, to))));
    }
  }

  private static int blankBefore(String plain, int from) {
    int at = from;
    while (at > 0 && !Character.isWhitespace(plain.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static int blankBehind(String plain, int from) {
    int at = from;
    while (at < plain.length() && !Character.isWhitespace(plain.charAt(at))) {
      at++;
    }
    return at;
  }

  /** As the other, of a span in a piece. */
  public @Nullable Span original(Span span, Piece piece) {
    return original(
        new Span(span.start() + piece.start, span.end() + piece.start, span.type(), span.score()));
  }

  /** A span found here as one of the original; null if nothing of it was in disguise. */
  public @Nullable Span original(Span span) {
    int start = text.start(span.start());
    int end = text.end(span.end() - 1);
    if (isSame(span, start, end) || (span.type() == EntityType.PHONE && hasLetter(start, end))) {
      return null;
    }
    return new Span(start, end, span.type(), span.score() * 0.95);
  }

  private boolean isSame(Span span, int start, int end) {
    if (end - start != span.length()) {
      return false;
    }
    for (int i = 0; i < span.length(); i++) {
      if (text.at(span.start() + i) != text.originalAt(start + i)) {
        return false;
      }
    }
    return true;
  }

  /** Phone numbers have no check digit that would tell a digit from a letter. */
  private boolean hasLetter(int start, int end) {
    for (int i = start; i < end; i++) {
      if (LooseDigits.isDigitLetter(text.originalAt(i))
          && CharClass.isDigit(text.originalAt(i - 1))) {
        return true;
      }
    }
    return false;
  }
}
