package io.mantle.privacy.json;

/**
 * The bytes are not one JSON text of RFC 8259, or exceed a limit. The message quotes nothing of
 * them.
 */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int byteOffset;

  MalformedJsonException(String what, int byteOffset) {
    // Without a stack trace: it would only say where the reader stands, and prose that begins like
    // JSON makes as many of these as a body has strings.
    super(what + " at byte " + byteOffset, null, false, false);
    this.byteOffset = byteOffset;
  }

  /** Where reading stopped. */
  public int byteOffset() {
    return byteOffset;
  }
}
