package io.mantle.vault;

import io.mantle.vault.keys.ConversationKeys;
import io.mantle.vault.keys.TenantKeys;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.VaultException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the vault holds of one conversation, as it was when it was opened; and the way to add to it.
 * For one request. Prints nothing of it.
 *
 * <p>What is added is stored when the method returns, or not at all. Adding what is there already
 * asks the store nothing.
 */
public final class OpenConversation {
  static final String SURROGATES = "s:";
  static final String DELIVERED = "d:";

  private final Vault vault;
  private final TenantKeys tenant;
  private final ConversationKeys keys;
  private final String storeName;
  private final Set<KeptSurrogate> kept;
  private final Set<String> delivered;

  OpenConversation(
      Vault vault,
      TenantKeys tenant,
      ConversationKeys keys,
      String storeName,
      Collection<KeptSurrogate> kept,
      Collection<String> delivered) {
    this.vault = vault;
    this.tenant = tenant;
    this.keys = keys;
    this.storeName = storeName;
    this.kept = new HashSet<>(kept);
    this.delivered = new HashSet<>(delivered);
  }

  /**
   * Random bytes that every replica has for this conversation and that end with it: mixed into the
   * key of its surrogates they make sure that no one can derive those again. None where the vault
   * is this process's own, since then other replicas could not agree with it.
   */
  public byte[] salt() {
    return vault.isShared() ? keys.salt() : new byte[0];
  }

  /**
   * The surrogates that left before, one original for each. One that was ever kept for two
   * originals is not among them: nobody could say which is meant.
   */
  public List<KeptSurrogate> surrogates() {
    Map<String, KeptSurrogate> bySurrogate = new LinkedHashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (KeptSurrogate one : kept) {
      KeptSurrogate before = bySurrogate.putIfAbsent(one.surrogate(), one);
      if (before != null && !before.original().equals(one.original())) {
        ambiguous.add(one.surrogate());
      } else if (one.shown()) {
        bySurrogate.put(one.surrogate(), one);
      }
    }
    bySurrogate.keySet().removeAll(ambiguous);
    return List.copyOf(bySurrogate.values());
  }

  /** Keeps surrogates that are about to leave. */
  public void keep(Collection<KeptSurrogate> surrogates) throws VaultException {
    List<KeptSurrogate> fresh =
        surrogates.stream().distinct().filter(one -> !kept.contains(one)).toList();
    if (fresh.isEmpty()) {
      return;
    }
    byte[] entry = EntryCodec.encode(fresh);
    // Named by what it holds, so that two replicas that keep the same keep it once.
    String name = SURROGATES + keys.hash("surrogates", entry);
    vault.add(storeName, keys, Map.of(name, keys.seal(name, entry)), newSubjects(fresh));
    kept.addAll(fresh);
    vault.counts().countKept(fresh.size());
  }

  /** By which an erasure finds the conversation; those of what is kept already it has. */
  private Set<String> newSubjects(Collection<KeptSurrogate> fresh) {
    Set<String> values = new HashSet<>();
    fresh.forEach(one -> values.add(Subject.of(one.original())));
    kept.forEach(one -> values.remove(Subject.of(one.original())));
    return values.stream().map(tenant::subjectName).collect(Collectors.toSet());
  }

  /** Keeps that these very bytes were delivered to the client; of the bytes, a keyed hash alone. */
  public void keepDelivered(byte[] block) throws VaultException {
    String name = DELIVERED + keys.hash("delivered", block);
    if (delivered.contains(name)) {
      return;
    }
    vault.add(storeName, keys, Map.of(name, keys.seal(name, new byte[0])), Set.of());
    delivered.add(name);
  }

  /** Whether these very bytes were delivered in this conversation. */
  public boolean wasDelivered(byte[] block) {
    return delivered.contains(DELIVERED + keys.hash("delivered", block));
  }

  @Override
  public String toString() {
    return "OpenConversation["
        + kept.size()
        + " surrogates, "
        + delivered.size()
        + " delivered blocks]";
  }
}
