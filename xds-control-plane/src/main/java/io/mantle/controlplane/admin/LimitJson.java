package io.mantle.controlplane.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mantle.controlplane.database.LimitKind;
import io.mantle.controlplane.database.Limits;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Limits in JSON: a kind that is not named is inherited, {@code null} is no limit. */
final class LimitJson {
  static final Set<String> FIELDS =
      Arrays.stream(LimitKind.values()).map(LimitKind::word).collect(Collectors.toSet());

  private LimitJson() {}

  static Limits read(JsonBody body) {
    Map<LimitKind, OptionalLong> said = new EnumMap<>(LimitKind.class);
    for (LimitKind kind : LimitKind.values()) {
      if (body.has(kind.word())) {
        said.put(kind, body.numberOrNull(kind.word(), 1, LimitKind.VALUE_MAX));
      }
    }
    return new Limits(said);
  }

  static ObjectNode write(Limits limits) {
    ObjectNode json = Answer.object();
    limits.said().forEach((kind, limit) -> put(json, kind.word(), limit));
    return json;
  }

  /** Every kind, with its limit and who says so. */
  static ObjectNode writeEffective(Limits tenant, Limits plan) {
    ObjectNode json = Answer.object();
    for (LimitKind kind : LimitKind.values()) {
      ObjectNode one = json.putObject(kind.word());
      put(one, "limit", tenant.over(plan).of(kind));
      one.put("from", tenant.says(kind) ? "tenant" : "plan");
    }
    return json;
  }

  private static void put(ObjectNode json, String field, OptionalLong limit) {
    json.put(field, limit.isPresent() ? limit.getAsLong() : null);
  }
}
