package io.mantle.extproc.usage;

import java.util.List;

/**
 * What is on its way to the control plane, oldest first. Any thread may add; one alone takes out.
 */
interface RowStore extends AutoCloseable {

  /**
   * Rows to be sent together, without those that were acknowledged.
   *
   * @param position where the store goes on after them; its own affair
   */
  record Batch(List<byte[]> rows, long position) {
    static final Batch EMPTY = new Batch(List.of(), 0);
  }

  /** Keeps what is to be sent as a row if {@link #closed} is never called for this id. */
  void opened(String id, byte[] row);

  /** Adds a row, which takes the place of what was opened with its id. */
  void closed(String id, byte[] row);

  /** The oldest rows, the same until they are acknowledged; none where there are none. */
  Batch next(int rowsMax);

  /** Forgets a batch: it is stored elsewhere. */
  void acknowledged(Batch batch);

  /** Rows that found no place. */
  long dropped();

  /** What is kept on disk, in bytes. */
  long bytes();

  /** Keeps what there is, and takes no more. */
  @Override
  void close();
}
