package io.mantle.cli.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.mantle.cli.apply.Change.Kind;
import io.mantle.cli.apply.Change.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of a tenant's prices. Each is known by its kind, pattern and day. */
final class PriceChanges {
  private final Declaration.Tenant tenant;
  private final String path;
  private final List<Change> changes = new ArrayList<>();

  private PriceChanges(Declaration.Tenant tenant) {
    this.tenant = tenant;
    this.path = "/tenants/" + tenant.id() + "/prices";
  }

  /**
   * What comes and changes.
   *
   * @param stored as the API shows them
   */
  static List<Change> puts(
      Declaration.Tenant tenant, List<Declaration.Price> declared, List<JsonNode> stored) {
    PriceChanges all = new PriceChanges(tenant);
    declared.forEach(price -> all.put(price, stored));
    return all.changes;
  }

  /** What the file does not name. */
  static List<Change> removals(
      Declaration.Tenant tenant, List<Declaration.Price> declared, List<JsonNode> stored) {
    PriceChanges all = new PriceChanges(tenant);
    List<String> kept = declared.stream().map(Declaration.Price::name).toList();
    stored.stream()
        .filter(price -> !kept.contains(DeclarationReader.nameOfPrice(price)))
        .forEach(all::remove);
    return all.changes;
  }

  private void put(Declaration.Price price, List<JsonNode> stored) {
    Optional<JsonNode> found =
        stored.stream()
            .filter(one -> DeclarationReader.nameOfPrice(one).equals(price.name()))
            .findFirst();
    if (found.isEmpty()) {
      String details =
          "$%s in, $%s out"
              .formatted(
                  price.body().path("input_usd_per_million").asText(),
                  price.body().path("output_usd_per_million").asText());
      Step create = new Step.Create(path, price.body());
      add(Kind.ADD, price.pointer(), price.name(), List.of(details), create);
      return;
    }
    List<String> details = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : price.body().properties()) {
      JsonNode before = found.get().path(field.getKey());
      if (!before.equals(field.getValue())) {
        details.add(
            "%s %s -> %s".formatted(field.getKey(), before.asText(), field.getValue().asText()));
      }
    }
    if (!details.isEmpty()) {
      Step replace = new Step.Replace(pathOf(found.get()), found.get(), price.body());
      add(Kind.CHANGE, price.pointer(), price.name(), details, replace);
    }
  }

  private void remove(JsonNode stored) {
    add(
        Kind.REMOVE,
        tenant.pointer() + "/prices",
        DeclarationReader.nameOfPrice(stored),
        List.of(),
        new Step.Delete(pathOf(stored), Optional.of(stored)));
  }

  private String pathOf(JsonNode stored) {
    return path + "/" + stored.path("id").asText();
  }

  private void add(Kind kind, String pointer, String name, List<String> details, Step step) {
    changes.add(new Change(kind, tenant.id(), pointer, "price " + name, details, step));
  }
}
