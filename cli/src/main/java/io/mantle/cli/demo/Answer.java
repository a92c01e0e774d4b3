package io.mantle.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An answer to a prompt, whole or as a stream of events.
 *
 * <p>The text repeats the prompt, so that the client sees its own values come back restored; the
 * events cut it at odd places, so that a value lies across several of them.
 */
sealed interface Answer permits ChatAnswer, MessagesAnswer, ResponsesAnswer {
  List<Integer> CODE_POINTS_PER_PIECE = List.of(3, 1, 4, 1, 5, 9, 2, 6);
  int CHARS_BEFORE_LONGER_PIECES = 4_000;
  int BYTES_PER_TOKEN = 4;

  /** The body of an answer that is not streamed. */
  String whole();

  /** The events, in order, each as it is sent: with the name of its fields and a blank line. */
  Stream<String> events();

  static String textFor(PromptRequest request) {
    return "Here is what I understood: " + request.prompt();
  }

  /** A long text is cut into longer pieces, so that a stream ends in reasonable time. */
  static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int stretch = 1 + text.length() / CHARS_BEFORE_LONGER_PIECES;
    int start = 0;
    for (int turn = 0; start < text.length(); turn++) {
      int codePoints = stretch * CODE_POINTS_PER_PIECE.get(turn % CODE_POINTS_PER_PIECE.size());
      int end = start;
      for (int taken = 0; taken < codePoints && end < text.length(); taken++) {
        end += Character.charCount(text.codePointAt(end));
      }
      pieces.add(text.substring(start, end));
      start = end;
    }
    return pieces;
  }
}
