package io.mantle.controlplane.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;

/**
 * How a row of the audit follows from the one before it: SHA-256 over that one's hash and the row's
 * fields, each as UTF-8 text behind its length. The migration V24 says the same in SQL, by which
 * rows are written; this one is for whoever checks them. {@code docs/control-plane.md} describes
 * it, so that others can.
 */
public final class AuditHash {
  /** What the first row of a chain follows. */
  public static final String OF_NOTHING = "0".repeat(64);

  private static final String ENCODING = "mantle-audit-1";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private AuditHash() {}

  /**
   * The hash that a row has to have, as 64 hexadecimal digits.
   *
   * @param previous of the row before it, likewise
   * @param tenantId whose chain it is
   */
  public static String of(String previous, String tenantId, AuditLog.Entry row) {
    MessageDigest sha256 = sha256();
    sha256.update(HexFormat.of().parseHex(previous));
    List.of(
            ENCODING,
            tenantId,
            Long.toString(row.seq()),
            TIME.format(row.at()),
            row.actor(),
            row.action(),
            row.subject(),
            row.detail())
        .forEach(field -> update(sha256, field.getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void update(MessageDigest sha256, byte[] field) {
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
    sha256.update(field);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
