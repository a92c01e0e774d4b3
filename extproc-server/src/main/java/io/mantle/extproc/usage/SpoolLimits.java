package io.mantle.extproc.usage;

import java.time.Duration;

/**
 * How much a spool keeps.
 *
 * @param bytesMax above which no further exchange is opened in it, or kept that was not
 * @param segmentBytesMax above which a new file is begun
 * @param ageMax after which rows are dropped that nobody took
 */
public record SpoolLimits(long bytesMax, int segmentBytesMax, Duration ageMax) {
  private static final int SEGMENT_BYTES_MAX = 1 << 20;

  public SpoolLimits(long bytesMax, Duration ageMax) {
    this(bytesMax, SEGMENT_BYTES_MAX, ageMax);
  }
}
