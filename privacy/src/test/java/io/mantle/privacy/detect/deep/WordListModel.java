package io.mantle.privacy.detect.deep;

import io.mantle.privacy.value.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small classifier that knows its words, counts how many ask it at once, and can take long. */
final class WordListModel implements TokenClassifier {
  private static final Pattern WORD = Pattern.compile("\\w+|[^\\w\\s]");

  private final Map<String, EntityType> known;
  private final int piecesMax;
  private final long millis;
  private final List<String> read = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger runningMost = new AtomicInteger();
  private volatile boolean fails;

  WordListModel(Map<String, EntityType> known, int piecesMax, long millis) {
    this.known = Map.copyOf(known);
    this.piecesMax = piecesMax;
    this.millis = millis;
  }

  void fail() {
    fails = true;
  }

  /** The texts it was asked to split. */
  synchronized List<String> read() {
    return List.copyOf(read);
  }

  int runningMost() {
    return runningMost.get();
  }

  int runningNow() {
    return running.get();
  }

  /** The hash of a word stands for its number. */
  @Override
  public synchronized Pieces split(String text) {
    read.add(text);
    Pieces.Builder pieces = new Pieces.Builder();
    Matcher word = WORD.matcher(text);
    for (int number = 0; word.find(); number++) {
      pieces.add(word.group().hashCode(), word.start(), word.end(), number);
    }
    return pieces.build();
  }

  @Override
  public int piecesMax() {
    return piecesMax;
  }

  @Override
  public List<Guess> classify(Pieces pieces, int from, int to) {
    if (to - from > piecesMax) {
      throw new IllegalArgumentException("too many pieces");
    }
    int now = running.incrementAndGet();
    runningMost.accumulateAndGet(now, Math::max);
    try {
      if (fails) {
        throw DeepTierException.failed(new IllegalStateException("out of order"));
      }
      Thread.sleep(millis);
      List<Guess> guesses = new ArrayList<>();
      for (int piece = from; piece < to; piece++) {
        guesses.add(guess(pieces.id(piece)));
      }
      return guesses;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      running.decrementAndGet();
    }
  }

  private Guess guess(int id) {
    return known.entrySet().stream()
        .filter(entry -> entry.getKey().hashCode() == id)
        .findFirst()
        .map(entry -> new Guess(entry.getValue(), 0.9))
        .orElse(Guess.NOTHING);
  }

  @Override
  public void close() {
    fails = true;
  }
}
