package io.mantle.privacy.detect.evaluation;

import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a text and its type, as files of labelled text hold it.
 *
 * @param start the first, in Unicode code points
 * @param end one past the last, in code points
 * @param type by name, since files know types that a detector does not
 */
public record Mark(int start, int end, String type) {

  /**
   * The spans of a detector as marks.
   *
   * @param spans within {@code text}, in order of start and none overlapping
   */
  public static List<Mark> of(String text, List<Span> spans) {
    List<Mark> marks = new ArrayList<>(spans.size());
    int units = 0;
    int points = 0;
    for (Span span : spans) {
      int start = points + text.codePointCount(units, span.start());
      points = start + text.codePointCount(span.start(), span.end());
      units = span.end();
      marks.add(new Mark(start, points, span.type().name()));
    }
    return marks;
  }
}
