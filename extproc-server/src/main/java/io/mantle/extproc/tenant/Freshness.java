package io.mantle.extproc.tenant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long ago the policies in force were known to be what the database says. Thread-safe.
 *
 * <p>The control plane says so every second or so, and how old that is where the database is away
 * from it; from when it last did they age. Beyond a limit they may not be used: what was revoked
 * meanwhile must stop working in the end, whoever is away.
 */
public final class Freshness {
  private final Duration staleMax;
  private final InstantSource clock;
  private volatile boolean connected;
  private volatile Instant asOf = Instant.EPOCH;

  /** Whether the control plane, of a version from before it told ages, does not tell them. */
  private volatile boolean untold;

  private volatile @Nullable Word lastWord;

  private record Word(Instant at, Duration age) {}

  /**
   * As of no time yet.
   *
   * @param staleMax the limit
   */
  public Freshness(Duration staleMax, InstantSource clock) {
    this.staleMax = staleMax;
    this.clock = clock;
  }

  /** The policies are the control plane's, which last knew this long ago that they are current. */
  void told(Duration age) {
    untold = false;
    connected = true;
    Instant now = clock.instant();
    asOf = now.minus(age);
    lastWord = new Word(now, age);
  }

  /** The policies are the control plane's, which does not say how old they are. */
  void untold() {
    untold = true;
    connected = true;
  }

  /** The control plane is not there any more. */
  void lost() {
    if (connected && untold) {
      asOf = clock.instant();
    }
    connected = false;
  }

  /** The policies are those of an earlier time; of now where a clock says it is still to come. */
  void heldAsOf(Instant earlier) {
    Instant now = clock.instant();
    asOf = earlier.isAfter(now) ? now : earlier;
  }

  /** When the policies were last known to be current. */
  public Instant asOf() {
    return connected && untold ? clock.instant() : asOf;
  }

  /** The same, and now where they never were: they came at this moment. */
  Instant asOfOrNow() {
    Instant last = asOf();
    return last.equals(Instant.EPOCH) ? clock.instant() : last;
  }

  /** Whether the control plane is there. */
  public boolean isConnected() {
    return connected;
  }

  /**
   * How long ago the control plane, when it last spoke, had known that its policies are what the
   * database says. Empty where it is not there, does not say, or has not spoken for this long.
   */
  public Optional<Duration> ageAtLastWord(Duration silenceMax) {
    Word word = lastWord;
    return connected
            && !untold
            && word != null
            && Duration.between(word.at(), clock.instant()).compareTo(silenceMax) <= 0
        ? Optional.of(word.age())
        : Optional.empty();
  }

  /** Whether the policies are older than the limit. */
  boolean isStale() {
    return isStale(asOf());
  }

  /** Whether what was last current then is older than the limit. */
  boolean isStale(Instant currentUntil) {
    return Duration.between(currentUntil, clock.instant()).compareTo(staleMax) > 0;
  }

  /**
   * How often the time must be noted on disk for a restart to lose no more than 2 % of the limit.
   */
  Duration noteEvery() {
    Duration part = staleMax.dividedBy(50);
    return part.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : part;
  }
}
