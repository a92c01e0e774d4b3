package io.mantle.vault.keys;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What sealed bytes belong to: they open nowhere else. */
final class AssociatedData {
  private AssociatedData() {}

  /** Each part with its length before it, so that no two lists of parts are the same bytes. */
  static byte[] of(String purpose, String... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, "mantle/vault/1/" + purpose);
    for (String part : parts) {
      write(out, part);
    }
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }
}
