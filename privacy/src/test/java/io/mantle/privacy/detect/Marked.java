package io.mantle.privacy.detect;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.List;

/** Texts in which what must be found stands between ⟦ and ⟧. */
public final class Marked {
  private Marked() {}

  /** A marked text without its marks. */
  public static String plain(String marked) {
    return marked.replace("⟦", "").replace("⟧", "");
  }

  /** A text with what {@code detector} finds of {@code type} between the marks. */
  public static String mark(Detector detector, String text, EntityType type) {
    List<Span> spans =
        detector.detect(new Plaintext(text)).stream().filter(span -> span.type() == type).toList();
    StringBuilder marked = new StringBuilder(text);
    for (Span span : spans.reversed()) {
      marked.insert(span.end(), '⟧').insert(span.start(), '⟦');
    }
    return marked.toString();
  }
}
