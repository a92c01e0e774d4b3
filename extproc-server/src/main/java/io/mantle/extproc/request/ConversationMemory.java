package io.mantle.extproc.request;

import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.KnownSurrogates;
import io.mantle.privacy.KnownSurrogates.Known;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.vault.OpenConversation;
import io.mantle.vault.Vault;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request knows of its conversation's earlier ones, and leaves for later ones.
 *
 * <p>Two kinds of vault. One of this process alone keeps the surrogates that reached the client, as
 * long as it runs. One that replicas share also holds each conversation's salt, on which all of its
 * surrogates depend; so whatever masks anything needs it, and is refused without it.
 */
public final class ConversationMemory {
  /** Remembers nothing. */
  public static final ConversationMemory NONE = new ConversationMemory(null);

  private static final Logger log = LoggerFactory.getLogger(ConversationMemory.class);
  private static final byte[] SALTED = "salted".getBytes(StandardCharsets.UTF_8);

  private final @Nullable Vault vault;
  private final LongAdder answersNotKept = new LongAdder();

  private ConversationMemory(@Nullable Vault vault) {
    this.vault = vault;
  }

  /** What this vault remembers. */
  public static ConversationMemory of(Vault vault) {
    return new ConversationMemory(vault);
  }

  /** Whether a request that masks anything waits for another process. */
  public boolean isShared() {
    return vault != null && vault.isShared();
  }

  /**
   * What is known of a conversation. Prints nothing of it.
   *
   * @param known the surrogates that reached the client, which it may mean
   * @param said the same, and those that the provider has seen
   * @param conversation where to keep more; null where nothing was kept yet
   */
  record Recalled(
      KnownSurrogates known, KnownSurrogates said, @Nullable OpenConversation conversation) {
    static final Recalled NOTHING = new Recalled(KnownSurrogates.NONE, KnownSurrogates.NONE, null);

    /** The key of the conversation's surrogates, with its salt where it has one. */
    ConversationKey salted(ConversationKey key) {
      byte[] salt = conversation == null ? new byte[0] : conversation.salt();
      return salt.length == 0 ? key : ConversationKey.derive(key.hash(salt), SALTED);
    }
  }

  /**
   * Recalls a conversation; begins one where the vault is shared.
   *
   * @throws RefusedException if the vault cannot tell
   */
  Recalled recall(String tenantId, String conversation) throws RefusedException {
    if (vault == null) {
      return Recalled.NOTHING;
    }
    try {
      Optional<OpenConversation> open =
          vault.isShared()
              ? Optional.of(vault.open(tenantId, conversation))
              : vault.find(tenantId, conversation);
      if (open.isEmpty()) {
        return Recalled.NOTHING;
      }
      List<KeptSurrogate> kept = open.get().surrogates();
      return new Recalled(
          known(kept.stream().filter(KeptSurrogate::shown).toList(), Set.of()),
          known(kept, open.get().hosts()),
          open.get());
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  private static KnownSurrogates known(List<KeptSurrogate> kept, Set<String> hosts) {
    return kept.isEmpty() && hosts.isEmpty()
        ? KnownSurrogates.NONE
        : new KnownSurrogates(
            kept.stream()
                .map(one -> new Known(one.type(), one.surrogate(), one.original(), one.bounded()))
                .toList(),
            hosts);
  }

  /**
   * Keeps surrogates that the provider keeps, or that may reach the client.
   *
   * @param hosts that the request names, where a later one may not; kept where anything is
   * @param shown whether they may
   * @throws RefusedException if they cannot be kept: what they stand for could not be told later
   */
  void keep(
      String tenantId,
      String conversation,
      Recalled recalled,
      List<Known> surrogates,
      Set<String> hosts,
      boolean shown)
      throws RefusedException {
    OpenConversation open = recalled.conversation();
    boolean holdsSome = open != null && !open.surrogates().isEmpty();
    if (vault == null || (surrogates.isEmpty() && !holdsSome)) {
      return;
    }
    try {
      (open == null ? vault.open(tenantId, conversation) : open)
          .keep(
              surrogates.stream()
                  .map(
                      one ->
                          new KeptSurrogate(
                              one.type(), one.surrogate(), one.original(), one.bounded(), shown))
                  .toList(),
              hosts);
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  /** Keeps that all of the conversation's surrogates may reach the client. */
  void show(Recalled recalled) throws RefusedException {
    OpenConversation open = recalled.conversation();
    if (open == null) {
      return;
    }
    try {
      open.keep(open.surrogates().stream().map(KeptSurrogate::asShown).toList());
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  /** The conversation that an answer the provider stores belongs to; null where that is unknown. */
  @Nullable String conversationOf(String tenantId, String answerId) throws RefusedException {
    if (vault == null) {
      return null;
    }
    try {
      return vault.linked(tenantId, answerId).orElse(null);
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  /**
   * Keeps which conversation an answer that the provider stores belongs to. Where that fails the
   * answer is no worse for it: it is counted, and what follows the answer restores nothing of what
   * came before.
   */
  void keepAnswer(String tenantId, String answerId, String conversation) {
    if (vault == null) {
      return;
    }
    try {
      vault.link(tenantId, answerId, conversation);
    } catch (VaultException e) {
      countAnswerNotKept();
      log.warn("an answer's conversation was not kept: {}", e.reason());
    }
  }

  void countAnswerNotKept() {
    answersNotKept.increment();
  }

  /** Answers that a later request may follow in vain, since it was not kept where they belong. */
  public long answersNotKept() {
    return answersNotKept.sum();
  }

  /** Forgets which conversation an answer belongs to. */
  void forgetAnswer(String tenantId, String answerId) throws RefusedException {
    if (vault == null) {
      return;
    }
    try {
      vault.unlink(tenantId, answerId);
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  private static Refusal refusal(VaultException.Reason reason) {
    return switch (reason) {
      case UNAVAILABLE ->
          Refusal.unavailable(
              "vault_unavailable",
              "What this conversation needs of its earlier requests cannot be reached, so nothing was sent.");
      case GONE ->
          Refusal.unavailable(
              "conversation_deleted",
              "The conversation was deleted while the request was worked on, so nothing was sent.");
      case UNREADABLE ->
          new Refusal(
              503,
              "api_error",
              "vault_unreadable",
              "What is kept of this conversation does not open, so nothing was sent.",
              null,
              false);
      case FULL ->
          Refusal.ofRequest(
              413,
              "conversation_full",
              "This conversation holds as many values as one may. Begin a new one.");
    };
  }
}
