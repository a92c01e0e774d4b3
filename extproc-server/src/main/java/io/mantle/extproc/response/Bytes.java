package io.mantle.extproc.response;

import java.util.Arrays;

/** A growing run of bytes that is consumed from its front. */
final class Bytes {
  private byte[] bytes = new byte[512];
  private int from;
  private int to;

  int length() {
    return to - from;
  }

  byte at(int index) {
    return bytes[from + index];
  }

  /** Where the next line feed or carriage return stands, or the length where there is none. */
  int lineEnd(int index) {
    int at = from + index;
    while (at < to && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at - from;
  }

  void append(byte[] more) {
    if (to + more.length > bytes.length) {
      int length = length();
      byte[] target =
          length + more.length > bytes.length
              ? new byte[Math.max(bytes.length * 2, length + more.length)]
              : bytes;
      System.arraycopy(bytes, from, target, 0, length);
      bytes = target;
      from = 0;
      to = length;
    }
    System.arraycopy(more, 0, bytes, to, more.length);
    to += more.length;
  }

  /** Removes the first bytes and returns them. */
  byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(bytes, from, from + count);
    from += count;
    return taken;
  }

  byte[] takeAll() {
    return take(length());
  }
}
