package io.mantle.privacy.detect.link;

import io.mantle.privacy.detect.AllowedMentions;
import io.mantle.privacy.detect.Detector;
import io.mantle.privacy.detect.DocumentDetector;
import io.mantle.privacy.detect.parallel.ParallelSearch;
import io.mantle.privacy.detect.parallel.Workers;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Asks a detector about each text of a document, and finds what it found wherever else the document
 * has it: a value as it is; of a person also parts of the name, its other orders and cases, and
 * handles made of it; of an organisation the name without its legal form.
 *
 * <p>Guarantees: as {@link DocumentDetector}. A value that was found once, of three characters or
 * more, is in a span wherever it stands as a word of its own, unless another span is there or that
 * mention is allowed.
 */
public final class LinkingDetector implements DocumentDetector {
  /**
   * A value shorter than this is not looked for elsewhere: it would be found inside of anything.
   */
  private static final int LINKED_CHARS_MIN = 3;

  private final Detector detector;
  private final ParallelSearch search;
  private final AllowedMentions allowed;

  /** On the caller's thread alone. */
  public LinkingDetector(Detector detector) {
    this(detector, Workers.NONE);
  }

  /** With help where a document is long; the spans are the same. */
  public LinkingDetector(Detector detector, Workers workers) {
    this(detector, workers, AllowedMentions.NONE);
  }

  /** As the other, but for mentions that may leave. */
  public LinkingDetector(Detector detector, Workers workers, AllowedMentions allowed) {
    this.detector = detector;
    this.search = new ParallelSearch(workers);
    this.allowed = allowed;
  }

  @Override
  public List<List<Span>> detect(List<Plaintext> texts, Predicate<EntityType> wanted) {
    List<List<Span>> found = search.detect(detector, texts);
    Mentions mentions = new Mentions(forms(texts, found, wanted));
    List<List<Span>> linked = new ArrayList<>(texts.size());
    for (int text = 0; text < texts.size(); text++) {
      linked.add(mentions.in(texts.get(text), found.get(text), wanted, allowed));
    }
    return linked;
  }

  private static Forms forms(
      List<Plaintext> texts, List<List<Span>> found, Predicate<EntityType> wanted) {
    Forms forms = new Forms();
    List<Found> values = new ArrayList<>();
    for (int text = 0; text < texts.size(); text++) {
      for (Span span : found.get(text)) {
        if (span.length() >= LINKED_CHARS_MIN && wanted.test(span.type())) {
          String value = texts.get(text).reveal().substring(span.start(), span.end());
          forms.asFound(value, span.type(), span.score());
          values.add(new Found(value, span));
        }
      }
    }
    for (Found value : values) {
      if (value.span().type() == EntityType.PERSON) {
        forms.ofPerson(value.value(), value.span().score());
      }
    }
    for (Found value : values) {
      if (value.span().type() == EntityType.EMAIL) {
        forms.ofEmail(value.value(), value.span().score());
      } else if (value.span().type() == EntityType.ORG) {
        forms.ofOrganisation(value.value(), value.span().score());
      }
    }
    return forms;
  }

  private record Found(String value, Span span) {}
}
