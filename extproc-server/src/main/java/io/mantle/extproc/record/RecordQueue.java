package io.mantle.extproc.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Records in memory, oldest first, so many and so many bytes at most. Any thread may add, which
 * never waits; one alone takes out.
 */
final class RecordQueue<T> {
  private final int recordsMax;
  private final long bytesMax;
  private final LongAdder dropped = new LongAdder();
  private final Deque<Entry<T>> entries = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  RecordQueue(int recordsMax, long bytesMax) {
    this.recordsMax = recordsMax;
    this.bytesMax = bytesMax;
  }

  private record Entry<T>(T record, int bytes) {}

  /** Adds a record; where there is no place for it, or no more, it is dropped and counted. */
  synchronized void offer(T record, int recordBytes) {
    if (closed || entries.size() >= recordsMax || bytes + recordBytes > bytesMax) {
      dropped.increment();
      return;
    }
    entries.add(new Entry<>(record, recordBytes));
    bytes += recordBytes;
    notifyAll();
  }

  /**
   * Waits for records, and shows the oldest: at least one, and no more bytes otherwise. The same
   * until they are removed; none once the queue is closed and empty.
   */
  synchronized List<T> next(int batchRecordsMax, long batchBytesMax) throws InterruptedException {
    while (entries.isEmpty() && !closed) {
      wait();
    }
    List<T> batch = new ArrayList<>();
    long batchBytes = 0;
    for (Entry<T> entry : entries) {
      batchBytes += entry.bytes;
      if (batch.size() == batchRecordsMax || (!batch.isEmpty() && batchBytes > batchBytesMax)) {
        break;
      }
      batch.add(entry.record);
    }
    return batch;
  }

  /** Forgets the oldest: they are stored elsewhere. */
  synchronized void remove(int records) {
    for (int i = 0; i < records; i++) {
      bytes -= entries.remove().bytes;
    }
  }

  /** Forgets the oldest: they are lost. */
  synchronized void drop(int records) {
    remove(records);
    dropped.add(records);
  }

  /** Forgets all that is left: it is lost. */
  synchronized void dropAll() {
    drop(entries.size());
  }

  /** Records lost since the start. */
  long dropped() {
    return dropped.sum();
  }

  /** Takes no more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
