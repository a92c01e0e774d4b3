package io.mantle.extproc.request;

import io.mantle.extproc.dialect.Opening;
import io.mantle.extproc.value.Refusal;
import io.mantle.extproc.value.RefusedException;
import io.mantle.privacy.json.Edit;
import io.mantle.privacy.json.Edits;
import io.mantle.privacy.json.JsonDocument;
import io.mantle.privacy.json.JsonKind;
import io.mantle.privacy.value.ConversationKey;
import io.mantle.vault.value.ConversationName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The conversation a request belongs to: within it, surrogates stay the same from turn to turn.
 *
 * <p>The client may name it. Else it follows from what a client resends with every turn: who asks,
 * and what the dialect calls its {@link Opening}. Two people may say the same there; so what is
 * kept of a conversation that begins that way is kept under a name that no other has.
 *
 * @param name the client's own, or a keyed hash, or that with what tells apart those who share it
 * @param key makes its surrogates; of the scope alone
 * @param begins whether nothing can be kept of it yet
 */
record Conversation(ConversationName name, ConversationKey key, boolean begins) {
  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final int HASH_BYTES = 16;

  /** Anthropic's clients set it on the latest turns, and take it off again. */
  private static final String CACHE_CONTROL = "cache_control";

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

  /** The conversation of this name, the client's own or a hash. */
  static Conversation named(byte[] tenantKey, String id) {
    ConversationName name = ConversationName.parse(id);
    return new Conversation(name, derive(tenantKey, "named", utf8(name.scope())), false);
  }

  /** One of its own in the same scope, which begins with what is kept now. */
  Conversation beginning() {
    return new Conversation(name.withNewPart(), key, true);
  }

  /**
   * What the answer's {@code x-mantle-conversation} says: the name that leads to what is kept.
   *
   * @param keeps whether anything is kept of this request
   */
  String shown(boolean keeps) {
    return begins && !keeps ? name.scope() : name.text();
  }

  /**
   * The conversation that the provider stores. Every key of the tenant shares it there, and so
   * here.
   */
  static Conversation stored(byte[] tenantKey, String providersId) {
    return found(tenantKey, "stored", utf8(providersId));
  }

  /** The conversation by what the client resends. */
  static Conversation of(byte[] tenantKey, String keyId, JsonDocument document, Opening opening) {
    return found(tenantKey, "scope", opened(keyId, document, opening));
  }

  private static Conversation found(byte[] tenantKey, String how, byte[] by) {
    byte[] scope = derive(tenantKey, how, new byte[0]).hash(by);
    return named(tenantKey, HexFormat.of().formatHex(Arrays.copyOf(scope, HASH_BYTES)));
  }

  private static ConversationKey derive(byte[] tenantKey, String how, byte[] what) {
    ByteArrayOutputStream scope = new ByteArrayOutputStream();
    writePart(scope, utf8(how));
    writePart(scope, what);
    return ConversationKey.derive(tenantKey, scope.toByteArray());
  }

  private static byte[] opened(String keyId, JsonDocument document, Opening opening) {
    ByteArrayOutputStream opened = new ByteArrayOutputStream();
    int root = document.root();
    writePart(opened, utf8(keyId));
    int metadata = document.member(root, "metadata");
    writeValue(opened, document, document.member(root, "user"));
    writeValue(opened, document, metadata < 0 ? -1 : document.member(metadata, "user_id"));
    for (String member : opening.members()) {
      writeValue(opened, document, document.member(root, member));
    }
    int turns = opening.turns() == null ? -1 : document.member(root, opening.turns());
    if (turns >= 0 && document.kind(turns) == JsonKind.ARRAY) {
      int turn = document.firstChild(turns);
      while (turn < document.after(turns)) {
        writeValue(opened, document, turn);
        if (document.says(document.member(turn, "role"), "user")) {
          break;
        }
        turn = document.after(turn);
      }
    } else {
      writeValue(opened, document, turns);
    }
    return opened.toByteArray();
  }

  /** Writes a value as it stands, but for what clients move from turn to turn. */
  private static void writeValue(ByteArrayOutputStream out, JsonDocument document, int token) {
    if (token < 0) {
      writePart(out, new byte[0]);
      return;
    }
    byte[] raw = utf8(document.raw(token));
    Edits cuts = new Edits();
    cut(cuts, document, token, document.bodyStart(token));
    writePart(out, cuts.applyTo(raw));
  }

  private static void cut(Edits cuts, JsonDocument document, int token, int from) {
    boolean object = document.kind(token) == JsonKind.OBJECT;
    if (!object && document.kind(token) != JsonKind.ARRAY) {
      return;
    }
    int previous = -1;
    int child = document.firstChild(token);
    while (child < document.after(token)) {
      int value = object ? child + 1 : child;
      int next = document.after(value);
      if (object && document.is(child, CACHE_CONTROL)) {
        boolean first = previous < 0;
        int start = first ? document.bodyStart(child) : document.bodyEnd(previous);
        int end =
            first && next < document.after(token)
                ? document.bodyStart(next)
                : document.bodyEnd(value);
        cuts.add(new Edit(start - from, end - from, new byte[0]));
        previous = first ? -1 : value;
      } else {
        cut(cuts, document, value, from);
        previous = value;
      }
      child = next;
    }
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
