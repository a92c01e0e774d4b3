package io.mantle.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.keys.ConversationKeys;
import io.mantle.vault.keys.KeyProvider;
import io.mantle.vault.keys.LocalKeyset;
import io.mantle.vault.keys.TenantKeys;
import io.mantle.vault.store.MemoryStore;
import io.mantle.vault.store.StoreLimits;
import io.mantle.vault.store.VaultStore;
import io.mantle.vault.value.ConversationName;
import io.mantle.vault.value.ErasureReceipt;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.Receipt;
import io.mantle.vault.value.VaultException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what outlives a request, by tenant and conversation, until it is deleted or was not used
 * for a time.
 *
 * <p>Guarantees: all that is stored is sealed under the conversation's own key, which is wrapped by
 * the tenant's, which is wrapped by the master key; what is sealed opens for its own tenant,
 * conversation and place alone. Deleting a conversation or erasing a tenant destroys the key: at
 * the next look, on every replica, what it sealed is as if it had never been. Every call ends
 * within the store's time-outs, and where the vault cannot do its part throws a {@link
 * VaultException}: the request must then be refused. Safe for use by many threads; may wait for the
 * store, so it is not for event loops.
 *
 * <p>Not guaranteed: that a backup of the store, made before a key was destroyed, does not still
 * hold it, wrapped. And a tenant's keys stay in the memory of the processes that used them for up
 * to {@link #KEYS_IN_MEMORY}, where nothing uses them any more.
 */
public final class Vault implements AutoCloseable {
  /** How long a process keeps a tenant's keys in clear before it unwraps them again. */
  static final Duration KEYS_IN_MEMORY = Duration.ofMinutes(5);

  private static final int TENANTS_IN_MEMORY_MAX = 10_000;
  private static final int ATTEMPTS_MAX = 5;
  private static final int ERASURE_STEPS_MAX = 100_000;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final String NO_TENANT = "-";
  private static final int LINK_CHARS_MAX = 256;
  private static final int RECEIPT_KEY_DIGITS = 16;

  private final KeyProvider master;
  private final VaultStore store;
  private final Duration timeToLive;
  private final InstantSource clock;
  private final VaultCounts counts = new VaultCounts();

  /** By tenant; good for as long as the store holds the very record they were opened from. */
  private final Cache<String, Opened> opened =
      Caffeine.newBuilder()
          .maximumSize(TENANTS_IN_MEMORY_MAX)
          .expireAfterWrite(KEYS_IN_MEMORY)
          .build();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Opened(byte[] record, TenantKeys keys) {}

  /** What a call found, all of one moment. */
  private record Found(Opened tenant, VaultStore.Look look) {}

  /**
   * A vault.
   *
   * @param store closed with the vault
   * @param limits the store's
   */
  public Vault(KeyProvider master, VaultStore store, StoreLimits limits) {
    this(master, store, limits, InstantSource.system());
  }

  /** As the other constructor, with an own clock. */
  Vault(KeyProvider master, VaultStore store, StoreLimits limits, InstantSource clock) {
    this.master = master;
    this.store = store;
    this.timeToLive = limits.timeToLive();
    this.clock = clock;
  }

  /** A vault of this process alone, under a key that ends with it. */
  public static Vault inMemory(StoreLimits limits) {
    return new Vault(LocalKeyset.ephemeral(), new MemoryStore(limits), limits);
  }

  /** Whether other replicas, and this one after a restart, find what was kept. */
  public boolean isShared() {
    return store.isShared();
  }

  /** Whether the store is believed to answer; asks nobody. */
  public boolean isAvailable() {
    return store.isAvailable();
  }

  /** Whether the store answers now; asks it, and counts nothing. */
  public boolean answers() {
    try {
      var _ = store.tenantRecord(NO_TENANT);
      return true;
    } catch (VaultException e) {
      return false;
    }
  }

  /** Bytes of this process's memory that the store uses. */
  public long memoryBytes() {
    return store.memoryBytes();
  }

  /** What it has done. */
  public VaultCounts counts() {
    return counts;
  }

  /** Opens a conversation; begins it where there is none. */
  public OpenConversation open(String tenantId, String conversation) throws VaultException {
    return counted(() -> tryOpen(tenantId, conversation, true)).orElseThrow();
  }

  /** Opens a conversation where there is one. */
  public Optional<OpenConversation> find(String tenantId, String conversation)
      throws VaultException {
    return counted(() -> tryOpen(tenantId, conversation, false));
  }

  private Optional<OpenConversation> tryOpen(
      String tenantId, String conversation, boolean beginsOne) throws VaultException {
    checkId(conversation);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Found found = look(tenantId, conversation, beginsOne);
      if (found == null) {
        return Optional.empty();
      }
      TenantKeys tenant = found.tenant().keys();
      String name = tenant.conversationName(conversation);
      byte[] root = found.look().root();
      ConversationKeys keys = root == null ? null : openRoot(tenant, conversation, root);
      if (keys != null) {
        counts.countOpened();
        return Optional.of(opened(tenant, keys, name, conversation, found.look().entries()));
      }
      if (!beginsOne) {
        return Optional.empty();
      }
      ConversationKeys fresh = tenant.newConversation(conversation);
      if (Arrays.equals(store.begin(name, fresh.root(), root), fresh.root())) {
        counts.countOpened();
        return Optional.of(opened(tenant, fresh, name, conversation, Map.of()));
      }
    }
    throw contended();
  }

  private OpenConversation opened(
      TenantKeys tenant,
      ConversationKeys keys,
      String name,
      String conversation,
      Map<String, byte[]> entries)
      throws VaultException {
    List<KeptSurrogate> kept = new ArrayList<>();
    List<String> hosts = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      byte[] clear = openEntry(keys, entry.getKey(), entry.getValue());
      if (entry.getKey().startsWith(OpenConversation.HOSTS)) {
        hosts.addAll(EntryCodec.decodeHosts(clear));
      } else {
        kept.addAll(decode(clear));
      }
    }
    if (!tenant.isCurrent(keys)) {
      // If another was first, it is wrapped anew already.
      var _ = store.replaceRoot(name, keys.root(), tenant.wrappedAnew(keys).root());
    }
    ConversationName called = ConversationName.parse(conversation);
    return new OpenConversation(
        this,
        tenant,
        keys,
        name,
        called.isPart() ? Set.of(tenant.partsName(called.scope())) : Set.of(),
        kept,
        hosts);
  }

  /**
   * Stores that {@code link}, such as the id of an answer that the provider keeps, belongs to a
   * conversation.
   */
  public void link(String tenantId, String link, String conversation) throws VaultException {
    checkId(conversation);
    checkLink(link);
    counted(
        () -> {
          TenantKeys tenant = current(tenantId).keys();
          store.putLink(tenant.linkName(link), tenant.sealLink(link, conversation));
          return true;
        });
  }

  /** The conversation that {@code link} belongs to, where that is known. */
  public Optional<String> linked(String tenantId, String link) throws VaultException {
    checkLink(link);
    return counted(
        () -> {
          Optional<Opened> tenant = fresh(tenantId);
          byte[] stored = tenant.isEmpty() ? null : store.link(tenant.get().keys().linkName(link));
          return stored == null
              ? Optional.empty()
              : Optional.ofNullable(openLink(tenant.get().keys(), link, stored));
        });
  }

  /** Forgets what {@code link} belongs to. The conversation stays: it may have other links. */
  public void unlink(String tenantId, String link) throws VaultException {
    checkLink(link);
    counted(
        () -> {
          Optional<Opened> tenant = fresh(tenantId);
          if (tenant.isPresent()) {
            store.deleteLink(tenant.get().keys().linkName(link));
          }
          return true;
        });
  }

  /**
   * Destroys a conversation's key, and so all that was kept of it; and its scope's, and so the salt
   * on which its surrogates depend. Named by its scope alone, all conversations of the scope; named
   * as one of several, that one: the others keep what they have, and get other surrogates from then
   * on.
   */
  public Receipt forget(String tenantId, String conversation) throws VaultException {
    ConversationName name = ConversationName.parse(checkId(conversation));
    return counted(
        () -> {
          Optional<Opened> tenant = fresh(tenantId);
          ErasureReceipt destroyed = ErasureReceipt.ofNothing(tenantId, clock.instant());
          if (tenant.isPresent()) {
            TenantKeys keys = tenant.get().keys();
            // First, so that what is about to begin a part of it finds it gone.
            destroyed = delete(keys.conversationName(name.scope()), destroyed);
            destroyed =
                name.isPart()
                    ? delete(keys.conversationName(conversation), destroyed)
                    : deleteAbout(keys.partsName(name.scope()), destroyed);
          }
          return new Receipt(
              destroyed.outcome(), tenantId, conversation, destroyed.at(), destroyed.keys());
        });
  }

  private ErasureReceipt delete(String storeName, ErasureReceipt receipt) throws VaultException {
    byte[] root = store.deleteConversation(storeName);
    return root == null ? receipt : destroyed(List.of(root), receipt);
  }

  private ErasureReceipt deleteAbout(String subject, ErasureReceipt before) throws VaultException {
    ErasureReceipt receipt = before;
    for (int step = 0; step < ERASURE_STEPS_MAX; step++) {
      VaultStore.Deleted deleted = store.deleteAbout(subject);
      receipt = destroyed(deleted.roots(), receipt);
      if (!deleted.more()) {
        return receipt;
      }
    }
    throw contended();
  }

  private ErasureReceipt destroyed(List<byte[]> roots, ErasureReceipt receipt) {
    roots.forEach(_ -> counts.countDestroyed());
    return receipt.and(roots.stream().map(Vault::fingerprint).toList());
  }

  /**
   * Destroys the key of every conversation of the tenant that keeps {@code value} for a surrogate,
   * in whichever spelling: case, accents, spaces and punctuation do not count. All of such a
   * conversation goes, since the same person is in it under other names too: a surname, an account,
   * what a surrogate was made to look like. With it goes the salt of its scope.
   *
   * <p>Not guaranteed: anything of conversations that mention it and keep nothing.
   *
   * @throws VaultException if it is not known whether all are gone; those that were found are
   */
  public ErasureReceipt erase(String tenantId, Plaintext value) throws VaultException {
    checkId(tenantId);
    return counted(
        () -> {
          Optional<Opened> tenant = fresh(tenantId);
          ErasureReceipt receipt = ErasureReceipt.ofNothing(tenantId, clock.instant());
          return tenant.isEmpty()
              ? receipt
              : deleteAbout(tenant.get().keys().subjectName(Subject.of(value)), receipt);
        });
  }

  /** Destroys a tenant's keys, and so all that was kept of all of its conversations. */
  public Receipt eraseTenant(String tenantId) throws VaultException {
    checkId(tenantId);
    return counted(
        () -> {
          byte[] record = store.deleteTenant(tenantId);
          opened.invalidate(tenantId);
          if (record == null) {
            return new Receipt(
                Receipt.Outcome.NOTHING_STORED, tenantId, null, clock.instant(), List.of());
          }
          counts.countDestroyed();
          return new Receipt(
              Receipt.Outcome.KEY_DESTROYED,
              tenantId,
              null,
              clock.instant(),
              List.of(fingerprint(record)));
        });
  }

  private static String fingerprint(byte[] sealed) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(sealed);
      return HexFormat.of().formatHex(hash).substring(0, RECEIPT_KEY_DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Gives a tenant a new key, which wraps the keys of new conversations; those of others are
   * wrapped anew when they are next opened. Older keys are dropped once all that they wrapped has
   * expired.
   *
   * @return whether there was a tenant's key to rotate
   * @throws IllegalStateException if the tenant rotates so often that too many keys are in use
   */
  public boolean rotateTenantKey(String tenantId) throws VaultException {
    // Twice the time: a conversation may be looked at once more without being wrapped anew.
    return replaceTenant(
        tenantId, keys -> keys.rotated(clock.instant(), timeToLive.multipliedBy(2)));
  }

  /**
   * Wraps a tenant's keys under the newest version of the master key. When that is done for all
   * tenants, older versions of the master key may go.
   *
   * @return whether there was anything to wrap
   */
  public boolean rewrapTenantKey(String tenantId) throws VaultException {
    return replaceTenant(tenantId, keys -> keys);
  }

  private interface Change {
    TenantKeys of(TenantKeys keys);
  }

  private boolean replaceTenant(String tenantId, Change change) throws VaultException {
    return counted(
        () -> {
          for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            Optional<Opened> tenant = fresh(tenantId);
            if (tenant.isEmpty()) {
              return false;
            }
            byte[] record = seal(change.of(tenant.get().keys()));
            if (store.replaceTenant(tenantId, tenant.get().record(), record)) {
              opened.invalidate(tenantId);
              return true;
            }
          }
          throw contended();
        });
  }

  void add(
      String storeName, ConversationKeys keys, Map<String, byte[]> entries, Set<String> subjects)
      throws VaultException {
    counted(
        () ->
            switch (store.add(storeName, keys.rootPrefix(), entries, subjects)) {
              case ADDED -> true;
              case FULL ->
                  throw new VaultException(
                      VaultException.Reason.FULL, "the conversation holds as much as one may");
              case GONE ->
                  throw new VaultException(
                      VaultException.Reason.GONE, "the conversation was deleted meanwhile");
            });
  }

  /** Deletes a conversation that should not have begun, and nothing else. */
  void discard(String storeName) throws VaultException {
    var _ = counted(() -> Optional.ofNullable(store.deleteConversation(storeName)));
  }

  /**
   * Looks with the keys at hand, which is one round trip; and again if the store holds others by
   * now.
   *
   * @return null where the tenant has no keys and is to get none
   */
  private @Nullable Found look(String tenantId, String conversation, boolean createsTenant)
      throws VaultException {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      Optional<Opened> tenant = tenant(tenantId, createsTenant);
      if (tenant.isEmpty()) {
        return null;
      }
      VaultStore.Look look =
          store.look(tenantId, tenant.get().keys().conversationName(conversation));
      if (Arrays.equals(look.tenantRecord(), tenant.get().record())) {
        return new Found(tenant.get(), look);
      }
      opened.invalidate(tenantId);
    }
    throw contended();
  }

  private Optional<Opened> tenant(String tenantId, boolean creates) throws VaultException {
    Opened known = opened.getIfPresent(checkId(tenantId));
    if (known != null) {
      return Optional.of(known);
    }
    return creates ? Optional.of(current(tenantId)) : fresh(tenantId);
  }

  /** The tenant's keys as the store has them now; it gets some where it had none. */
  private Opened current(String tenantId) throws VaultException {
    Optional<Opened> stored = fresh(tenantId);
    if (stored.isPresent()) {
      return stored.get();
    }
    TenantKeys created = TenantKeys.create(tenantId, clock.instant());
    return openTenant(tenantId, store.createTenant(tenantId, seal(created)));
  }

  /** The tenant's keys as the store has them now. */
  private Optional<Opened> fresh(String tenantId) throws VaultException {
    byte[] record = store.tenantRecord(checkId(tenantId));
    if (record == null) {
      opened.invalidate(tenantId);
      return Optional.empty();
    }
    Opened known = opened.getIfPresent(tenantId);
    return Optional.of(
        known != null && Arrays.equals(known.record(), record)
            ? known
            : openTenant(tenantId, record));
  }

  private Opened openTenant(String tenantId, byte[] record) throws VaultException {
    try {
      Opened tenant = new Opened(record, TenantKeys.open(tenantId, record, master));
      opened.put(tenantId, tenant);
      return tenant;
    } catch (GeneralSecurityException e) {
      throw unreadable("a tenant's keys do not open under this master key", e);
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private byte[] seal(TenantKeys keys) throws VaultException {
    try {
      return keys.seal(master);
    } catch (GeneralSecurityException | IOException e) {
      throw unavailable(e);
    }
  }

  private static @Nullable ConversationKeys openRoot(
      TenantKeys tenant, String conversation, byte[] root) throws VaultException {
    try {
      return tenant.openConversation(conversation, root);
    } catch (GeneralSecurityException e) {
      throw unreadable("a conversation's keys do not open", e);
    }
  }

  private static byte[] openEntry(ConversationKeys keys, String name, byte[] sealed)
      throws VaultException {
    try {
      return keys.open(name, sealed);
    } catch (GeneralSecurityException e) {
      throw unreadable("an entry does not open", e);
    }
  }

  private static @Nullable String openLink(TenantKeys tenant, String link, byte[] stored)
      throws VaultException {
    try {
      return tenant.openLink(link, stored);
    } catch (GeneralSecurityException e) {
      throw unreadable("a link does not open", e);
    }
  }

  private static List<KeptSurrogate> decode(byte[] clear) throws VaultException {
    try {
      return EntryCodec.decode(clear);
    } catch (EntryCodec.MalformedEntryException e) {
      throw unreadable("an entry opens and is not one of ours", e);
    }
  }

  private static VaultException unreadable(String message, Exception cause) {
    return new VaultException(VaultException.Reason.UNREADABLE, message, cause);
  }

  private static VaultException unavailable(Exception cause) {
    return new VaultException(
        VaultException.Reason.UNAVAILABLE, "the master key cannot be used", cause);
  }

  private static VaultException contended() {
    return new VaultException(
        VaultException.Reason.UNAVAILABLE, "too many change the same at once");
  }

  private static String checkId(String id) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("an id has 1 to 128 letters, digits or . _ : -");
    }
    return id;
  }

  private static void checkLink(String link) {
    if (link.isEmpty() || link.length() > LINK_CHARS_MAX) {
      throw new IllegalArgumentException("a link has 1 to " + LINK_CHARS_MAX + " characters");
    }
  }

  private interface Call<T> {
    T run() throws VaultException;
  }

  private <T> T counted(Call<T> call) throws VaultException {
    try {
      return call.run();
    } catch (VaultException e) {
      counts.countFailure(e.reason());
      throw e;
    }
  }

  @Override
  public void close() {
    opened.invalidateAll();
    store.close();
  }
}
