package io.mantle.extproc.lastgood;

import io.mantle.vault.keys.KeyProvider;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;

/**
 * A key, and the same as it stands in a file. A master key may be far away: it wraps once for what
 * is written, however often.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WrappedKey(byte[] key, byte[] wrapped) {
  static final int KEY_BYTES = 32;
  private static final int WRAPPED_BYTES_MAX = 4096;
  private static final SecureRandom RANDOM = new SecureRandom();

  static WrappedKey by(KeyProvider master, byte[] associatedData)
      throws GeneralSecurityException, IOException {
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(key);
    return new WrappedKey(key, master.wrap(key, associatedData));
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(wrapped.length);
    out.write(wrapped);
  }

  /** The key that was written. */
  static byte[] read(DataInputStream in, KeyProvider master, byte[] associatedData)
      throws GeneralSecurityException, IOException {
    int bytes = in.readInt();
    if (bytes < 0 || bytes > WRAPPED_BYTES_MAX) {
      throw new IOException("of another format");
    }
    return master.unwrap(in.readNBytes(bytes), associatedData);
  }

  @Override
  public String toString() {
    return "WrappedKey";
  }
}
