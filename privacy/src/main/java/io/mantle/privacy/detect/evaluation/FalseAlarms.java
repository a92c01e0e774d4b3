package io.mantle.privacy.detect.evaluation;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Span;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Adds up what a detector flags in text that should hold nothing private. Such text does hold real
 * addresses, times, and the names of those who wrote it; those are no false alarms. So every figure
 * is given for all text, and again without the lines that name people ({@link #NAMING}), without
 * EMAIL and URL, and without DATE where it is a day of the calendar. Not for several threads at
 * once.
 */
public final class FalseAlarms {
  /** What the default policy lets leave as it is. */
  private static final Set<EntityType> ALLOWED_BY_DEFAULT =
      EnumSet.of(EntityType.LOCATION, EntityType.ORG, EntityType.DATE, EntityType.URL);

  private static final Set<EntityType> TRUE_IN_SOURCES =
      EnumSet.of(EntityType.EMAIL, EntityType.URL);

  /** Lines of authors, holders of rights and reporters, and those with a mail address. */
  private static final Pattern NAMING =
      Pattern.compile(
          "author|copyright|maintain|contribut|thanks? to|credit|written by|reported by|"
              + "(?:patch|based on .*|suggested|ported|created|developed) by|\\(c\\)|©|licen[cs]e|\\S@\\S+\\.\\w",
          Pattern.CASE_INSENSITIVE);

  /**
   * Year, month, day in this order or the other way round; what else is a DATE may be a version.
   */
  private static final Pattern CALENDAR_DAY =
      Pattern.compile(
          "(?:19|20)\\d\\d([-/.])[01]?\\d\\1[0-3]?\\d.*|[0-3]?\\d[-/. ]\\w{2,9}[-/. ](?:19|20)\\d\\d.*"
              + "|\\p{L}{3,9} [0-3]?\\d,? (?:19|20)\\d\\d.*",
          Pattern.DOTALL);

  private static final int STRINGS_MAX = 200_000;
  private static final int STRING_CHARS_MAX = 80;

  /**
   * Of one kind of text.
   *
   * @param characters all of it, in UTF-16 units
   * @param flagged found as any type
   * @param masked found as a type that the default policy masks
   */
  public record Share(long characters, long flagged, long masked) {
    static final Share NONE = new Share(0, 0, 0);

    /** Of all characters, those found as any type. */
    public double flaggedShare() {
      return characters == 0 ? 0 : (double) flagged / characters;
    }

    /** Of all characters, those found as a type that the default policy masks. */
    public double maskedShare() {
      return characters == 0 ? 0 : (double) masked / characters;
    }

    private Share plus(long moreCharacters, long moreFlagged, long moreMasked) {
      return new Share(characters + moreCharacters, flagged + moreFlagged, masked + moreMasked);
    }
  }

  /** A string that was flagged, and how often. */
  public record Alarm(EntityType type, String text, TextKind kind, long times) {
    public long characters() {
      return times * text.length();
    }
  }

  private record Key(EntityType type, String text, TextKind kind) {}

  private final EnumMap<TextKind, Share> all = new EnumMap<>(TextKind.class);
  private final EnumMap<TextKind, Share> discounted = new EnumMap<>(TextKind.class);
  private final EnumMap<TextKind, EnumMap<EntityType, Long>> types = new EnumMap<>(TextKind.class);
  private final Map<Key, Long> strings = new HashMap<>();

  /** Counts what a detector found in {@code text}. */
  public void add(TextKind kind, String text, List<Span> found) {
    long flagged = 0;
    long masked = 0;
    for (Span span : found) {
      flagged += span.length();
      masked += ALLOWED_BY_DEFAULT.contains(span.type()) ? 0 : span.length();
      types
          .computeIfAbsent(kind, absent -> new EnumMap<>(EntityType.class))
          .merge(span.type(), (long) span.length(), Long::sum);
    }
    all.merge(kind, new Share(text.length(), flagged, masked), FalseAlarms::sum);
    discount(kind, text, found);
  }

  private void discount(TextKind kind, String text, List<Span> found) {
    Share share = discounted.getOrDefault(kind, Share.NONE);
    int next = 0;
    int start = 0;
    while (start < text.length()) {
      int lineEnd = text.indexOf('\n', start);
      int end = lineEnd < 0 ? text.length() : lineEnd + 1;
      boolean naming = NAMING.matcher(text).region(start, end).find();
      long flagged = 0;
      long masked = 0;
      while (next < found.size() && found.get(next).start() < end) {
        Span span = found.get(next++);
        if (!naming && !isTrue(span, text)) {
          flagged += span.length();
          masked += ALLOWED_BY_DEFAULT.contains(span.type()) ? 0 : span.length();
          remember(kind, span, text);
        }
      }
      share = naming ? share : share.plus(end - start, flagged, masked);
      start = end;
    }
    discounted.put(kind, share);
  }

  private static boolean isTrue(Span span, String text) {
    return TRUE_IN_SOURCES.contains(span.type())
        || (span.type() == EntityType.DATE
            && CALENDAR_DAY.matcher(text).region(span.start(), span.end()).matches());
  }

  private void remember(TextKind kind, Span span, String text) {
    int end = Math.min(span.end(), span.start() + STRING_CHARS_MAX);
    Key key = new Key(span.type(), text.substring(span.start(), end), kind);
    if (strings.size() < STRINGS_MAX || strings.containsKey(key)) {
      strings.merge(key, 1L, Long::sum);
    }
  }

  private static Share sum(Share one, Share other) {
    return one.plus(other.characters, other.flagged, other.masked);
  }

  /** Of all text of a kind. */
  public Share of(TextKind kind) {
    return all.getOrDefault(kind, Share.NONE);
  }

  /** The same without lines that name people, and without EMAIL and URL. */
  public Share discounted(TextKind kind) {
    return discounted.getOrDefault(kind, Share.NONE);
  }

  /** Characters flagged in all text of a kind, by type. */
  public Map<EntityType, Long> types(TextKind kind) {
    EnumMap<EntityType, Long> none = new EnumMap<>(EntityType.class);
    return types.getOrDefault(kind, none);
  }

  /** What costs most characters of the discounted text, the costliest first. */
  public List<Alarm> costliest(int count) {
    return strings.entrySet().stream()
        .map(
            entry ->
                new Alarm(
                    entry.getKey().type,
                    entry.getKey().text,
                    entry.getKey().kind,
                    entry.getValue()))
        .sorted(
            Comparator.comparingLong(Alarm::characters)
                .reversed()
                .thenComparing(Alarm::text)
                .thenComparing(Alarm::type)
                .thenComparing(Alarm::kind))
        .limit(count)
        .toList();
  }
}
