package io.mantle.controlplane.database;

import io.mantle.controlplane.database.AuditLog.Entry;
import io.mantle.controlplane.database.AuditLog.Head;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the audit chain of one tenant, which is given row by row, latest first, as the API lists
 * it. It keeps one row and the earliest flaw, however long the chain. For one thread.
 *
 * <p>It finds every change, removal, insertion or exchange of rows after which the hashes were not
 * all made anew. Not guaranteed without an anchor, a head that was noted elsewhere: that no rows
 * are missing at the end, and that the chain was not made anew from some row on.
 */
public final class AuditChainCheck {
  private final String tenantId;
  private final Optional<Head> anchor;
  private Optional<Head> head = Optional.empty();
  private Optional<Flaw> flaw = Optional.empty();
  private @Nullable Entry following;
  private long rows;

  /**
   * Begins.
   *
   * @param tenantId whose chain it is to be
   * @param anchor a head that this chain had once
   */
  public AuditChainCheck(String tenantId, Optional<Head> anchor) {
    this.tenantId = tenantId;
    this.anchor = anchor;
  }

  /**
   * Where a chain is broken.
   *
   * @param seq the first row that is not as it has to be; what is wrong may also be the row before
   *     it, where that one's hash was made anew
   */
  public record Flaw(long seq, String reason) {}

  /**
   * What was found.
   *
   * @param head the latest row's; empty where there was none
   */
  public record Result(long rows, Optional<Head> head, Optional<Flaw> flaw) {}

  /** The next row, which was written before the one that was given last. */
  public void next(Entry row) {
    rows++;
    Entry later = following;
    if (later == null) {
      head = Optional.of(new Head(row.seq(), row.hash()));
    } else if (row.seq() >= later.seq()) {
      broken(later.seq(), "rows are out of order");
    } else if (row.seq() < later.seq() - 1) {
      broken(row.seq() + 1, "rows are missing");
    } else {
      judge(row.hash(), later);
    }
    if (anchor
        .filter(noted -> noted.seq() == row.seq() && !noted.hash().equals(row.hash()))
        .isPresent()) {
      broken(row.seq(), "its hash is not the one that is expected");
    }
    following = row;
  }

  /** Ends it: the row that was given last has to be the first. */
  public Result end() {
    Entry first = following;
    if (first != null && first.seq() == 1) {
      judge(AuditHash.OF_NOTHING, first);
    } else if (first != null) {
      broken(1, "rows are missing");
    }
    long last = head.map(Head::seq).orElse(0L);
    if (anchor.filter(noted -> noted.seq() > last).isPresent()) {
      broken(last + 1, "rows are missing at the end");
    }
    return new Result(rows, head, flaw);
  }

  private void judge(String previous, Entry row) {
    if (!AuditHash.of(previous, tenantId, row).equals(row.hash())) {
      broken(row.seq(), "its hash does not follow from it and the row before");
    }
  }

  private void broken(long seq, String reason) {
    if (flaw.filter(found -> found.seq() <= seq).isEmpty()) {
      flaw = Optional.of(new Flaw(seq, reason));
    }
  }
}
