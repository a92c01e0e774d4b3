package io.mantle.extproc.usage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Rows in memory: what is not acknowledged when the process ends is lost. */
final class MemoryRows implements RowStore {
  private final int rowsMax;
  private final Deque<byte[]> rows = new ArrayDeque<>();
  private final LongAdder dropped = new LongAdder();

  /**
   * Beyond {@code rowsMax} the newest are dropped.
   *
   * @param rowsMax how many are kept
   */
  MemoryRows(int rowsMax) {
    this.rowsMax = rowsMax;
  }

  @Override
  public void opened(String id, byte[] row) {
    // It would be lost with the process, as the row will be.
  }

  @Override
  public synchronized void closed(String id, byte[] row) {
    if (rows.size() < rowsMax) {
      rows.add(row);
    } else {
      dropped.increment();
    }
  }

  @Override
  public synchronized Batch next(int batchRowsMax) {
    List<byte[]> batch = new ArrayList<>();
    for (byte[] row : rows) {
      if (batch.size() == batchRowsMax) {
        break;
      }
      batch.add(row);
    }
    return new Batch(batch, batch.size());
  }

  @Override
  public synchronized void acknowledged(Batch batch) {
    for (long i = 0; i < batch.position(); i++) {
      rows.remove();
    }
  }

  @Override
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public void close() {}
}
