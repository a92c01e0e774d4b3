package io.mantle.extproc.request;

import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.KnownSurrogates;
import io.mantle.privacy.KnownSurrogates.Known;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.vault.OpenConversation;
import io.mantle.vault.Vault;
import io.mantle.vault.value.ConversationName;
import io.mantle.vault.value.KeptSurrogate;
import io.mantle.vault.value.VaultException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
   * @param scope whose salt its surrogates depend on; null where nothing was kept there yet
   * @param conversation where to keep more; null where nothing was kept yet
   */
  record Recalled(
      KnownSurrogates known,
      KnownSurrogates said,
      @Nullable OpenConversation scope,
      @Nullable OpenConversation conversation) {
    static final Recalled NOTHING =
        new Recalled(KnownSurrogates.NONE, KnownSurrogates.NONE, null, null);

    /** The key of the conversation's surrogates, with its scope's salt where that has one. */
    ConversationKey salted(ConversationKey key) {
      byte[] salt = scope == null ? new byte[0] : scope.salt();
      return salt.length == 0 ? key : ConversationKey.derive(key.hash(salt), SALTED);
    }
  }

  /**
   * Recalls a conversation; begins one where the vault is shared. Of one that begins with this
   * request, what reached a client in its scope: that may be this one.
   *
   * @throws RefusedException if the vault cannot tell
   */
  Recalled recall(String tenantId, Conversation conversation) throws RefusedException {
    if (vault == null) {
      return Recalled.NOTHING;
    }
    ConversationName name = conversation.name();
    try {
      OpenConversation scope = opened(vault, tenantId, name.scope());
      OpenConversation own =
          !name.isPart()
              ? scope
              : conversation.begins() ? null : opened(vault, tenantId, name.text());
      OpenConversation meant = conversation.begins() ? scope : own;
      List<KeptSurrogate> kept = own == null ? List.of() : own.surrogates();
      List<KeptSurrogate> shown = meant == null ? List.of() : meant.surrogates();
      return new Recalled(
          known(shown.stream().filter(KeptSurrogate::shown).toList(), Set.of()),
          known(kept, own == null ? Set.of() : own.hosts()),
          scope,
          own);
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  private static @Nullable OpenConversation opened(Vault vault, String tenantId, String name)
      throws VaultException {
    return vault.isShared() ? vault.open(tenantId, name) : vault.find(tenantId, name).orElse(null);
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
      Conversation conversation,
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
    List<KeptSurrogate> kept =
        surrogates.stream()
            .map(
                one ->
                    new KeptSurrogate(
                        one.type(), one.surrogate(), one.original(), one.bounded(), shown))
            .toList();
    ConversationName name = conversation.name();
    try {
      OpenConversation own = open == null ? vault.open(tenantId, name.text()) : open;
      own.keep(kept, hosts);
      if (conversation.begins()) {
        try {
          keepInScope(vault, tenantId, name, recalled.scope(), shown ? kept : List.of());
        } catch (VaultException e) {
          own.discard();
          throw e;
        }
      }
    } catch (VaultException e) {
      throw new RefusedException(refusal(e.reason()));
    }
  }

  /**
   * Of a conversation that has just begun: keeps in its scope what reaches the client, which may
   * come back without a word of where it was kept. And makes sure that the scope is still the one
   * whose salt was used: who deleted it in between was told that all of it is gone.
   */
  private static void keepInScope(
      Vault vault,
      String tenantId,
      ConversationName name,
      @Nullable OpenConversation scope,
      List<KeptSurrogate> shown)
      throws VaultException {
    if (!shown.isEmpty()) {
      (scope == null ? vault.open(tenantId, name.scope()) : scope).keep(shown);
    }
    if (scope != null) {
      scope.checkThere();
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
