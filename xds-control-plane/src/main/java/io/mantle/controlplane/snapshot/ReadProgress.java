package io.mantle.controlplane.snapshot;

import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log how far the reading of all tenants has come. Not thread-safe. */
final class ReadProgress {
  private static final Logger LOG = LoggerFactory.getLogger(ReadProgress.class);
  private static final long PACE_NANOS = Duration.ofSeconds(5).toNanos();

  private final int total;
  private final long beginNanos = System.nanoTime();
  private long saidAtNanos = beginNanos;
  private int done;

  /** Begins. */
  ReadProgress(int total) {
    this.total = total;
  }

  /** So many more were read and built. */
  void add(int tenants) {
    done += tenants;
    long now = System.nanoTime();
    if (done < total && now - saidAtNanos >= PACE_NANOS) {
      saidAtNanos = now;
      LOG.info("Read {} of {} tenants", done, total);
    }
  }

  void end() {
    LOG.info(
        "Read all {} tenants in {} s",
        total,
        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - beginNanos) / 1e9));
  }
}
