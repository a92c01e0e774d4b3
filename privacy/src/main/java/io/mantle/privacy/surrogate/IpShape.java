package io.mantle.privacy.surrogate;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * IP addresses, in the nets that are kept for documentation (RFC 5737, RFC 3849), then in the one
 * kept for benchmarks (RFC 2544). Ports, prefix lengths and zones stay.
 */
final class IpShape implements Shape {
  private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final Pattern V6 =
      Pattern.compile("(?:[0-9a-fA-F]{0,4}:){2,7}(?:[0-9a-fA-F]{1,4})?");

  private static final List<String> DOCUMENTATION_NETS =
      List.of("192.0.2.", "198.51.100.", "203.0.113.");

  private static final int PROBES_OF_DOCUMENTATION_NETS = 12;

  private static final int GROUPS = 8;

  @Override
  public String identity(String spelling) {
    return Casing.foldWords(spelling);
  }

  @Override
  public String surrogate(String spelling, Draws draws) {
    Matcher v6 = V6.matcher(spelling);
    Matcher v4 = V4.matcher(spelling);
    if (v6.find()) {
      int end = v6.end();
      String address = v6.group();
      // The last group of "::ffff:192.0.2.1" is the start of an IPv4 address.
      if (v4.find(v6.start()) && v4.start() < end) {
        address = address.substring(0, v4.start() - v6.start()) + "0";
        end = v4.end();
      }
      return spelling.substring(0, v6.start())
          + Casing.like(v6.group(), v6(address, draws))
          + spelling.substring(end);
    }
    if (v4.find()) {
      return spelling.substring(0, v4.start())
          + v4(v4.group(), draws)
          + spelling.substring(v4.end());
    }
    return CharacterClasses.replacedWithMarks(
        spelling, draws.about("IP", Casing.foldWords(spelling)));
  }

  /** Three digits a part: no such address is the start of another. */
  static String v4(String address, Draws draws) {
    KeyedStream stream = draws.about("IP/4", address);
    return draws.probe() < PROBES_OF_DOCUMENTATION_NETS
        ? stream.pick(DOCUMENTATION_NETS) + stream.between(100, 254)
        : "198."
            + stream.between(18, 19)
            + "."
            + stream.between(100, 254)
            + "."
            + stream.between(100, 254);
  }

  private static String v6(String address, Draws draws) {
    KeyedStream stream = draws.about("IP/6", Casing.fold(address));
    int gap = address.indexOf("::");
    StringBuilder out = new StringBuilder("2001:db8");
    int before = groups(gap < 0 ? address : address.substring(0, gap));
    for (int i = 2; i < before; i++) {
      out.append(':').append(group(stream));
    }
    if (gap >= 0) {
      int after = Math.max(1, groups(address.substring(gap + 2)));
      after = Math.min(after, GROUPS - 1 - Math.max(2, before));
      out.append(after > 0 ? ":" : "::");
      for (int i = 0; i < after; i++) {
        out.append(':').append(group(stream));
      }
    }
    return out.toString();
  }

  /** Four digits, the first not zero: no such address is the start of another. */
  private static String group(KeyedStream stream) {
    return stream.pick("123456789abcdef")
        + Integer.toHexString(0x1000 + stream.below(0x1000)).substring(1);
  }

  private static int groups(String part) {
    return part.isEmpty() ? 0 : part.split(":", -1).length;
  }
}
