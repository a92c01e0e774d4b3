package io.mantle.privacy.detect.parallel;

import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts long texts into pieces that are searched on their own. Where it cuts depends on the text
 * alone, never on threads; and as it goes from the beginning to the end, what is added behind a
 * text leaves the earlier pieces as they were.
 *
 * <p>A piece is searched together with some of the text before and behind it, so that a value at a
 * cut is seen whole and with its context; of what is found there, what begins in the piece counts.
 */
final class Pieces {
  /** Shorter texts are not cut. */
  static final int CHARS_MIN = 8 * 1024;

  /** How far behind the least length a better place for a cut is looked for. */
  private static final int SLACK_CHARS = 1024;

  /** What is searched before and behind a piece. */
  private static final int CONTEXT_CHARS = 512;

  private static final List<String> SEPARATORS = List.of("\n\n", "\n", ". ", " ");

  /** A key in this form stands on many lines; a text with one in it is not cut. */
  private static final String ARMOUR = "-----BEGIN ";

  /**
   * One piece of one text.
   *
   * @param text index of the text
   * @param start where the piece begins in it
   * @param end past the piece
   * @param searchedStart where what is searched begins
   * @param searched the piece and what surrounds it
   */
  record Piece(int text, int start, int end, int searchedStart, Plaintext searched) {

    /** What begins in this piece of what was found, at its place in the whole text. */
    List<Span> owned(List<Span> found) {
      if (searchedStart == 0 && searched.length() == end) {
        return found;
      }
      List<Span> owned = new ArrayList<>(found.size());
      for (Span span : found) {
        int at = span.start() + searchedStart;
        if (at >= start && at < end) {
          owned.add(new Span(at, span.end() + searchedStart, span.type(), span.score()));
        }
      }
      return owned;
    }
  }

  private Pieces() {}

  /** All pieces of all texts, in order; nearly always one for each text. */
  static List<Piece> of(List<Plaintext> texts) {
    List<Piece> pieces = new ArrayList<>(texts.size());
    for (int text = 0; text < texts.size(); text++) {
      Plaintext plain = texts.get(text);
      if (plain.length() < CHARS_MIN + SLACK_CHARS) {
        pieces.add(new Piece(text, 0, plain.length(), 0, plain));
      } else {
        cut(text, plain, pieces);
      }
    }
    return pieces;
  }

  private static void cut(int index, Plaintext plain, List<Piece> pieces) {
    String text = plain.reveal();
    if (text.contains(ARMOUR)) {
      pieces.add(new Piece(index, 0, text.length(), 0, plain));
      return;
    }
    int start = 0;
    while (start < text.length()) {
      int end = end(text, start);
      int searchedStart = aligned(text, Math.max(0, start - CONTEXT_CHARS));
      int searchedEnd = aligned(text, Math.min(text.length(), end + CONTEXT_CHARS));
      Plaintext searched = new Plaintext(text.substring(searchedStart, searchedEnd));
      pieces.add(new Piece(index, start, end, searchedStart, searched));
      start = end;
    }
  }

  /** Where the piece from {@code start} ends: behind a separator, the best that is near. */
  private static int end(String text, int start) {
    int from = start + CHARS_MIN;
    while (from + CHARS_MIN / 2 < text.length()) {
      int to = Math.min(text.length(), from + SLACK_CHARS);
      for (String separator : SEPARATORS) {
        int at = text.indexOf(separator, from, to);
        if (at >= 0) {
          return at + separator.length();
        }
      }
      from = to;
    }
    return text.length();
  }

  /** Not within a word, where the surroundings begin or end, if one does not go on for long. */
  private static int aligned(String text, int at) {
    int low = Math.max(0, at - CONTEXT_CHARS / 4);
    for (int i = at; i > low; i--) {
      if (i == text.length() || Character.isWhitespace(text.charAt(i - 1))) {
        return i;
      }
    }
    return at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }
}
