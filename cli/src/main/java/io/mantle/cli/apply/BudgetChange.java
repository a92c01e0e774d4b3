package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.cli.apply.Change.Kind;
import io.mantle.cli.apply.Change.Step;
import io.mantle.controlplane.database.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What becomes of a tenant's budget. */
final class BudgetChange {
  private static final String WHAT = "budget";

  private BudgetChange() {}

  /**
   * Empty where it is as the file has it.
   *
   * @param declared what the file says; null for none
   * @param stored as the API shows it
   */
  static Optional<Change> of(
      Declaration.Tenant tenant, JsonNode declared, Optional<JsonNode> stored) {
    String path = "/tenants/" + tenant.id() + "/budget";
    String pointer = tenant.pointer() + "/budget";
    if (declared.isNull()) {
      return stored.map(
          budget ->
              new Change(
                  Kind.REMOVE,
                  tenant.id(),
                  pointer,
                  WHAT,
                  List.of(),
                  new Step.Delete(path, stored)));
    }
    ObjectNode wanted = inFull(declared);
    if (stored.isEmpty()) {
      return Optional.of(
          new Change(
              Kind.ADD,
              tenant.id(),
              pointer,
              WHAT,
              List.of(wanted.path("limit_cents").asText() + " cents"),
              new Step.Store(path, wanted)));
    }
    List<String> details = new ArrayList<>();
    wanted
        .properties()
        .forEach(
            field -> {
              JsonNode before = stored.get().path(field.getKey());
              if (!before.toString().equals(field.getValue().toString())) {
                details.add(field.getKey() + " " + before + " -> " + field.getValue());
              }
            });
    return details.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Change(
                Kind.CHANGE,
                tenant.id(),
                pointer,
                WHAT,
                details,
                new Step.Replace(path, stored.get(), wanted)));
  }

  /** With what holds where the file says nothing, in the API's order. */
  private static ObjectNode inFull(JsonNode declared) {
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    wanted.set("limit_cents", declared.path("limit_cents"));
    TreeSet<Integer> percents = new TreeSet<>();
    if (declared.has("warn_percents")) {
      declared.path("warn_percents").forEach(percent -> percents.add(percent.asInt()));
    } else {
      percents.addAll(Budget.WARN_PERCENTS_DEFAULT);
    }
    ArrayNode array = wanted.putArray("warn_percents");
    percents.forEach(array::add);
    return wanted.put("action", declared.path("action").asText("warn"));
  }
}
