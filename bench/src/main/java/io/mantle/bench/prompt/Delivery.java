package io.mantle.bench.prompt;

/** How the provider hands its answer over. */
public enum Delivery {
  /** One JSON text. */
  WHOLE,
  /** {@link #CHUNKS} events, as fast as they can be written. */
  STREAMED,
  /** {@link #PACED_CHUNKS} events, one every {@link #PACE_MILLIS}. */
  PACED;

  public static final int CHUNKS = 50;
  public static final int PACED_CHUNKS = 20;
  public static final int PACE_MILLIS = 20;
}
