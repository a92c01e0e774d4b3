package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.proto.policy.v1.PrivacyPolicy.Action;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happens to text of each entity type. By default what identifies a person or opens a door is
 * substituted and the rest passes; a tenant's row says what differs from that, so that leaving a
 * type out never weakens it.
 */
final class PrivacyActions {
  private static final Set<String> SUBSTITUTED =
      Set.of(
          "PERSON",
          "ADDRESS",
          "DATE_OF_BIRTH",
          "EMAIL",
          "PHONE",
          "USERNAME",
          "SSN",
          "PASSPORT",
          "DRIVER_LICENSE",
          "NATIONAL_ID",
          "MEDICAL_ID",
          "BANK_ACCOUNT",
          "CREDIT_CARD",
          "IBAN",
          "CRYPTO",
          "PASSWORD_OR_SECRET",
          "IP",
          "MAC");
  private static final Set<String> ALLOWED = Set.of("LOCATION", "ORG", "DATE", "URL");

  private PrivacyActions() {}

  /**
   * The actions of all types.
   *
   * @throws InvalidPolicyException if a difference names a type or an action that there is not
   */
  static Map<String, Action> over(Map<String, String> differences) throws InvalidPolicyException {
    Map<String, Action> actions = new TreeMap<>();
    SUBSTITUTED.forEach(type -> actions.put(type, Action.SUBSTITUTE));
    ALLOWED.forEach(type -> actions.put(type, Action.ALLOW));
    for (Map.Entry<String, String> difference : differences.entrySet()) {
      String type = difference.getKey().toUpperCase(Locale.ROOT);
      if (!actions.containsKey(type)) {
        throw new InvalidPolicyException("actions", "names an entity type there is not");
      }
      actions.put(type, action(type, difference.getValue()));
    }
    return actions;
  }

  private static Action action(String type, String name) throws InvalidPolicyException {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "ALLOW" -> Action.ALLOW;
      case "SUBSTITUTE" -> Action.SUBSTITUTE;
      case "PLACEHOLDER" -> Action.PLACEHOLDER;
      case "BLOCK" -> Action.BLOCK;
      default ->
          throw new InvalidPolicyException(
              "actions." + type, "none of allow, substitute, placeholder and block");
    };
  }
}
