package io.mantle.vault;

import io.mantle.vault.keys.ConversationKeys;
import io.mantle.vault.keys.TenantKeys;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.VaultException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
  static final String HOSTS = "h:";

  /** Of all hosts of a conversation. What is beyond them is not kept. */
  static final int HOST_CHARS_MAX = 16 * 1024;

  private final Vault vault;
  private final TenantKeys tenant;
  private final ConversationKeys keys;
  private final String storeName;
  private final Set<String> listedUnder;
  private final Set<KeptSurrogate> kept;
  private final Set<String> hosts;

  /**
   * An opened one.
   *
   * @param listedUnder by what else it is found where it keeps something
   */
  OpenConversation(
      Vault vault,
      TenantKeys tenant,
      ConversationKeys keys,
      String storeName,
      Set<String> listedUnder,
      Collection<KeptSurrogate> kept,
      Collection<String> hosts) {
    this.vault = vault;
    this.tenant = tenant;
    this.keys = keys;
    this.storeName = storeName;
    this.listedUnder = listedUnder;
    this.kept = new HashSet<>(kept);
    this.hosts = new HashSet<>(hosts);
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
    keep(surrogates, Set.of());
  }

  /**
   * Keeps surrogates that are about to leave.
   *
   * @param named the hosts that are named beside them; kept as long as there are few
   */
  public void keep(Collection<KeptSurrogate> surrogates, Set<String> named) throws VaultException {
    List<KeptSurrogate> fresh =
        surrogates.stream().distinct().filter(one -> !kept.contains(one)).toList();
    List<String> newHosts = newHosts(named);
    if (fresh.isEmpty() && newHosts.isEmpty()) {
      return;
    }
    // Named by what they hold, so that two replicas that keep the same keep it once.
    Map<String, byte[]> entries = new HashMap<>();
    if (!fresh.isEmpty()) {
      byte[] entry = EntryCodec.encode(fresh);
      String name = SURROGATES + keys.hash("surrogates", entry);
      entries.put(name, keys.seal(name, entry));
    }
    if (!newHosts.isEmpty()) {
      byte[] entry = EntryCodec.encodeHosts(newHosts);
      String name = HOSTS + keys.hash("hosts", entry);
      entries.put(name, keys.seal(name, entry));
    }
    vault.add(storeName, keys, entries, newSubjects(fresh));
    kept.addAll(fresh);
    hosts.addAll(newHosts);
    vault.counts().countKept(fresh.size());
  }

  /** The hosts that were named in earlier requests, as they were kept. */
  public Set<String> hosts() {
    return Set.copyOf(hosts);
  }

  private List<String> newHosts(Set<String> named) {
    int room = HOST_CHARS_MAX - hosts.stream().mapToInt(String::length).sum();
    List<String> fresh = new ArrayList<>();
    for (String host : named.stream().filter(one -> !hosts.contains(one)).sorted().toList()) {
      room -= host.length();
      if (room >= 0) {
        fresh.add(host);
      }
    }
    return fresh;
  }

  /** By which an erasure finds the conversation; those of what is kept already it has. */
  private Set<String> newSubjects(Collection<KeptSurrogate> fresh) {
    Set<String> values = new HashSet<>();
    fresh.forEach(one -> values.add(Subject.of(one.original())));
    kept.forEach(one -> values.remove(Subject.of(one.original())));
    Set<String> names =
        values.stream().map(tenant::subjectName).collect(Collectors.toCollection(HashSet::new));
    if (kept.isEmpty()) {
      names.addAll(listedUnder);
    }
    return names;
  }

  /**
   * Makes sure that it was not deleted since it was opened.
   *
   * @throws VaultException if it was, or that cannot be told
   */
  public void checkThere() throws VaultException {
    vault.add(storeName, keys, Map.of(), Set.of());
  }

  /** Takes back that it was begun: destroys its key, and leaves its scope. */
  public void discard() throws VaultException {
    vault.discard(storeName);
  }

  @Override
  public String toString() {
    return "OpenConversation[" + kept.size() + " surrogates, " + hosts.size() + " hosts]";
  }
}
