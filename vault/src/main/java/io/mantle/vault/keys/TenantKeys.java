package io.mantle.vault.keys;

import com.google.crypto.tink.subtle.AesGcmJce;
import io.mantle.vault.store.VaultStore;
import io.mantle.vault.value.ConversationName;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's keys, as one record in the store: those that wrap conversations' keys, newest first,
 * and the one that makes names. Immutable. Prints nothing of them.
 *
 * <p>Security: the record opens under the same master key and for the same tenant alone. Without it
 * no conversation of the tenant opens, nor can its names be told, on any replica: destroying the
 * record erases the tenant.
 */
public final class TenantKeys {
  /** A tenant that rotates faster than conversations expire ends here. */
  static final int KEYS_MAX = 16;

  private static final byte VERSION = 1;
  private static final int KEY_BYTES = 32;
  private static final int WRAPPING_KEY_BYTES = Long.BYTES + Long.BYTES + KEY_BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String tenantId;
  private final byte[] nameKey;
  private final List<WrappingKey> wrappingKeys;

  /** A key and its name; the time says when conversations under it have surely expired. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record WrappingKey(long id, Instant createdAt, byte[] key) {
    static WrappingKey create(Instant now) {
      return new WrappingKey(RANDOM.nextLong(), now, randomBytes(KEY_BYTES));
    }

    @Override
    public String toString() {
      return "WrappingKey";
    }
  }

  private TenantKeys(String tenantId, byte[] nameKey, List<WrappingKey> wrappingKeys) {
    this.tenantId = tenantId;
    this.nameKey = nameKey;
    this.wrappingKeys = List.copyOf(wrappingKeys);
  }

  /** New keys, not stored yet. */
  public static TenantKeys create(String tenantId, Instant now) {
    return new TenantKeys(tenantId, randomBytes(KEY_BYTES), List.of(WrappingKey.create(now)));
  }

  /**
   * Opens a tenant's record.
   *
   * @throws GeneralSecurityException if it is another tenant's, or was tampered with, or the master
   *     key is another
   * @throws IOException if the master key cannot be reached
   */
  public static TenantKeys open(String tenantId, byte[] record, KeyProvider master)
      throws GeneralSecurityException, IOException {
    return decode(tenantId, master.unwrap(record, associatedData(tenantId)));
  }

  static TenantKeys decode(String tenantId, byte[] opened) throws GeneralSecurityException {
    try {
      ByteBuffer in = ByteBuffer.wrap(opened);
      byte version = in.get();
      byte[] nameKey = take(in, KEY_BYTES);
      int count = in.get();
      if (version != VERSION
          || count < 1
          || count > KEYS_MAX
          || in.remaining() != count * WRAPPING_KEY_BYTES) {
        throw new GeneralSecurityException("not a tenant's keys");
      }
      List<WrappingKey> keys = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        keys.add(
            new WrappingKey(in.getLong(), Instant.ofEpochMilli(in.getLong()), take(in, KEY_BYTES)));
      }
      return new TenantKeys(tenantId, nameKey, keys);
    } catch (BufferUnderflowException e) {
      throw new GeneralSecurityException("not a tenant's keys", e);
    }
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /** The record as it is stored, wrapped under the newest version of the master key. */
  public byte[] seal(KeyProvider master) throws GeneralSecurityException, IOException {
    return master.wrap(encode(), associatedData(tenantId));
  }

  byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(2 + KEY_BYTES + wrappingKeys.size() * WRAPPING_KEY_BYTES)
            .put(VERSION)
            .put(nameKey)
            .put((byte) wrappingKeys.size());
    wrappingKeys.forEach(
        key -> out.putLong(key.id()).putLong(key.createdAt().toEpochMilli()).put(key.key()));
    return out.array();
  }

  private static byte[] associatedData(String tenantId) {
    return AssociatedData.of("tenant", tenantId);
  }

  /**
   * The same keys with a new one before them that wraps from now on. Keys are left out that have
   * wrapped nothing for {@code unusedMax}: what they wrapped has expired, or was wrapped anew.
   *
   * @throws IllegalStateException if there are too many keys that may still be in use
   */
  public TenantKeys rotated(Instant now, Duration unusedMax) {
    List<WrappingKey> keys = new ArrayList<>();
    keys.add(WrappingKey.create(now));
    keys.add(wrappingKeys.getFirst());
    for (int i = 1; i < wrappingKeys.size(); i++) {
      Instant lastUsed = wrappingKeys.get(i - 1).createdAt();
      if (lastUsed.plus(unusedMax).isAfter(now)) {
        keys.add(wrappingKeys.get(i));
      }
    }
    if (keys.size() > KEYS_MAX) {
      throw new IllegalStateException("a tenant has at most " + KEYS_MAX + " keys in use");
    }
    return new TenantKeys(tenantId, nameKey, keys);
  }

  /**
   * A conversation's name in the store: 32 hexadecimal digits that do not tell its id; where it is
   * a part of a scope, those of the scope and what does not tell the part.
   */
  public String conversationName(String conversation) {
    ConversationName name = ConversationName.parse(conversation);
    String scope = name("conversation", name.scope());
    if (!name.isPart()) {
      return scope;
    }
    byte[] hash = KeyedHash.of(nameKey, "part", conversation.getBytes(StandardCharsets.UTF_8));
    String part = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    return scope + VaultStore.PART + part.substring(0, ConversationName.PART_CHARS);
  }

  /** The name in the store by which all parts of a scope are found, as by a subject's. */
  public String partsName(String scope) {
    return name("parts", scope);
  }

  /** The name in the store of what leads to a conversation. */
  public String linkName(String link) {
    return name("link", link);
  }

  /** The name in the store of whom entries are about. */
  public String subjectName(String subject) {
    return name("subject", subject);
  }

  private String name(String purpose, String what) {
    return KeyedHash.hex(nameKey, purpose, what.getBytes(StandardCharsets.UTF_8));
  }

  /** New keys of a conversation, not stored yet. */
  public ConversationKeys newConversation(String conversation) {
    byte[] generation = randomBytes(ConversationRoot.GENERATION_BYTES);
    byte[] secrets = randomBytes(ConversationKeys.SECRET_BYTES);
    return new ConversationKeys(
        tenantId, conversation, generation, secrets, root(conversation, generation, secrets));
  }

  /**
   * Opens a conversation's root.
   *
   * @return its keys, or null where the tenant's key that wrapped them is no more
   * @throws GeneralSecurityException if it is of another tenant or conversation, or was tampered
   *     with
   */
  public @Nullable ConversationKeys openConversation(String conversation, byte[] root)
      throws GeneralSecurityException {
    ConversationRoot parts = ConversationRoot.decode(root);
    for (WrappingKey key : wrappingKeys) {
      if (key.id() == parts.wrappedBy()) {
        byte[] secrets =
            new AesGcmJce(key.key())
                .decrypt(
                    parts.sealed(), rootData(conversation, parts.generation(), parts.wrappedBy()));
        return new ConversationKeys(tenantId, conversation, parts.generation(), secrets, root);
      }
    }
    return null;
  }

  /** Whether the newest key wrapped it. */
  public boolean isCurrent(ConversationKeys keys) {
    try {
      return ConversationRoot.decode(keys.root()).wrappedBy() == wrappingKeys.getFirst().id();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a root that was opened", e);
    }
  }

  /** The same keys of a conversation, wrapped by the newest key. */
  public ConversationKeys wrappedAnew(ConversationKeys keys) {
    return new ConversationKeys(
        tenantId,
        keys.conversation(),
        keys.generation(),
        keys.secrets(),
        root(keys.conversation(), keys.generation(), keys.secrets()));
  }

  private byte[] root(String conversation, byte[] generation, byte[] secrets) {
    WrappingKey newest = wrappingKeys.getFirst();
    try {
      byte[] sealed =
          new AesGcmJce(newest.key())
              .encrypt(secrets, rootData(conversation, generation, newest.id()));
      return new ConversationRoot(generation, newest.id(), sealed).encode();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private byte[] rootData(String conversation, byte[] generation, long wrappedBy) {
    return AssociatedData.of(
        "conversation",
        tenantId,
        conversation,
        HexFormat.of().formatHex(generation),
        Long.toHexString(wrappedBy));
  }

  /** Seals what leads to a conversation: its id. */
  public byte[] sealLink(String link, String conversation) {
    WrappingKey newest = wrappingKeys.getFirst();
    try {
      byte[] sealed =
          new AesGcmJce(newest.key())
              .encrypt(conversation.getBytes(StandardCharsets.UTF_8), linkData(link));
      return ByteBuffer.allocate(Long.BYTES + sealed.length)
          .putLong(newest.id())
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * Opens what leads to a conversation.
   *
   * @return the conversation's id, or null where the tenant's key that sealed it is no more
   * @throws GeneralSecurityException if it is of another tenant or link, or was tampered with
   */
  public @Nullable String openLink(String link, byte[] stored) throws GeneralSecurityException {
    if (stored.length <= Long.BYTES) {
      throw new GeneralSecurityException("not a link");
    }
    long sealedBy = ByteBuffer.wrap(stored).getLong();
    for (WrappingKey key : wrappingKeys) {
      if (key.id() == sealedBy) {
        byte[] sealed = Arrays.copyOfRange(stored, Long.BYTES, stored.length);
        byte[] opened = new AesGcmJce(key.key()).decrypt(sealed, linkData(link));
        return new String(opened, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  private byte[] linkData(String link) {
    return AssociatedData.of("link", tenantId, link);
  }

  static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Override
  public String toString() {
    return "TenantKeys[" + tenantId + ", " + wrappingKeys.size() + " keys]";
  }
}
