package io.mantle.controlplane.database;

/**
 * What was sealed, and by which version of the key.
 *
 * @param keyVersion is stored beside it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sealed(int keyVersion, byte[] bytes) {
  @Override
  public String toString() {
    return "Sealed[" + bytes.length + " bytes by " + keyVersion + "]";
  }
}
