package io.mantle.vault.store;

import io.mantle.vault.value.VaultException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sealed bytes: a record for each tenant, and for each conversation a root and entries that
 * live and die with it. A conversation's life is extended whenever it is looked at or added to, and
 * ends a fixed time after; a tenant's record stays until it is deleted.
 *
 * <p>A conversation may be a part of another: then {@link #wholeOf} tells the other's name of its
 * own.
 *
 * <p>Every method is atomic for what is named in one call, among all replicas that share the store,
 * except {@link #look}, which may see a tenant's record and a conversation at two moments. Arrays
 * are handed over, not copied. Safe for use by many threads. Each method throws a {@link
 * VaultException} within a bounded time where the store cannot answer.
 */
public interface VaultStore extends AutoCloseable {

  /**
   * What is there of a tenant and of a conversation.
   *
   * @param tenantRecord the tenant's record, or null
   * @param root the conversation's root, or null; without one there are no entries
   * @param entries the conversation's entries by name
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Look(byte @Nullable [] tenantRecord, byte @Nullable [] root, Map<String, byte[]> entries) {

    @Override
    public String toString() {
      return "Look[" + entries.size() + " entries]";
    }
  }

  /** What became of entries that were to be added. */
  enum Addition {
    /** They are there. */
    ADDED,
    /** They would not fit, so none was added. */
    FULL,
    /** The conversation is not there, or is another generation, so none was added. */
    GONE
  }

  /** Between the name of a whole, which has none, and what tells its parts apart. */
  char PART = '.';

  /** The conversation that the one of this name is a part of; null where it is none. */
  static @Nullable String wholeOf(String conversationName) {
    int end = conversationName.indexOf(PART);
    return end < 0 ? null : conversationName.substring(0, end);
  }

  /** Whether other processes, and this one after a restart, find what was stored. */
  boolean isShared();

  /** Whether it is believed to answer right now; asks nobody. */
  boolean isAvailable();

  /** Bytes it holds in this process's memory. */
  long memoryBytes();

  byte @Nullable [] tenantRecord(String tenantId) throws VaultException;

  /**
   * Stores a tenant's record if there is none.
   *
   * @return the record that is there now
   */
  byte[] createTenant(String tenantId, byte[] record) throws VaultException;

  /** Stores a tenant's record in place of another; false where that is not the one there. */
  boolean replaceTenant(String tenantId, byte[] expected, byte[] record) throws VaultException;

  /** Deletes a tenant's record and returns what it was, or null. */
  byte @Nullable [] deleteTenant(String tenantId) throws VaultException;

  /** Looks at both at once, and extends the conversation's life. */
  Look look(String tenantId, String conversationName) throws VaultException;

  /**
   * Begins a conversation where there is none, or where there is one with the root {@code stale},
   * which is dropped with its entries.
   *
   * @return the root that is there now
   */
  byte[] begin(String conversationName, byte[] root, byte @Nullable [] stale) throws VaultException;

  /** Stores a root in place of another, entries stay; false where that is not the one there. */
  boolean replaceRoot(String conversationName, byte[] expected, byte[] root) throws VaultException;

  /**
   * Adds entries to a conversation; one of the same name is replaced.
   *
   * @param rootPrefix how the conversation's root must begin
   * @param subjects the names, of 32 hexadecimal digits each, of whom the entries are about and no
   *     earlier ones were. By each of them the conversation can be deleted for as long as it is
   *     there; if nothing is added it may be or not
   */
  Addition add(
      String conversationName, byte[] rootPrefix, Map<String, byte[]> entries, Set<String> subjects)
      throws VaultException;

  /** Adds entries that are about nobody new. */
  default Addition add(String conversationName, byte[] rootPrefix, Map<String, byte[]> entries)
      throws VaultException {
    return add(conversationName, rootPrefix, entries, Set.of());
  }

  /**
   * Deletes a conversation, and nothing that it is a part of or that is a part of it.
   *
   * @return its root, or null where there was none
   */
  byte @Nullable [] deleteConversation(String conversationName) throws VaultException;

  /**
   * Conversations that were deleted in one step.
   *
   * @param roots theirs, without those of what they were parts of
   * @param more whether there may be further ones
   */
  record Deleted(List<byte[]> roots, boolean more) {

    @Override
    public String toString() {
      return "Deleted[" + roots.size() + "]";
    }
  }

  /**
   * Deletes conversations that hold entries about {@code subject}; some, where there are many. What
   * one is a part of goes first, so that it is gone even if the rest fails; other parts of that
   * stay.
   */
  Deleted deleteAbout(String subject) throws VaultException;

  /** Stores a link; it lives as long as a conversation that nobody looks at. */
  void putLink(String linkName, byte[] sealed) throws VaultException;

  byte @Nullable [] link(String linkName) throws VaultException;

  /** Deletes a link, where there is one. */
  void deleteLink(String linkName) throws VaultException;

  @Override
  void close();
}
