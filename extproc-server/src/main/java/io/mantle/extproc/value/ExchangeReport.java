package io.mantle.extproc.value;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that metrics and traces are told of an exchange that is over.
 *
 * @param usage null where nobody was let in
 * @param refusal the code of what the client was refused with; empty where it was not
 * @param trail of its stages; not to be changed
 * @param heldBytesMax how much of a streamed answer was held back at most
 * @param content null where nobody asked for it
 */
public record ExchangeReport(
    String requestId,
    TraceContext trace,
    @Nullable UsageRecord usage,
    String refusal,
    Trail trail,
    Moments moments,
    long heldBytesMax,
    @Nullable Content content) {

  /**
   * What was said, as the provider saw it.
   *
   * @param sent the body that left; empty where it was too long to keep
   * @param answered the provider's, before anything was restored in it; no more than its beginning
   *     where it was too long to keep
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Content(byte[] sent, byte[] answered) {
    /** Of each, in bytes. */
    public static final int BYTES_MAX = 256 * 1024;

    /** Prints nothing of it. */
    @Override
    public String toString() {
      return "Content[" + sent.length + ", " + answered.length + " bytes]";
    }
  }

  /**
   * When things happened, by {@link System#nanoTime}; 0 for what did not.
   *
   * @param receivedNanos all of the request was there
   * @param answeredNanos the first byte of the provider's body was there, or the last of a whole
   *     answer
   * @param firstSentNanos the first byte of the answer left for the client
   */
  public record Moments(
      Instant startedAt,
      long startedNanos,
      long receivedNanos,
      long departedNanos,
      long answeredNanos,
      long firstSentNanos,
      long endedNanos) {

    /** The time of day of one of them. */
    public Instant at(long nanos) {
      return startedAt.plusNanos(nanos - startedNanos);
    }

    /**
     * By how much Mantle delayed the first byte that the client got: on the way there and on the
     * way back. Null where the client got none.
     */
    public @Nullable Duration addedToFirstByte() {
      return firstSentNanos == 0 || answeredNanos == 0
          ? null
          : Duration.ofNanos(departedNanos - receivedNanos + firstSentNanos - answeredNanos);
    }
  }
}
