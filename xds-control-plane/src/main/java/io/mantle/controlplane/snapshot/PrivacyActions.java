package io.mantle.controlplane.snapshot;

import io.mantle.proto.policy.v1.PrivacyPolicy;
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

  static PrivacyPolicy over(Map<String, String> differences) throws InvalidTenantException {
    Map<String, Action> actions = new TreeMap<>();
    SUBSTITUTED.forEach(type -> actions.put(type, Action.SUBSTITUTE));
    ALLOWED.forEach(type -> actions.put(type, Action.ALLOW));
    for (Map.Entry<String, String> difference : differences.entrySet()) {
      String type = difference.getKey().toUpperCase(Locale.ROOT);
      if (!actions.containsKey(type)) {
        throw new InvalidTenantException("its privacy policy names an entity type there is not");
      }
      actions.put(type, action(difference.getValue()));
    }
    return PrivacyPolicy.newBuilder().putAllActions(actions).build();
  }

  private static Action action(String name) throws InvalidTenantException {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "ALLOW" -> Action.ALLOW;
      case "SUBSTITUTE" -> Action.SUBSTITUTE;
      case "BLOCK" -> Action.BLOCK;
      default ->
          throw new InvalidTenantException(
              "its privacy policy has an action that is none of allow, substitute and block");
    };
  }
}
