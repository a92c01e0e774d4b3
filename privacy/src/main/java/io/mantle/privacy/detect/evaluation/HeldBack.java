package io.mantle.privacy.detect.evaluation;

import java.util.Comparator;
import java.util.List;

/** The part of labelled text that training without {@code --all true} leaves out. */
public final class HeldBack {
  private HeldBack() {}

  private static final int ONE_IN = 5;

  /**
   * Whether a text is of that part: one in five, by a hash of what remains without its entities and
   * case. {@code training.LabelledText} goes by the same rule.
   */
  public static boolean holds(LabelledDocument document) {
    int[] points = document.text().codePoints().toArray();
    StringBuilder frame = new StringBuilder();
    int from = 0;
    List<Mark> ordered =
        document.marks().stream().sorted(Comparator.comparingInt(Mark::start)).toList();
    for (Mark mark : ordered) {
      if (mark.start() >= from) {
        frame.append(new String(points, from, mark.start() - from)).append('#');
        from = mark.end();
      }
    }
    frame.append(new String(points, from, points.length - from));
    return fold(frame) == 0;
  }

  /**
   * Which of the five parts a text is of, by a hash of its letters without case.
   *
   * @param frame the text without its entities
   * @return 0 to 4; training leaves out 0 unless it is told another
   */
  public static int fold(CharSequence frame) {
    int hash = 7;
    for (int i = 0; i < frame.length(); i++) {
      char c = Character.toLowerCase(frame.charAt(i));
      if (Character.isLetter(c)) {
        hash = hash * 31 + c;
      }
    }
    return Math.floorMod(((hash ^ (hash >>> 15)) * 0x2c1b3c6d) >>> 8, ONE_IN);
  }
}
