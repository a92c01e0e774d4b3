package io.mantle.vault.keys;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * A conversation's root as it is stored: a version, the generation, the id of the tenant's key, and
 * the conversation's keys sealed by that.
 *
 * @param generation tells the conversation from one of the same name before or after; random
 * @param wrappedBy which of the tenant's keys sealed it
 * @param sealed the conversation's keys
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ConversationRoot(byte[] generation, long wrappedBy, byte[] sealed) {
  static final int GENERATION_BYTES = 16;
  private static final byte VERSION = 1;

  /** The start of a root by which a store knows the generation. */
  static final int PREFIX_BYTES = 1 + GENERATION_BYTES;

  private static final int HEAD_BYTES = PREFIX_BYTES + Long.BYTES;
  private static final int BYTES_MAX = 1_024;

  static ConversationRoot decode(byte[] root) throws GeneralSecurityException {
    if (root.length <= HEAD_BYTES || root.length > BYTES_MAX || root[0] != VERSION) {
      throw new GeneralSecurityException("not a conversation's root");
    }
    ByteBuffer in = ByteBuffer.wrap(root, 1, root.length - 1);
    byte[] generation = new byte[GENERATION_BYTES];
    in.get(generation);
    long wrappedBy = in.getLong();
    byte[] sealed = new byte[in.remaining()];
    in.get(sealed);
    return new ConversationRoot(generation, wrappedBy, sealed);
  }

  byte[] encode() {
    return ByteBuffer.allocate(HEAD_BYTES + sealed.length)
        .put(VERSION)
        .put(generation)
        .putLong(wrappedBy)
        .put(sealed)
        .array();
  }

  @Override
  public String toString() {
    return "ConversationRoot";
  }
}
