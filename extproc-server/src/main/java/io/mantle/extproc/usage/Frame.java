package io.mantle.extproc.usage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a segment consists of: length of the body and its CRC-32C, four bytes each, big endian; then
 * the body: kind, length of the id, id, row. A frame that was not written to its end, or was
 * changed since, is told by one of the first two.
 *
 * @param row what is sent; opaque here
 * @param bytes the length of the whole frame
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(Kind kind, String id, byte[] row, int bytes) {
  /** Far above what a row takes. */
  static final int ROW_BYTES_MAX = 64 * 1024;

  private static final int HEAD_BYTES = 8;
  private static final int BODY_BYTES_MIN = 2;
  private static final int ID_BYTES_MAX = 255;
  private static final int BODY_BYTES_MAX = BODY_BYTES_MIN + ID_BYTES_MAX + ROW_BYTES_MAX;

  /** What a frame says. */
  enum Kind {
    /** A request left: its row, should no other come. */
    OPENED('O'),
    /** The row of an exchange that is over. */
    CLOSED('C');

    private final byte code;

    Kind(char code) {
      this.code = (byte) code;
    }

    private static @Nullable Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      return null;
    }
  }

  /**
   * Writes a frame.
   *
   * @throws IllegalArgumentException if the id or the row is too long
   */
  static byte[] encode(Kind kind, String id, byte[] row) {
    byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
    int bodyBytes = BODY_BYTES_MIN + idBytes.length + row.length;
    if (idBytes.length > ID_BYTES_MAX || row.length > ROW_BYTES_MAX) {
      throw new IllegalArgumentException("a row of " + row.length + " bytes");
    }
    ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + bodyBytes);
    frame.position(HEAD_BYTES);
    frame.put(kind.code).put((byte) idBytes.length).put(idBytes).put(row);
    frame.putInt(0, bodyBytes).putInt(Integer.BYTES, crc(frame.array(), HEAD_BYTES, bodyBytes));
    return frame.array();
  }

  /** The frame that begins there; null where no whole one does. */
  static @Nullable Frame decode(byte[] from, int at) {
    int left = from.length - at - HEAD_BYTES;
    if (left < BODY_BYTES_MIN) {
      return null;
    }
    ByteBuffer head = ByteBuffer.wrap(from, at, HEAD_BYTES);
    int bodyBytes = head.getInt();
    int crc = head.getInt();
    int bodyAt = at + HEAD_BYTES;
    if (bodyBytes < BODY_BYTES_MIN
        || bodyBytes > Math.min(left, BODY_BYTES_MAX)
        || crc(from, bodyAt, bodyBytes) != crc) {
      return null;
    }
    Kind kind = Kind.of(from[bodyAt]);
    int idBytes = Byte.toUnsignedInt(from[bodyAt + 1]);
    int rowAt = bodyAt + BODY_BYTES_MIN + idBytes;
    int end = bodyAt + bodyBytes;
    if (kind == null || rowAt > end) {
      return null;
    }
    return new Frame(
        kind,
        new String(from, rowAt - idBytes, idBytes, StandardCharsets.UTF_8),
        Arrays.copyOfRange(from, rowAt, end),
        HEAD_BYTES + bodyBytes);
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
