package io.mantle.privacy.detect.link;

import io.mantle.privacy.detect.AllowedMentions;
import io.mantle.privacy.detect.link.Form.Care;
import io.mantle.privacy.match.PhraseSet;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds the forms of what a document showed in its texts. Immutable; time is linear in the text, as
 * {@link PhraseSet} is.
 */
final class Mentions {
  private static final int HANDLE_CHARS_MAX = 40;
  private static final String LIST_MARKS = ",;/|\n";

  private final PhraseSet spellings;
  private final List<Form> forms;
  private final Map<String, Double> handles;

  Mentions(Forms all) {
    PhraseSet.Builder builder = new PhraseSet.Builder();
    List<Form> added = new ArrayList<>();
    all.bySpelling()
        .forEach(
            (spelling, form) -> {
              if (spelling.length() <= PhraseSet.PHRASE_CHARS_MAX) {
                builder.add(spelling, true);
                added.add(form);
              }
            });
    spellings = builder.build();
    forms = List.copyOf(added);
    handles = Map.copyOf(all.handles());
  }

  /**
   * What was found in the text, and its mentions of wanted types.
   *
   * @param found all that was found in the text, of whatever types, in order
   * @param allowed which mentions may leave all the same
   */
  List<Span> in(
      Plaintext plaintext,
      List<Span> found,
      Predicate<EntityType> wanted,
      AllowedMentions allowed) {
    String text = plaintext.reveal();
    List<Span> linked = new ArrayList<>();
    Cursor cursor = new Cursor(found, wanted);
    PhraseSet.Before before = new PhraseSet.Before(false);
    PhraseSet.Hit hit = new PhraseSet.Hit();
    for (spellings.find(text, 0, before, false, hit);
        hit.phrase() >= 0;
        spellings.find(text, hit.end(), before, false, hit)) {
      Form form = forms.get(hit.phrase());
      if (wanted.test(form.type())
          && isMention(text, form, hit)
          && cursor.isOpen(text, hit.start(), hit.end(), form)) {
        link(text, linked, new Span(hit.start(), hit.end(), form.type(), form.score()));
      }
    }
    if (!handles.isEmpty() && wanted.test(EntityType.USERNAME)) {
      handles(text, found, wanted, linked);
    }
    List<Span> mentions = linked.isEmpty() ? linked : allowed.without(plaintext, linked);
    return mentions.isEmpty() ? found : merged(found, mentions);
  }

  private static boolean isMention(String text, Form form, PhraseSet.Hit hit) {
    return switch (form.care()) {
      case AS_FOUND, SEVERAL_WORDS -> true;
      case NAME -> Place.isOfProse(text, hit.start(), hit.end());
      case COMMON_WORD ->
          !Character.isLetter(Place.at(text, hit.end()))
              && Place.isOfName(text, hit.start(), hit.end());
    };
  }

  /** Adds a mention; "Garcia" and "Marquez" beside each other are one person. */
  private static void link(String text, List<Span> linked, Span span) {
    if (!linked.isEmpty()) {
      Span last = linked.getLast();
      boolean joined =
          span.type() == EntityType.PERSON
              && last.type() == EntityType.PERSON
              && span.start() - last.end() == 1
              && (text.charAt(last.end()) == ' ' || text.charAt(last.end()) == '-');
      if (joined) {
        linked.removeLast();
        linked.add(
            new Span(
                last.start(), span.end(), EntityType.PERSON, Math.min(last.score(), span.score())));
        return;
      }
    }
    linked.add(span);
  }

  /** {@code @jsmith}, once there is a John Smith. */
  private void handles(
      String text, List<Span> found, Predicate<EntityType> wanted, List<Span> linked) {
    Cursor cursor = new Cursor(found, wanted);
    int end;
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', end)) {
      end = at + 1;
      StringBuilder letters = new StringBuilder();
      while (end - at <= HANDLE_CHARS_MAX && isOfHandle(text, end)) {
        char c = text.charAt(end);
        if (Character.isLetter(c)) {
          letters.append(Character.toLowerCase(c));
        }
        end++;
      }
      Double score = handles.get(letters.toString());
      char next = Place.at(text, end);
      if (score != null
          && !Place.isWord(Place.at(text, at - 1))
          && next != '('
          && next != '/'
          && next != '@'
          && cursor.isOpen(text, at, end, new Form(EntityType.USERNAME, Care.NAME, score))) {
        int start = at;
        int stop = end;
        linked.removeIf(span -> span.start() < stop && start < span.end());
        linked.add(new Span(start, stop, EntityType.USERNAME, score));
      }
    }
  }

  private static boolean isOfHandle(String text, int at) {
    char c = Place.at(text, at);
    return Place.isWord(c) || ((c == '.' || c == '-') && Place.isWord(Place.at(text, at + 1)));
  }

  /** Both in order; of what was found only that remains which no mention covers. */
  private static List<Span> merged(List<Span> found, List<Span> mentions) {
    List<Span> linked = mentions.stream().sorted(Comparator.comparingInt(Span::start)).toList();
    List<Span> all = new ArrayList<>(found.size() + linked.size());
    int next = 0;
    int free = 0;
    for (Span span : found) {
      free = Math.max(free, span.start());
      while (next < linked.size() && linked.get(next).start() < span.end()) {
        Span mention = linked.get(next++);
        addPart(all, span, free, mention.start());
        all.add(mention);
        free = Math.max(span.start(), mention.end());
      }
      addPart(all, span, free, span.end());
      free = Math.max(free, span.end());
    }
    all.addAll(linked.subList(next, linked.size()));
    return all;
  }

  private static void addPart(List<Span> all, Span whole, int start, int end) {
    if (start == whole.start() && end == whole.end()) {
      all.add(whole);
    } else if (start < end) {
      all.add(new Span(start, end, whole.type(), whole.score()));
    }
  }

  /** Goes over what was found, beside a search that goes over the text. */
  private static final class Cursor {
    private final List<Span> found;
    private final Predicate<EntityType> wanted;
    private int next;

    private Cursor(List<Span> found, Predicate<EntityType> wanted) {
      this.found = found;
      this.wanted = wanted;
    }

    /**
     * Whether {@code [start, end)} may become a mention: what was found there and is wanted stands,
     * unless it is a smaller part of the same; what is not wanted stands against a derived form,
     * unless it is no more than that form, or than a list that has it.
     */
    private boolean isOpen(String text, int start, int end, Form form) {
      while (next < found.size() && found.get(next).end() <= start) {
        next++;
      }
      boolean grows = true;
      for (int i = next; i < found.size() && found.get(i).start() < end; i++) {
        Span span = found.get(i);
        boolean within = span.start() >= start && span.end() <= end;
        if (wanted.test(span.type())) {
          boolean same = span.start() == start && span.end() == end;
          grows &= within && !same && span.type() == form.type();
        } else {
          grows &= within || form.care() == Care.AS_FOUND || isListed(text, span, start, end);
        }
      }
      return grows;
    }

    /** Whether nothing but marks of a list joins it to the rest of a span. */
    private static boolean isListed(String text, Span span, int start, int end) {
      int before = start;
      while (before > span.start() && Character.isWhitespace(text.charAt(before - 1))) {
        before--;
      }
      boolean begins = before <= span.start() || LIST_MARKS.indexOf(text.charAt(before - 1)) >= 0;
      return begins && (end >= span.end() || LIST_MARKS.indexOf(text.charAt(end)) >= 0);
    }
  }
}
