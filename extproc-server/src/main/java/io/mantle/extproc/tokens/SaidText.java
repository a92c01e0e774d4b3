package io.mantle.extproc.tokens;

/**
 * What a model has said so far, or as much of it as is needed to estimate its tokens. Used by one
 * thread at a time.
 */
public final class SaidText {
  /** Of the beginning; what follows is thought to be like it. */
  private static final int CHARS_KEPT_MAX = BoundedCount.CHARS_COUNTED_MAX;

  private final StringBuilder kept = new StringBuilder(0);
  private long chars;
  private long bytesUnread;

  /** It went on with this. */
  public void add(String piece) {
    int room = Math.min(piece.length(), CHARS_KEPT_MAX - kept.length());
    kept.append(piece, 0, room);
    chars += piece.length();
  }

  /** There was more, that nobody has read. */
  public void addUnread(long bytes) {
    bytesUnread += bytes;
  }

  long tokens(BoundedCount counter) {
    long unread = BoundedCount.byBytes(bytesUnread);
    if (chars == 0) {
      return unread;
    }
    long ofKept = counter.of(kept.toString());
    return unread
        + (chars == kept.length() ? ofKept : Math.round((double) ofKept * chars / kept.length()));
  }

  /** Prints no text. */
  @Override
  public String toString() {
    return "SaidText[" + chars + " chars]";
  }
}
