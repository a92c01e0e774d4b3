package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import org.jspecify.annotations.Nullable;

/**
 * A text as it would read without the ways to hide a value from a detector: without the disguise of
 * characters ({@link Decoding}), with its digits joined ({@link LooseDigits}) and its addresses
 * written with marks ({@link SpelledAddresses}). What is found here can be pointed at in the
 * original.
 *
 * <p>Made only where a text shows a sign of any of it; one level deep; linear in the text.
 */
final class Unmasked {
  private final MappedText text;

  private Unmasked(MappedText text) {
    this.text = text;
  }

  /** The text without disguise; null if it wears none. */
  static @Nullable Unmasked of(Passage passage) {
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

  Passage passage() {
    return new Passage(text.text());
  }

  /** A span found here as one of the original; null if nothing of it was in disguise. */
  @Nullable Span original(Span span) {
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
