package io.mantle.extproc.dialect;

import java.util.Set;
import java.util.regex.Pattern;

/** Ids that a provider minted and a client sends back: random letters and digits, both. */
public final class ProviderIds {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?:call|chatcmpl|cmpl|msg|fc|fco|ctc|ctco|file|req|toolu|srvtoolu|mcptoolu|resp|rs|ws|fs|ci|ig|mcp|mcpr|mcpl"
              + "|conv|cntr|container|vs|cm)[-_]"
              + "(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{16,64}");

  /** Members that hold ids without saying so in their name. */
  private static final Set<String> MEMBERS = Set.of("id", "conversation", "container");

  /** What may stand in a path: the same without a demand for digits, since it leaves as it came. */
  private static final Pattern RESPONSE = Pattern.compile("resp[-_][A-Za-z0-9]{8,128}");

  private ProviderIds() {}

  /**
   * Whether {@code member} holds an id, and {@code text} has the shape of one that a provider
   * minted.
   */
  public static boolean isOne(String member, String text) {
    return (member.endsWith("_id") || MEMBERS.contains(member)) && SHAPE.matcher(text).matches();
  }

  /** Whether {@code text} has the shape of a stored response's id. */
  public static boolean isResponse(String text) {
    return RESPONSE.matcher(text).matches();
  }
}
