package io.mantle.extproc.response;

/**
 * How much is remembered of one stream. A stream that says more is refused: what it says could not
 * be restored, nor its links judged, as the whole answer would be.
 *
 * @param textsMax texts that grow at once, and texts of which is remembered what they said; tools
 *     beyond so many that are called get no values
 * @param citedCharsMax annotations beyond this much of one text keep their offsets
 * @param rememberedCharsMax of all that is remembered since something may cite or sign it
 */
record StreamLimits(int textsMax, int citedCharsMax, int rememberedCharsMax) {
  /** More than a real answer has. */
  static final StreamLimits STANDARD = new StreamLimits(4_096, 1 << 20, 16 << 20);
}
