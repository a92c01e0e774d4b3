package io.mantle.vault.keys;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One conversation's keys: what seals its entries, what makes its hashes, and its salt. Immutable,
 * safe for use by many threads. Prints none of them.
 *
 * <p>Security: AES-256-GCM with a random nonce for each entry; a sealed entry opens under the same
 * tenant, conversation, generation and name alone. At most 2^32 entries may be sealed under one
 * key; a conversation's limits stop it long before.
 */
public final class ConversationKeys {
  /** Bytes of a salt. */
  public static final int SALT_BYTES = 32;

  private static final int KEY_BYTES = 32;
  static final int SECRET_BYTES = KEY_BYTES + KEY_BYTES + SALT_BYTES;

  private final String tenantId;
  private final String conversation;
  private final byte[] generation;
  private final byte[] secrets;
  private final byte[] root;
  private final Aead aead;

  ConversationKeys(
      String tenantId, String conversation, byte[] generation, byte[] secrets, byte[] root) {
    this.tenantId = tenantId;
    this.conversation = conversation;
    this.generation = generation;
    this.secrets = secrets;
    this.root = root;
    try {
      this.aead = new AesGcmJce(Arrays.copyOf(secrets, KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** Random, and gone with the conversation. */
  public byte[] salt() {
    return Arrays.copyOfRange(secrets, 2 * KEY_BYTES, SECRET_BYTES);
  }

  /** What the store keeps of the keys; not to be changed. */
  public byte[] root() {
    return root;
  }

  /** The first bytes of every root of this generation, however it is wrapped. */
  public byte[] rootPrefix() {
    return Arrays.copyOf(root, ConversationRoot.PREFIX_BYTES);
  }

  /** A keyed hash, 32 hexadecimal digits: tells nothing of the message without the key. */
  public String hash(String purpose, byte[] message) {
    return KeyedHash.hex(Arrays.copyOfRange(secrets, KEY_BYTES, 2 * KEY_BYTES), purpose, message);
  }

  /** Seals what will be stored under {@code name}. */
  public byte[] seal(String name, byte[] entry) {
    try {
      return aead.encrypt(entry, associatedData(name));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed", e);
    }
  }

  /**
   * Opens what was stored under {@code name}.
   *
   * @throws GeneralSecurityException if it was sealed for another place, or tampered with
   */
  public byte[] open(String name, byte[] sealed) throws GeneralSecurityException {
    return aead.decrypt(sealed, associatedData(name));
  }

  private byte[] associatedData(String name) {
    return AssociatedData.of(
        "entry", tenantId, conversation, HexFormat.of().formatHex(generation), name);
  }

  String conversation() {
    return conversation;
  }

  byte[] generation() {
    return generation;
  }

  byte[] secrets() {
    return secrets;
  }

  @Override
  public String toString() {
    return "ConversationKeys[" + tenantId + "]";
  }
}
