package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.PrivacyRow.AnswersRow;
import io.mantle.privacy.value.EntityType;
import io.mantle.privacy.value.Strategy;
import io.mantle.proto.policy.v1.AnswerPolicy;
import io.mantle.proto.policy.v1.AnswerPolicy.Produced;
import io.mantle.proto.policy.v1.AnswerPolicy.ToolArguments;
import io.mantle.proto.policy.v1.Spellings;
import io.mantle.proto.policy.v1.Spellings.Spelling;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What of an answer is restored: everything, but for what a tenant's row says otherwise. */
final class AnswerPolicies {
  /** Stands for all types, or for all tools that are not named. */
  private static final String ALL = "*";

  private static final int LINK_HOSTS_MAX = 1_000;
  private static final int TOOLS_MAX = 1_000;
  private static final int TOOL_CHARS_MAX = 200;

  /** Labels of RFC 1123, underscores too, in small letters; a name of other letters as Punycode. */
  private static final Pattern HOST =
      Pattern.compile("(?=.{1,253}$)(?:\\*\\.)?[a-z0-9_-]{1,63}(?:\\.[a-z0-9_-]{1,63})*");

  private AnswerPolicies() {}

  static AnswerPolicy of(AnswersRow row) throws InvalidPolicyException {
    AnswerPolicy.Builder policy = AnswerPolicy.newBuilder();
    checkTypes(row.restore().keySet());
    for (EntityType type : EntityType.values()) {
      Set<Strategy> off = EnumSet.noneOf(Strategy.class);
      // A type's own switches come second, and so count.
      for (String named : new String[] {ALL, type.name()}) {
        switchSome(named, row.restore().getOrDefault(named, Map.of()), off);
      }
      if (!off.isEmpty()) {
        Spellings.Builder spellings = Spellings.newBuilder();
        off.forEach(strategy -> spellings.addSpellings(Spelling.valueOf(strategy.name())));
        policy.putNotRestored(type.name(), spellings.build());
      }
    }
    addLinkHosts(row, policy);
    addTools(row, policy);
    return policy.setProduced(produced(row.responses())).build();
  }

  private static Produced produced(String name) throws InvalidPolicyException {
    return switch (name) {
      case "pass" -> Produced.PASS;
      case "mask" -> Produced.MASK;
      case "block" -> Produced.BLOCK;
      default -> throw new InvalidPolicyException("responses", "none of pass, mask and block");
    };
  }

  private static void checkTypes(Set<String> named) throws InvalidPolicyException {
    for (String type : named) {
      if (!type.equals(ALL) && !isType(type)) {
        throw new InvalidPolicyException("restore", "names an entity type there is not");
      }
    }
  }

  private static boolean isType(String name) {
    for (EntityType type : EntityType.values()) {
      if (type.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static void switchSome(String type, Map<String, Boolean> switches, Set<Strategy> off)
      throws InvalidPolicyException {
    for (Map.Entry<String, Boolean> named : switches.entrySet()) {
      Strategy strategy = strategy(type, named.getKey());
      if (named.getValue()) {
        off.remove(strategy);
      } else if (strategy == Strategy.EXACT) {
        throw new InvalidPolicyException(
            "restore." + type, "exact cannot be switched off: allow the type instead");
      } else {
        off.add(strategy);
      }
    }
  }

  private static Strategy strategy(String type, String name) throws InvalidPolicyException {
    try {
      return Strategy.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException("restore." + type, "names a strategy there is not");
    }
  }

  private static void addLinkHosts(AnswersRow row, AnswerPolicy.Builder policy)
      throws InvalidPolicyException {
    if (row.linkHosts().size() > LINK_HOSTS_MAX) {
      throw new InvalidPolicyException("link_hosts", "more than " + LINK_HOSTS_MAX);
    }
    for (String named : row.linkHosts()) {
      String host = named.toLowerCase(Locale.ROOT);
      if (!HOST.matcher(host).matches()) {
        throw new InvalidPolicyException(
            "link_hosts[" + policy.getLinkHostsCount() + "]",
            "not the name of a host, nor one behind *.");
      }
      policy.addLinkHosts(host);
    }
  }

  private static void addTools(AnswersRow row, AnswerPolicy.Builder policy)
      throws InvalidPolicyException {
    if (row.tools().size() > TOOLS_MAX) {
      throw new InvalidPolicyException("tools", "more than " + TOOLS_MAX);
    }
    for (Map.Entry<String, String> tool : row.tools().entrySet()) {
      if (tool.getKey().isEmpty() || tool.getKey().length() > TOOL_CHARS_MAX) {
        throw new InvalidPolicyException(
            "tools", "a name has 1 to " + TOOL_CHARS_MAX + " characters");
      }
      policy.putTools(
          tool.getKey(),
          switch (tool.getValue()) {
            case "restore" -> ToolArguments.RESTORE;
            case "leave" -> ToolArguments.LEAVE;
            default -> throw new InvalidPolicyException("tools", "neither restore nor leave");
          });
    }
  }
}
