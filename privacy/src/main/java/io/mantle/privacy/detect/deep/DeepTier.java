package io.mantle.privacy.detect.deep;

import io.mantle.privacy.detect.SecondTier;
import io.mantle.privacy.detect.SpanMerge;
import io.mantle.privacy.detect.deep.DeepTierException.Reason;
import io.mantle.privacy.detect.deep.Sentences.Region;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.privacy.value.Span;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The deep tier of a process: a model over the sentences that the fast tiers leave uncertain.
 *
 * <p>Guarantees: whatever the fast tiers found stays covered, and what has a fixed form keeps its
 * place and type; no more runs of the model at once, over all requests, than {@link DeepLimits}
 * allow; a request that overruns its time, or whose model fails, is refused by {@link
 * DeepTierException} unless it is asked otherwise. Safe for use by many threads. A look may block
 * as long as the limits say and must not be taken where others wait for the thread.
 *
 * <p>Not guaranteed: the same answer twice under {@link OnOverrun#FAST_ONLY}, since that depends on
 * how much time there was.
 */
public final class DeepTier implements SecondTier, AutoCloseable {
  private static final int IDENTIFIER_READABLE_MIN = 5;

  private final TokenClassifier model;
  private final DeepLimits limits;
  private final Semaphore runs;
  private final int windowPieces;
  private final LongAdder windowsRead = new LongAdder();
  private final Map<Reason, LongAdder> overruns = new EnumMap<>(Reason.class);

  /**
   * A tier that nobody has asked yet.
   *
   * @param model closed with this
   */
  public DeepTier(TokenClassifier model, DeepLimits limits) {
    this.model = model;
    this.limits = limits;
    this.runs = new Semaphore(limits.concurrentMax(), true);
    this.windowPieces = Math.min(limits.windowPieces(), model.piecesMax());
    for (Reason reason : Reason.values()) {
      overruns.put(reason, new LongAdder());
    }
  }

  /** As a request that is refused on overrun. */
  @Override
  public Look forRequest() {
    return forRequest(OnOverrun.REFUSE);
  }

  /**
   * The look at all texts of one request; its time begins now.
   *
   * @throws DeepTierException not this method, but the look, if {@code onOverrun} says so
   */
  public Look forRequest(OnOverrun onOverrun) {
    Budget budget = new Budget(limits);
    return (text, found) -> {
      try {
        return merge(text, found, look(text.reveal(), found, budget));
      } catch (DeepTierException e) {
        Objects.requireNonNull(overruns.get(e.reason())).increment();
        return switch (onOverrun) {
          case REFUSE -> throw e;
          case FAST_ONLY -> found;
        };
      }
    };
  }

  /** Runs of the model since the start. */
  public long windowsRead() {
    return windowsRead.sum();
  }

  /** Texts for which there was no answer, for this reason, since the start. */
  public long overruns(Reason reason) {
    return Objects.requireNonNull(overruns.get(reason)).sum();
  }

  /** Waits for what runs, which would not survive the model's end; what comes later is overrun. */
  @Override
  public void close() {
    try {
      if (runs.tryAcquire(limits.concurrentMax(), limits.millisMax(), TimeUnit.MILLISECONDS)) {
        model.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What the texts of one request may still cost; they may come from several threads. */
  private static final class Budget {
    private final long deadlineNanos;
    private final AtomicInteger charsLeft;

    Budget(DeepLimits limits) {
      deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.millisMax());
      charsLeft = new AtomicInteger(limits.charsMax());
    }

    void spend(int chars) {
      if (chars > charsLeft.get() || charsLeft.addAndGet(-chars) < 0) {
        throw new DeepTierException(Reason.TOO_LONG, "the text is too long for the deep tier");
      }
    }

    long nanosLeft() {
      return deadlineNanos - System.nanoTime();
    }
  }

  private List<Span> look(String text, List<Span> found, Budget budget) {
    if (isOneWord(text)) {
      return List.of(); // a key, a value of an enumeration or a greeting far more often than a name
    }
    List<Region> regions = Sentences.uncertain(text, found);
    budget.spend(regions.stream().mapToInt(Region::length).sum());
    List<Span> spans = new ArrayList<>();
    for (Region region : regions) {
      Pieces pieces = model.split(text.substring(region.start(), region.end()));
      addSpans(text, region, pieces, classify(pieces, budget), spans);
    }
    return spans;
  }

  /** Window by window; of the pieces that two windows share, each judges the half it sees whole. */
  private Guess[] classify(Pieces pieces, Budget budget) {
    Guess[] guesses = new Guess[pieces.count()];
    int start = 0;
    int decided = 0;
    while (decided < guesses.length) {
      int end = Math.min(start + windowPieces, guesses.length);
      List<Guess> window = run(pieces, start, end, budget);
      while (decided < end) {
        guesses[decided] = window.get(decided - start);
        decided++;
      }
      if (end < guesses.length) {
        start = nextStart(pieces, start, end);
        decided = Math.max(start, decided - limits.overlapPieces() / 2);
      }
    }
    return guesses;
  }

  private int nextStart(Pieces pieces, int start, int end) {
    int next = Math.max(start + 1, end - limits.overlapPieces());
    int word = next;
    while (word > start + 1 && pieces.continuesWord(word)) {
      word--;
    }
    // A word longer than the overlap is cut: windows must get on.
    return next - word <= limits.overlapPieces() ? word : next;
  }

  private List<Guess> run(Pieces pieces, int start, int end, Budget budget) {
    try {
      if (!runs.tryAcquire(Math.max(0, budget.nanosLeft()), TimeUnit.NANOSECONDS)) {
        throw overrun();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw overrun();
    }
    try {
      if (budget.nanosLeft() <= 0) {
        throw overrun();
      }
      windowsRead.increment();
      return model.classify(pieces, start, end);
    } finally {
      runs.release();
    }
  }

  private static DeepTierException overrun() {
    return new DeepTierException(Reason.OVERRUN, "the deep tier had not the time");
  }

  /** Joins pieces of one type that only blanks part, and rounds them up to whole words. */
  private static void addSpans(
      String text, Region region, Pieces pieces, Guess[] guesses, List<Span> spans) {
    for (int piece = 0; piece < guesses.length; piece++) {
      EntityType type = guesses[piece].type();
      if (type == null) {
        continue;
      }
      int start = region.start() + pieces.start(piece);
      int end = region.start() + pieces.end(piece);
      double score = guesses[piece].score();
      while (piece + 1 < guesses.length
          && guesses[piece + 1].type() == type
          && isBlank(text, end, region.start() + pieces.start(piece + 1))) {
        piece++;
        end = region.start() + pieces.end(piece);
        score = Math.max(score, guesses[piece].score());
      }
      while (start < end && !Character.isLetterOrDigit(text.charAt(start))) {
        start++;
      }
      while (end > start && !Character.isLetterOrDigit(text.charAt(end - 1))) {
        end--;
      }
      if (start < end) {
        start = wordStart(text, start);
        end = wordEnd(text, end);
        if (isPlausible(text, start, end, type)) {
          spans.add(new Span(start, end, type, Math.min(1, score)));
        }
      }
    }
  }

  /** One character may be several pieces, so the second may begin before the first one's end. */
  private static boolean isBlank(String text, int start, int end) {
    return start >= end || text.substring(start, end).isBlank();
  }

  private static int wordStart(String text, int start) {
    int at = start;
    while (at > 0 && isWord(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static int wordEnd(String text, int end) {
    int at = end;
    while (at < text.length() && isWord(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
  }

  /** A model that reads pieces takes parts of identifiers for names, and words for numbers. */
  private static boolean isPlausible(String text, int start, int end, EntityType type) {
    int letters = 0;
    int digits = 0;
    for (int at = start; at < end; at++) {
      letters += Character.isLetter(text.charAt(at)) ? 1 : 0;
      digits += Character.isDigit(text.charAt(at)) ? 1 : 0;
    }
    return switch (type) {
      case PERSON -> letters > 1 && digits == 0 && !isInCode(text, start, end);
      case LOCATION, ORG, ADDRESS -> letters + digits > 1 && !isInCode(text, start, end);
      case DATE, DATE_OF_BIRTH, URL, EMAIL, USERNAME, PASSWORD_OR_SECRET -> letters + digits > 1;
      case PHONE,
          CREDIT_CARD,
          IBAN,
          SSN,
          IP,
          MAC,
          CRYPTO,
          PASSPORT,
          DRIVER_LICENSE,
          NATIONAL_ID,
          MEDICAL_ID,
          BANK_ACCOUNT ->
          digits > 0 && letters + digits >= IDENTIFIER_READABLE_MIN;
    };
  }

  /** {@code jane_doe(}, {@code Math.max}, {@code @Override}: a word that a program is made of. */
  private static boolean isInCode(String text, int start, int end) {
    char before = start > 0 ? text.charAt(start - 1) : ' ';
    char after = end < text.length() ? text.charAt(end) : ' ';
    char behind = end + 1 < text.length() ? text.charAt(end + 1) : ' ';
    return switch (after) {
      case '(', '_', '=', '[', '{', '<', ';', '/', '\\' -> true;
      case '.' -> isWord(behind);
      case ':' -> behind == ':';
      default -> "_.$@#/\\<".indexOf(before) >= 0;
    };
  }

  private static boolean isOneWord(String text) {
    String stripped = text.strip();
    return stripped.chars().noneMatch(Character::isWhitespace);
  }

  /**
   * Fast spans win. Where the model sees more of the same name or place it is one entity as long as
   * both together, up to the next fast span; of all else the model's span keeps what is free.
   */
  private static List<Span> merge(Plaintext text, List<Span> found, List<Span> deep) {
    if (deep.isEmpty()) {
      return found;
    }
    SpanMerge merge = new SpanMerge(text);
    int free = 0;
    int next = 0;
    for (int i = 0; i < found.size(); i++) {
      Span span = found.get(i);
      if (isOpen(span.type())) {
        int limit = i + 1 < found.size() ? found.get(i + 1).start() : text.length();
        while (next < deep.size() && deep.get(next).end() + 1 < span.start()) {
          next++;
        }
        for (int d = next; d < deep.size() && deep.get(d).start() <= span.end() + 1; d++) {
          span = grown(text.reveal(), span, deep.get(d), free, limit);
        }
      }
      merge.add(span);
      free = span.end();
    }
    deep.forEach(merge::add);
    return merge.spans();
  }

  /** The union of two spans of one type that overlap or that only a blank or hyphen parts. */
  private static Span grown(String text, Span span, Span by, int free, int limit) {
    if (span.type() != by.type() || by.start() < free || by.end() > limit) {
      return span;
    }
    boolean touches =
        span.overlaps(by)
            || isJoint(text, span.end(), by.start())
            || isJoint(text, by.end(), span.start());
    return touches
        ? new Span(
            Math.min(span.start(), by.start()),
            Math.max(span.end(), by.end()),
            span.type(),
            Math.max(span.score(), by.score()))
        : span;
  }

  private static boolean isJoint(String text, int end, int start) {
    return start == end
        || (start == end + 1 && (text.charAt(end) == ' ' || text.charAt(end) == '-'));
  }

  /** What has no fixed form: its ends are a matter of judgement. */
  private static boolean isOpen(EntityType type) {
    return switch (type) {
      case PERSON, LOCATION, ADDRESS, ORG -> true;
      case EMAIL,
          PHONE,
          CREDIT_CARD,
          IBAN,
          SSN,
          IP,
          MAC,
          CRYPTO,
          PASSWORD_OR_SECRET,
          USERNAME,
          DATE_OF_BIRTH,
          PASSPORT,
          DRIVER_LICENSE,
          NATIONAL_ID,
          MEDICAL_ID,
          BANK_ACCOUNT,
          DATE,
          URL ->
          false;
    };
  }
}
