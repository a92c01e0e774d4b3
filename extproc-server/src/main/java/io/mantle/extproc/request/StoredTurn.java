package io.mantle.extproc.request;

import io.mantle.extproc.dialect.Endpoint;
import io.mantle.extproc.dialect.ProviderIds;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of the provider's own store of conversations, with which a client need not
 * resend what was said before: then what its surrogates stand for is known to the vault alone.
 *
 * @param previous the answer that it follows, or null
 * @param conversation the provider's conversation that it belongs to, or null
 * @param isKept whether what is said now can be followed in its turn
 */
record StoredTurn(@Nullable String previous, @Nullable String conversation, boolean isKept) {
  /** Longer ones are no ids. */
  private static final int ID_CHARS_MAX = 256;

  private static final StoredTurn NONE = new StoredTurn(null, null, false);

  /** Reads it of a request's body. */
  static StoredTurn of(Endpoint endpoint, JsonDocument document) {
    if (endpoint != Endpoint.RESPONSES) {
      return NONE;
    }
    int root = document.root();
    String previous = text(document, document.member(root, "previous_response_id"));
    int conversation = document.member(root, "conversation");
    if (conversation >= 0 && document.kind(conversation) == JsonKind.OBJECT) {
      conversation = document.member(conversation, "id");
    }
    String named = text(document, conversation);
    int store = document.member(root, "store");
    boolean stored = store < 0 || document.kind(store) != JsonKind.FALSE;
    return new StoredTurn(
        previous != null && ProviderIds.isResponse(previous) ? previous : null,
        named,
        stored || named != null);
  }

  private static @Nullable String text(JsonDocument document, int token) {
    if (token < 0 || document.kind(token) != JsonKind.STRING) {
      return null;
    }
    String text = document.text(token).value();
    return text.isEmpty() || text.length() > ID_CHARS_MAX ? null : text;
  }

  /** Whether the provider has more of the conversation than the request says. */
  boolean continues() {
    return previous != null || conversation != null;
  }
}
