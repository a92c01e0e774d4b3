package io.mantle.extproc.usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows in files, so that they outlive the process: what was added is in the system's hands when the
 * call returns. Nothing is forced to the disk; a power cut loses what the system had not written.
 *
 * <p>Files are written one after the other, read in the same order, and deleted once all of their
 * rows are acknowledged; of an exchange that is open then a copy goes to the newest. A restart may
 * therefore bring a row again, never another under its id.
 *
 * <p>Above {@link SpoolLimits#bytesMax} no exchange is opened, and the row of one that was not is
 * dropped and counted; the row of one that was always has its place.
 */
final class UsageSpool implements RowStore {
  private static final Logger log = LoggerFactory.getLogger(UsageSpool.class);

  private final SpoolFolder folder;
  private final SpoolLimits limits;
  private final LongAdder dropped = new LongAdder();

  private final Deque<Segment> segments = new ArrayDeque<>();
  private @Nullable Segment active;
  private long nextNumber;
  private long bytes;

  /** In the oldest segment: all before it is acknowledged. */
  private long position;

  private final Map<String, Opened> opened = new LinkedHashMap<>();
  private boolean troubled;
  private boolean closed;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Opened(byte[] row, long segmentNumber) {}

  private UsageSpool(SpoolFolder folder, SpoolLimits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  /**
   * Opens a spool, and closes what an earlier process left open: its row is what it was opened
   * with.
   *
   * @param folder made where there is none; of one process at a time
   * @throws IOException if it cannot be used, which the message explains
   */
  static UsageSpool open(Path folder, SpoolLimits limits) throws IOException {
    SpoolFolder locked = SpoolFolder.open(folder);
    try {
      UsageSpool spool = new UsageSpool(locked, limits);
      spool.recover();
      return spool;
    } catch (IOException | RuntimeException e) {
      locked.close();
      throw e;
    }
  }

  private synchronized void recover() throws IOException {
    for (Path file : folder.segments()) {
      long size = Files.size(file);
      Segment segment = Segment.recover(file, this::recovered);
      if (segment.bytes() < size) {
        log.warn("{} bytes of usage were not written whole", size - segment.bytes());
      }
      segments.add(segment);
      bytes += segment.bytes();
      nextNumber = segment.number() + 1;
    }
    if (!opened.isEmpty()) {
      log.warn("{} exchanges were open when the last process ended", opened.size());
      roll();
      for (Map.Entry<String, Opened> orphan : opened.entrySet()) {
        if (!append(Frame.encode(Frame.Kind.CLOSED, orphan.getKey(), orphan.getValue().row()))) {
          throw new IOException("the usage spool cannot be written to: " + folder.path());
        }
      }
      opened.clear();
    }
  }

  private void recovered(Frame frame) {
    switch (frame.kind()) {
      case OPENED -> opened.put(frame.id(), new Opened(frame.row(), 0));
      case CLOSED -> opened.remove(frame.id());
    }
  }

  @Override
  public synchronized void opened(String id, byte[] row) {
    if (row.length > Frame.ROW_BYTES_MAX) {
      return; // nor will the row fit that follows, and be counted
    }
    byte[] frame = Frame.encode(Frame.Kind.OPENED, id, row);
    if (hasPlaceFor(frame) && append(frame)) {
      opened.put(id, new Opened(row, nextNumber - 1));
    }
  }

  @Override
  public synchronized void closed(String id, byte[] row) {
    boolean wasOpened = opened.remove(id) != null;
    if (row.length > Frame.ROW_BYTES_MAX) {
      dropped.increment();
      return;
    }
    byte[] frame = Frame.encode(Frame.Kind.CLOSED, id, row);
    if (!(wasOpened || hasPlaceFor(frame)) || !append(frame)) {
      dropped.increment();
    }
  }

  private boolean hasPlaceFor(byte[] frame) {
    boolean has = bytes + frame.length <= limits.bytesMax();
    if (!has && !troubled) {
      troubled = true;
      log.error("the usage spool is full: exchanges go on and are not in the books");
    }
    return has;
  }

  private boolean append(byte[] frame) {
    Segment to = active;
    try {
      if (closed) {
        throw new IOException("closed");
      }
      if (to == null || (to.bytes() > 0 && to.bytes() + frame.length > limits.segmentBytesMax())) {
        to = roll();
      }
      to.append(frame);
      bytes += frame.length;
      return true;
    } catch (IOException e) {
      if (!troubled) {
        troubled = true;
        log.error("the usage spool cannot be written to: {}", e.getClass().getSimpleName());
      }
      giveUp(active);
      return false;
    }
  }

  private Segment roll() throws IOException {
    if (active != null) {
      active.seal();
      active = null;
    }
    Segment next = Segment.create(folder.path(), nextNumber++);
    segments.add(next);
    active = next;
    return next;
  }

  /** What follows half a frame could not be read, so the next frame goes to another file. */
  private void giveUp(@Nullable Segment failed) {
    active = null;
    if (failed == null) {
      return;
    }
    failed.seal();
    if (failed.bytes() == 0) {
      segments.remove(failed);
      delete(failed);
    }
  }

  @Override
  public Batch next(int rowsMax) {
    while (true) {
      Segment oldest;
      long from;
      long end;
      boolean sealed;
      synchronized (this) {
        oldest = segments.peekFirst();
        if (oldest == null) {
          return Batch.EMPTY;
        }
        from = position;
        end = oldest.bytes();
        sealed = !oldest.equals(active);
      }
      Batch batch = Batch.EMPTY;
      if (from < end) {
        try {
          boolean aged =
              sealed && oldest.writtenAt().isBefore(Instant.now().minus(limits.ageMax()));
          batch = rows(oldest.read(from, end), from, aged ? Integer.MAX_VALUE : rowsMax);
          if (aged) {
            dropped.add(batch.rows().size());
            log.error("{} rows of usage were dropped: too old", batch.rows().size());
            batch = Batch.EMPTY;
          }
        } catch (IOException e) {
          log.error("the usage spool cannot be read: {}", e.getClass().getSimpleName());
          return Batch.EMPTY;
        }
      }
      if (!batch.rows().isEmpty()) {
        return batch;
      }
      if (!sealed) {
        passed(oldest, end);
        return batch;
      }
      retire(oldest);
    }
  }

  /** There was no row before that place, so there is nothing to acknowledge. */
  private synchronized void passed(Segment oldest, long end) {
    if (oldest.equals(segments.peekFirst())) {
      position = end;
    }
  }

  private static Batch rows(byte[] part, long from, int rowsMax) {
    List<byte[]> rows = new ArrayList<>();
    int at = 0;
    while (at < part.length && rows.size() < rowsMax) {
      Frame frame = Frame.decode(part, at);
      if (frame == null) {
        if (rows.isEmpty()) { // else these first, so that it is said once
          log.error("{} bytes of the usage spool were changed, and are lost", part.length - at);
          at = part.length;
        }
        break;
      }
      if (frame.kind() == Frame.Kind.CLOSED) {
        rows.add(frame.row());
      }
      at += frame.bytes();
    }
    return new Batch(rows, from + at);
  }

  @Override
  public synchronized void acknowledged(Batch batch) {
    position = batch.position();
  }

  /** Lets go of a file, all of whose rows are acknowledged. */
  private synchronized void retire(Segment oldest) {
    for (Map.Entry<String, Opened> open : opened.entrySet()) {
      byte[] row = open.getValue().row();
      if (open.getValue().segmentNumber() == oldest.number()
          && append(Frame.encode(Frame.Kind.OPENED, open.getKey(), row))) {
        open.setValue(new Opened(row, nextNumber - 1));
      }
    }
    segments.remove(oldest);
    bytes -= oldest.bytes();
    position = 0;
    troubled = false;
    delete(oldest);
  }

  private static void delete(Segment segment) {
    try {
      segment.delete();
    } catch (IOException e) {
      // Its rows come again after a restart, under the ids that they had.
      log.warn("a file of the usage spool stays: {}", e.getClass().getSimpleName());
    }
  }

  @Override
  public long dropped() {
    return dropped.sum();
  }

  @Override
  public synchronized long bytes() {
    return bytes;
  }

  @Override
  public synchronized void close() {
    closed = true;
    Segment last = active;
    active = null;
    if (last != null) {
      last.seal();
      if (last.equals(segments.peekFirst()) && position == last.bytes() && opened.isEmpty()) {
        delete(last);
      }
    }
    folder.close();
  }
}
