package io.mantle.gateway;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Looks for many values at once in bytes of any kind: each as it is, in UTF-16, in hexadecimal, in
 * JSON's escapes, percent-encoded, in base64 at any offset, without its spaces and signs; the case
 * of letters does not count.
 */
final class CanarySearch {
  /** What is shorter stands in anything by chance. */
  private static final int NEEDLE_BYTES_MIN = 8;

  private static final int COMPACT_CHARS_MIN = 12;
  private static final int FILTER_BITS = 20;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Needle(byte[] bytes, String value) {}

  private final Map<Long, List<Needle>> byBeginning = new HashMap<>();
  private final long[] filter = new long[1 << (FILTER_BITS - 6)];

  CanarySearch(Collection<String> values) {
    for (String value : values) {
      for (byte[] form : forms(value)) {
        if (form.length >= NEEDLE_BYTES_MIN) {
          add(new Needle(form, value));
        }
      }
    }
  }

  private void add(Needle needle) {
    for (int i = 0; i < needle.bytes.length; i++) {
      needle.bytes[i] = lower(needle.bytes[i]);
    }
    long beginning = 0;
    for (int i = 0; i < NEEDLE_BYTES_MIN; i++) {
      beginning = pushed(beginning, needle.bytes[i]);
    }
    byBeginning.computeIfAbsent(beginning, _ -> new ArrayList<>()).add(needle);
    filter[slot(beginning) >>> 6] |= 1L << slot(beginning);
  }

  /** The values that are in there. */
  Set<String> in(byte[] haystack) {
    Set<String> found = new LinkedHashSet<>();
    long window = 0;
    for (int i = 0; i < haystack.length; i++) {
      window = pushed(window, lower(haystack[i]));
      int slot = slot(window);
      if ((filter[slot >>> 6] & 1L << slot) != 0) {
        int start = i + 1 - NEEDLE_BYTES_MIN;
        for (Needle needle : byBeginning.getOrDefault(window, List.of())) {
          if (start >= 0 && isAt(needle.bytes, haystack, start)) {
            found.add(needle.value);
          }
        }
      }
    }
    return found;
  }

  private static boolean isAt(byte[] needle, byte[] haystack, int start) {
    if (haystack.length - start < needle.length) {
      return false;
    }
    for (int i = NEEDLE_BYTES_MIN; i < needle.length; i++) {
      if (lower(haystack[start + i]) != needle[i]) {
        return false;
      }
    }
    return true;
  }

  /** The last eight bytes, once this one has come. */
  private static long pushed(long window, byte b) {
    return (window << 8) | (b & 0xff);
  }

  private static int slot(long window) {
    return (int) ((window * 0x9E3779B97F4A7C15L) >>> (64 - FILTER_BITS));
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  private static List<byte[]> forms(String value) {
    List<byte[]> forms = new ArrayList<>();
    byte[] plain = value.getBytes(StandardCharsets.UTF_8);
    forms.add(plain);
    forms.add(value.getBytes(StandardCharsets.UTF_16LE));
    forms.add(bytes(HexFormat.of().formatHex(plain)));
    StringBuilder escaped = new StringBuilder();
    StringBuilder percent = new StringBuilder();
    value.chars().forEach(c -> escaped.append("\\u%04x".formatted(c)));
    value.chars().forEach(c -> percent.append("%%%02X".formatted(c)));
    forms.add(bytes(escaped.toString()));
    forms.add(bytes(percent.toString()));
    String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
    if (!encoded.equals(value)) {
      forms.add(bytes(encoded));
      forms.add(bytes(encoded.replace("+", "%20")));
    }
    String compact = value.replaceAll("[^\\p{L}\\p{N}+]", "");
    if (!compact.equals(value) && compact.length() >= COMPACT_CHARS_MIN) {
      forms.add(bytes(compact));
    }
    for (String before : List.of("", "x", "xx")) {
      byte[] moved = (before + value).getBytes(StandardCharsets.UTF_8);
      String code = Base64.getEncoder().encodeToString(moved);
      if (code.length() > 8) {
        String inner = code.substring(4, code.length() - 4); // the ends depend on the neighbours
        forms.add(bytes(inner));
        forms.add(bytes(inner.replace('+', '-').replace('/', '_')));
      }
    }
    return forms;
  }

  private static byte[] bytes(String text) {
    return text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
  }
}
