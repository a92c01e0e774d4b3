package io.mantle.vault.kms;

import java.time.Duration;

/**
 * How long a key management service may take.
 *
 * @param callTimeout of one attempt, getting credentials for it included
 * @param attemptsMax how often it is asked before the call fails
 * @param backoffFirst between the first two attempts, on average; doubles from there
 * @param breakerOpen how long nobody asks after half of the last calls failed
 */
public record KmsTimes(
    Duration callTimeout, int attemptsMax, Duration backoffFirst, Duration breakerOpen) {

  /** All attempts together take less than 5 s, which is what Envoy waits for a message. */
  public static final KmsTimes STANDARD =
      new KmsTimes(Duration.ofMillis(1_500), 3, Duration.ofMillis(100), Duration.ofSeconds(5));
}
