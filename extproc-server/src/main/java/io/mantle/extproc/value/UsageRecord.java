package io.mantle.extproc.value;

import io.mantle.privacy.value.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One exchange in the books.
 *
 * @param asked who was asked; {@link Call.Asked#NOBODY} where nothing left
 * @param status what the client got, or 0
 * @param tokens null where nothing was sent, or the provider answered with an error
 * @param size of the bodies
 * @param found what was found in the request
 * @param worked what was done to the answer
 */
public record UsageRecord(
    String id,
    Caller caller,
    String endpoint,
    Call.Asked asked,
    Times times,
    int status,
    Outcome outcome,
    @Nullable TokenCounts tokens,
    Size size,
    Call.Found found,
    Worked worked) {

  /**
   * When it was.
   *
   * @param firstByte from the request's departure to the first byte of the answer's body, or null
   */
  public record Times(Instant startedAt, Duration duration, @Nullable Duration firstByte) {}

  /**
   * How long the bodies were.
   *
   * @param requestBytes as the client sent it
   * @param responseBytes as the client got it, so far as it did
   */
  public record Size(long requestBytes, long responseBytes) {}

  /**
   * What was done to an answer.
   *
   * @param restored how often each way of recognising a surrogate took part in it
   * @param withheld how many surrogates were left in its links
   * @param masked whether something that the model said of its own was masked
   * @param blocked whether such a thing ended it
   */
  public record Worked(
      Map<Strategy, Long> restored, long withheld, boolean masked, boolean blocked) {
    /** There was none. */
    public static final Worked NOTHING = new Worked(Map.of(), 0, false, false);

    /** To an answer that is over. */
    public static Worked to(Call.Answer answer) {
      boolean produced = !answer.scan().found().isEmpty();
      return new Worked(
          answer.restoration().tally().restored(),
          answer.restoration().tally().withheldCount(),
          produced && !answer.scan().blocks(),
          produced && answer.scan().blocks());
    }
  }
}
