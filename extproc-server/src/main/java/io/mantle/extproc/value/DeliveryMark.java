package io.mantle.extproc.value;

import io.mantle.privacy.value.ConversationKey;
import io.mantle.privacy.value.Utf16;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Marks what a provider signed or sealed, so that it is known again when a client sends it back.
 *
 * <p>Such values cannot be masked: the provider refuses them if a byte is changed. They may only
 * return to it unread if it was the provider who said them, to this tenant. The mark is a keyed
 * hash at the end of the value, taken off again on the way back; nothing is stored, and every
 * replica knows it.
 *
 * <p>Guarantees: without the tenant's key nobody can make a mark, and none fits other bytes. Not
 * guaranteed: that the value is used once, or in the same conversation. Safe for use by many
 * threads.
 */
public final class DeliveryMark {
  private static final char SEPARATOR = '.';
  private static final int MARK_BYTES = 16;
  private static final int MARK_CHARS = 22;

  private final ConversationKey key;

  private DeliveryMark(ConversationKey key) {
    this.key = key;
  }

  /**
   * A tenant's mark.
   *
   * @param tenantKey 32 bytes
   * @param masked whether what the provider sees is masked. What it said to unmasked text may hold
   *     values of that text, so the one mark is none in the other case
   */
  public static DeliveryMark of(byte[] tenantKey, boolean masked) {
    String purpose = masked ? "delivered" : "delivered unmasked";
    return new DeliveryMark(
        ConversationKey.derive(tenantKey, purpose.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The value as the client gets it.
   *
   * @param covered the text that the provider's value vouches for; empty where it stands for itself
   */
  public String mark(String covered, String value) {
    return value + SEPARATOR + hash(covered, value);
  }

  /** The value as the provider said it, or null where {@code marked} bears no mark of ours. */
  public @Nullable String unmark(String covered, String marked) {
    int end = marked.length() - MARK_CHARS - 1;
    if (end < 0 || marked.charAt(end) != SEPARATOR) {
      return null;
    }
    String value = marked.substring(0, end);
    byte[] expected = ascii(hash(covered, value));
    return MessageDigest.isEqual(expected, ascii(marked.substring(end + 1))) ? value : null;
  }

  private String hash(String covered, String value) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    writePart(message, covered);
    writePart(message, value);
    byte[] hash = Arrays.copyOf(key.hash(message.toByteArray()), MARK_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }

  /** As UTF-16, in which lone surrogates differ, and with its length before it. */
  private static void writePart(ByteArrayOutputStream out, String part) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(part.length()).array());
    out.writeBytes(Utf16.bytes(part));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Prints no key. */
  @Override
  public String toString() {
    return "DeliveryMark";
  }
}
