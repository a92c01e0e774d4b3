package io.mantle.controlplane.snapshot;

import io.mantle.controlplane.database.InvalidPolicyException;
import io.mantle.controlplane.database.Preset;
import io.mantle.proto.policy.v1.PrivacyPolicy.Action;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happens to text of each entity type. A preset says what is substituted, and the rest passes;
 * a tenant's row says what differs from that, so that leaving a type out never weakens it.
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
  private static final Set<String> OTHERS = Set.of("LOCATION", "ORG", "DATE", "URL");

  /**
   * Places below a state, all dates that concern a person and URLs are among the Safe Harbor
   * identifiers; the names of organisations are not.
   */
  private static final Set<String> ALSO_UNDER_HIPAA = Set.of("LOCATION", "DATE", "URL");

  /**
   * Security codes and PINs are found as secrets. A cardholder's name is not: without the number it
   * needs no protection under PCI DSS (requirement 3).
   */
  private static final Set<String> UNDER_PCI = Set.of("CREDIT_CARD", "PASSWORD_OR_SECRET");

  private PrivacyActions() {}

  /**
   * The actions of all types.
   *
   * @throws InvalidPolicyException if a difference names a type or an action that there is not
   */
  static Map<String, Action> over(Preset preset, Map<String, String> differences)
      throws InvalidPolicyException {
    Map<String, Action> actions = new TreeMap<>();
    for (Set<String> types : List.of(SUBSTITUTED, OTHERS)) {
      types.forEach(
          type -> actions.put(type, substitutes(preset, type) ? Action.SUBSTITUTE : Action.ALLOW));
    }
    for (Map.Entry<String, String> difference : differences.entrySet()) {
      String type = difference.getKey().toUpperCase(Locale.ROOT);
      if (!actions.containsKey(type)) {
        throw new InvalidPolicyException("actions", "names an entity type there is not");
      }
      actions.put(type, action(type, difference.getValue()));
    }
    return actions;
  }

  private static boolean substitutes(Preset preset, String type) {
    return switch (preset) {
      case DEFAULT -> SUBSTITUTED.contains(type);
      case STRICT -> true;
      case HIPAA -> SUBSTITUTED.contains(type) || ALSO_UNDER_HIPAA.contains(type);
      case PCI -> UNDER_PCI.contains(type);
    };
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
