package io.mantle.privacy.surrogate;

import io.mantle.privacy.surrogate.WordLists.Language;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Host names under the domains that RFC 2606 keeps for examples. One host has one surrogate in a
 * conversation, whether it stands in a link or in an address.
 */
final class Hosts {
  private static final List<String> RESERVED = List.of("example.com", "example.org", "example.net");
  private static final Pattern DOTTED_QUAD = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
  private static final int REDRAWS_MAX = 16;

  private final WordLists lists;

  Hosts(WordLists lists) {
    this.lists = lists;
  }

  String surrogate(String host, Draws draws) {
    if (DOTTED_QUAD.matcher(host).matches()) {
      return IpShape.v4(host, draws);
    }
    String folded = Casing.fold(host);
    boolean www = folded.startsWith("www.");
    String name = www ? folded.substring(4) : folded;
    KeyedStream stream = draws.about("host", name);
    String drawn = draw(stream);
    for (int i = 0; i < REDRAWS_MAX && name.contains(drawn.substring(0, drawn.indexOf('.'))); i++) {
      drawn = draw(stream);
    }
    return Casing.like(host, (www ? "www." : "") + drawn);
  }

  private String draw(KeyedStream stream) {
    String label = Casing.fold(stream.pick(lists.lastNames(Language.ENGLISH, "")));
    return label + "." + stream.pick(RESERVED);
  }
}
