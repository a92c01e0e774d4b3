package io.mantle.vault;

import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Plaintext;
import io.mantle.vault.value.KeptSurrogate;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Kept surrogates as bytes: a version, a count, and of each its type, whether it is bounded or was
 * shown, the surrogate and the original. A text that UTF-8 cannot say (a lone surrogate code unit,
 * which JSON can) is written as its UTF-16 units. And hosts, one a line.
 *
 * <p>Reading takes exactly what writing gives; it never allocates more than the bytes account for.
 */
final class EntryCodec {
  private static final byte VERSION = 1;
  private static final int BOUNDED = 1;
  private static final int SURROGATE_AS_UNITS = 2;
  private static final int ORIGINAL_AS_UNITS = 4;
  private static final int SHOWN = 8;
  private static final int FLAGS_ALL = BOUNDED | SURROGATE_AS_UNITS | ORIGINAL_AS_UNITS | SHOWN;

  /** A type's length, the flags, and two lengths. */
  private static final int KEPT_BYTES_MIN = 1 + 1 + 2 * Integer.BYTES;

  /** What was read is not what this class wrote. */
  static final class MalformedEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedEntryException(String message) {
      super(message);
    }
  }

  private EntryCodec() {}

  static byte[] encode(List<KeptSurrogate> kept) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    writeInt(out, kept.size());
    for (KeptSurrogate one : kept) {
      String original = one.original().reveal();
      byte[] type = one.type().name().getBytes(StandardCharsets.US_ASCII);
      out.write(type.length);
      out.writeBytes(type);
      out.write(
          (one.bounded() ? BOUNDED : 0)
              | (one.shown() ? SHOWN : 0)
              | (isUtf8(one.surrogate()) ? 0 : SURROGATE_AS_UNITS)
              | (isUtf8(original) ? 0 : ORIGINAL_AS_UNITS));
      writeText(out, one.surrogate());
      writeText(out, original);
    }
    return out.toByteArray();
  }

  private static boolean isUtf8(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static void writeText(ByteArrayOutputStream out, String text) {
    byte[] bytes = isUtf8(text) ? text.getBytes(StandardCharsets.UTF_8) : units(text);
    writeInt(out, bytes.length);
    out.writeBytes(bytes);
  }

  /** Not Java's UTF-16, which writes a lone unit as another character. */
  private static byte[] units(String text) {
    ByteBuffer units = ByteBuffer.allocate(text.length() * Character.BYTES);
    units.asCharBuffer().put(text);
    return units.array();
  }

  private static void writeInt(ByteArrayOutputStream out, int value) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  static List<KeptSurrogate> decode(byte[] entry) throws MalformedEntryException {
    ByteBuffer in = ByteBuffer.wrap(entry);
    try {
      if (in.get() != VERSION) {
        throw new MalformedEntryException("an entry of an unknown version");
      }
      int count = in.getInt();
      if (count < 0 || count > in.remaining() / KEPT_BYTES_MIN) {
        throw new MalformedEntryException("an entry whose count does not fit");
      }
      List<KeptSurrogate> kept = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        kept.add(readKept(in));
      }
      if (in.hasRemaining()) {
        throw new MalformedEntryException("an entry with more than it says");
      }
      return kept;
    } catch (BufferUnderflowException e) {
      throw new MalformedEntryException("an entry that was cut");
    }
  }

  static byte[] encodeHosts(List<String> hosts) {
    return String.join("\n", hosts).getBytes(StandardCharsets.UTF_8);
  }

  static List<String> decodeHosts(byte[] entry) {
    return new String(entry, StandardCharsets.UTF_8).lines().toList();
  }

  private static KeptSurrogate readKept(ByteBuffer in) throws MalformedEntryException {
    byte[] type = read(in, Byte.toUnsignedInt(in.get()));
    int flags = in.get();
    if ((flags & ~FLAGS_ALL) != 0) {
      throw new MalformedEntryException("an entry with unknown flags");
    }
    String surrogate = readText(in, (flags & SURROGATE_AS_UNITS) != 0);
    String original = readText(in, (flags & ORIGINAL_AS_UNITS) != 0);
    if (surrogate.isEmpty()) {
      throw new MalformedEntryException("an entry without a surrogate");
    }
    return new KeptSurrogate(
        type(new String(type, StandardCharsets.US_ASCII)),
        surrogate,
        new Plaintext(original),
        (flags & BOUNDED) != 0,
        (flags & SHOWN) != 0);
  }

  private static EntityType type(String name) throws MalformedEntryException {
    try {
      return EntityType.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw new MalformedEntryException("an entry of an unknown type");
    }
  }

  private static String readText(ByteBuffer in, boolean asUnits) throws MalformedEntryException {
    byte[] bytes = read(in, in.getInt());
    if (!asUnits) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    if (bytes.length % Character.BYTES != 0) {
      throw new MalformedEntryException("an entry with half a unit");
    }
    return ByteBuffer.wrap(bytes).asCharBuffer().toString();
  }

  private static byte[] read(ByteBuffer in, int length) throws MalformedEntryException {
    if (length < 0 || length > in.remaining()) {
      throw new MalformedEntryException("an entry that was cut");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
