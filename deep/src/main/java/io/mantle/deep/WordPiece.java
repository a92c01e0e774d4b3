package io.mantle.deep;

import io.mantle.privacy.detect.deep.Pieces;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BERT's tokenizer, with the stretch of the original text that each piece stands for.
 *
 * <p>As published with BERT: control characters are dropped, accents are stripped and letters
 * lowered where the model was trained so, blanks and punctuation part words, each CJK ideograph is
 * a word, and a word is cut into the longest pieces of the vocabulary from the left, {@code ##}
 * before all but the first; one that cannot be cut is unknown as a whole.
 *
 * <p>Unlike the published one it never reads {@code [SEP]} or {@code [MASK]} in a text as the
 * marker: a text must not steer the model that judges it.
 *
 * <p>Immutable, so safe for many threads. Linear time.
 */
final class WordPiece {
  private static final int WORD_CHARS_MAX = 100;
  private static final int VOCABULARY_MAX = 1 << 20;
  private static final char REPLACEMENT = '\uFFFD';

  private final Map<String, Integer> first = new HashMap<>();
  private final Map<String, Integer> further = new HashMap<>();
  private final boolean lowerCase;
  private final int unknown;
  private final int begin;
  private final int end;
  private int longest;

  private WordPiece(Path vocabulary, boolean lowerCase) throws IOException {
    this.lowerCase = lowerCase;
    try (BufferedReader lines = Files.newBufferedReader(vocabulary, StandardCharsets.UTF_8)) {
      int id = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        boolean goesOn = line.startsWith("##") && line.length() > 2;
        String piece = goesOn ? line.substring(2) : line;
        (goesOn ? further : first).putIfAbsent(piece, id++);
        longest = Math.max(longest, piece.length());
        if (id > VOCABULARY_MAX) {
          throw new IOException("the vocabulary has more than " + VOCABULARY_MAX + " lines");
        }
      }
    }
    unknown = marker("[UNK]");
    begin = marker("[CLS]");
    end = marker("[SEP]");
  }

  /**
   * @param vocabulary one piece a line, UTF-8; a line's number is the piece's
   * @param lowerCase whether the model was trained on lower-case text without accents
   * @throws IOException if it cannot be read or lacks a marker
   */
  static WordPiece read(Path vocabulary, boolean lowerCase) throws IOException {
    return new WordPiece(vocabulary, lowerCase);
  }

  private int marker(String name) throws IOException {
    Integer id = first.remove(name);
    if (id == null) {
      throw new IOException("the vocabulary has no " + name);
    }
    return id;
  }

  /** {@code [CLS]}, which a passage begins with. */
  int begin() {
    return begin;
  }

  /** {@code [SEP]}, which a passage ends with. */
  int end() {
    return end;
  }

  Pieces split(String text) {
    Pieces.Builder pieces = new Pieces.Builder();
    Word word = new Word();
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      int next = at + Character.charCount(point);
      if (isBlank(point)) {
        word.flush(pieces);
      } else if (!isDropped(point)) {
        if (isIdeograph(point)) {
          word.flush(pieces);
          word.append(point, at, next, pieces);
          word.flush(pieces);
        } else {
          word.normalised(point, at, next, pieces);
        }
      }
      at = next;
    }
    word.flush(pieces);
    return pieces.build();
  }

  /** The word that is being gathered: its normalised units, and where each comes from. */
  private final class Word {
    private final StringBuilder units = new StringBuilder();
    private int[] starts = new int[WORD_CHARS_MAX];
    private int[] ends = new int[WORD_CHARS_MAX];
    private int points;
    private int number;

    void normalised(int point, int start, int end, Pieces.Builder pieces) {
      if (point < 128 || !lowerCase) {
        append(lowerCase ? Character.toLowerCase(point) : point, start, end, pieces);
        return;
      }
      Normalizer.normalize(Character.toString(point), Normalizer.Form.NFD)
          .codePoints()
          .filter(part -> Character.getType(part) != Character.NON_SPACING_MARK)
          .forEach(part -> append(Character.toLowerCase(part), start, end, pieces));
    }

    void append(int point, int start, int end, Pieces.Builder pieces) {
      boolean punctuation = isPunctuation(point);
      if (punctuation) {
        flush(pieces);
      }
      if (points <= WORD_CHARS_MAX) {
        for (int unit = Character.charCount(point); unit > 0; unit--) {
          int index = units.length() + Character.charCount(point) - unit;
          if (index == starts.length) {
            starts = java.util.Arrays.copyOf(starts, index * 2);
            ends = java.util.Arrays.copyOf(ends, index * 2);
          }
          starts[index] = start;
          ends[index] = end;
        }
        units.appendCodePoint(point);
      } else {
        ends[units.length() - 1] = end; // too long to be known: only its end matters
      }
      points++;
      if (punctuation) {
        flush(pieces);
      }
    }

    void flush(Pieces.Builder pieces) {
      if (units.length() > 0) {
        if (points > WORD_CHARS_MAX || !cut(null)) {
          pieces.add(unknown, starts[0], ends[units.length() - 1], number);
        } else {
          cut(pieces);
        }
        units.setLength(0);
        points = 0;
        number++;
      }
    }

    /** Longest first; without a builder it only says whether the word can be cut. */
    private boolean cut(Pieces.@Nullable Builder pieces) {
      int from = 0;
      while (from < units.length()) {
        Map<String, Integer> vocabulary = from == 0 ? first : further;
        int to = Math.min(units.length(), from + longest);
        Integer id = null;
        for (; to > from; to--) {
          id = vocabulary.get(units.substring(from, to));
          if (id != null) {
            break;
          }
        }
        if (id == null) {
          return false;
        }
        if (pieces != null) {
          pieces.add(id, starts[from], ends[to - 1], number);
        }
        from = to;
      }
      return true;
    }
  }

  private static boolean isBlank(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || Character.isSpaceChar(point)
        || point == 0x0B
        || point == 0x0C
        || point == 0x85;
  }

  private static boolean isDropped(int point) {
    return point == REPLACEMENT
        || switch (Character.getType(point)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.PRIVATE_USE,
              Character.SURROGATE,
              Character.UNASSIGNED ->
              true;
          default -> false;
        };
  }

  private static boolean isPunctuation(int point) {
    if (point < 128) {
      return point > ' ' && point < 127 && !Character.isLetterOrDigit(point);
    }
    return switch (Character.getType(point)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  /** The blocks that BERT's publication names, not all that Unicode has today. */
  private static boolean isIdeograph(int point) {
    return (point >= 0x4E00 && point <= 0x9FFF)
        || (point >= 0x3400 && point <= 0x4DBF)
        || (point >= 0x20000 && point <= 0x2A6DF)
        || (point >= 0x2A700 && point <= 0x2B73F)
        || (point >= 0x2B740 && point <= 0x2B81F)
        || (point >= 0x2B920 && point <= 0x2CEAF)
        || (point >= 0xF900 && point <= 0xFAFF)
        || (point >= 0x2F800 && point <= 0x2FA1F);
  }
}
