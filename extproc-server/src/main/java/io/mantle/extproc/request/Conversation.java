package io.mantle.extproc.request;

import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.value.ConversationKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The conversation a request belongs to: within it, surrogates stay the same from turn to turn.
 *
 * <p>The client may name it. Else it follows from what a client resends with every turn: who asks,
 * and the messages up to and including the first of a user.
 *
 * @param id what the answer's {@code x-mantle-conversation} says: the client's own name, or a keyed
 *     hash
 * @param key makes its surrogates
 */
record Conversation(String id, ConversationKey key) {
  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final int HASH_BYTES = 16;

  /**
   * The conversation the client named.
   *
   * @throws RefusedException 400 if the name is longer than 128 characters or holds others than
   *     letters, digits and {@code . _ : -}
   */
  static String checkClientId(String id) throws RefusedException {
    if (!CLIENT_ID.matcher(id).matches()) {
      throw new RefusedException(
          Refusal.ofRequest(
              400,
              "invalid_conversation",
              "X-Privacy-Gateway-Conversation takes 1 to 128 letters, digits or . _ : -"));
    }
    return id;
  }

  static Conversation of(
      byte[] tenantKey, String keyId, @Nullable String clientId, JsonDocument document) {
    if (clientId != null) {
      return new Conversation(clientId, derive(tenantKey, "named", utf8(clientId)));
    }
    byte[] scope = derive(tenantKey, "scope", new byte[0]).hash(opening(keyId, document));
    String id = HexFormat.of().formatHex(Arrays.copyOf(scope, HASH_BYTES));
    return new Conversation(id, derive(tenantKey, "found", scope));
  }

  private static ConversationKey derive(byte[] tenantKey, String how, byte[] what) {
    ByteArrayOutputStream scope = new ByteArrayOutputStream();
    writePart(scope, utf8(how));
    writePart(scope, what);
    return ConversationKey.derive(tenantKey, scope.toByteArray());
  }

  private static byte[] opening(String keyId, JsonDocument document) {
    ByteArrayOutputStream opening = new ByteArrayOutputStream();
    int root = document.root();
    writePart(opening, utf8(keyId));
    int metadata = document.member(root, "metadata");
    writeValue(opening, document, document.member(root, "user"));
    writeValue(opening, document, metadata < 0 ? -1 : document.member(metadata, "user_id"));
    int messages = document.member(root, "messages");
    if (messages >= 0 && document.kind(messages) == JsonKind.ARRAY) {
      int message = document.firstChild(messages);
      while (message < document.after(messages)) {
        writeValue(opening, document, message);
        if (document.says(document.member(message, "role"), "user")) {
          break;
        }
        message = document.after(message);
      }
    }
    return opening.toByteArray();
  }

  private static void writeValue(ByteArrayOutputStream out, JsonDocument document, int token) {
    writePart(out, token < 0 ? new byte[0] : utf8(document.raw(token)));
  }

  /** With its length before it, so that no two openings run into the same bytes. */
  private static void writePart(ByteArrayOutputStream out, byte[] part) {
    out.writeBytes(utf8(part.length + ":"));
    out.writeBytes(part);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
