package io.mantle.vault;

import io.mantle.privacy.value.Plaintext;
import java.text.Normalizer;
import java.util.Locale;

/**
 * A value without its spelling, so that who asks for it to be erased need not know how it was
 * written: "Zoë Müller", "ZOE MULLER" and "zoe muller" are one, and so are the ways to group the
 * digits of a card.
 *
 * <p>Not guaranteed: that it tells all values apart ("re-sign" and "resign" are one), nor that it
 * knows what else is the same (a number with and without its country's prefix).
 */
final class Subject {
  /** Accents of Latin, Greek and Cyrillic; other scripts' marks are letters of a kind. */
  private static final int ACCENTS_FROM = 0x300;

  private static final int ACCENTS_TO = 0x36F;

  private Subject() {}

  static String of(Plaintext value) {
    String spelled = value.reveal();
    // Capitals first: what has none of its own, as the German sharp s, is spelled out by them.
    String folded =
        Normalizer.normalize(spelled, Normalizer.Form.NFKD)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    StringBuilder subject = new StringBuilder();
    Normalizer.normalize(folded, Normalizer.Form.NFKD)
        .codePoints()
        .filter(Subject::counts)
        .forEach(subject::appendCodePoint);
    return subject.isEmpty() ? spelled : subject.toString();
  }

  private static boolean counts(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK -> c < ACCENTS_FROM || c > ACCENTS_TO;
      case Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
      default -> Character.isLetterOrDigit(c);
    };
  }
}
